"""What `up` does before the first page, and how long stopping takes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm.runtime import preparation
from crm.runtime.places import DataDirectory
from crm.runtime.preparation import Preparation
from crm.runtime.processes import stop_together

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    made = DataDirectory(tmp_path)
    made.logs.mkdir()
    return made


def test_pages_are_collected_beside_the_data_where_the_project_cannot_be_written(
    data: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    environment: dict[str, str] = {}
    assert Preparation(data, environment).pages == data.path / "staticfiles"
    assert environment["STATIC_ROOT"] == str(data.path / "staticfiles")


def test_pages_are_collected_in_the_project_or_where_the_operator_says(data: DataDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "PROJECT", data.path / "project")
    monkeypatch.setattr(os, "access", lambda *_: True)
    assert Preparation(data, {}).pages == data.path / "project" / "staticfiles"
    assert Preparation(data, {"STATIC_ROOT": "/srv/pages"}).pages == Path("/srv/pages")


def test_a_failed_command_is_one_sentence_and_a_log(data: DataDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    said = "Traceback (most recent call last):\n  File …\ndjango.db.utils.ProgrammingError: no such column\nLINE 1: …"
    told = Preparation(data, {}).failure("migrate", said)
    log = data.logs / "migrate.log"
    assert told == f"`manage.py migrate` failed: django.db.utils.ProgrammingError: no such column. All it said is in {log}."
    assert "Traceback" in log.read_text()
    assert capsys.readouterr() == ("", "")


def test_processes_that_do_not_listen_are_ended_together() -> None:
    stubborn = [
        subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True, text=True) for _ in range(3)
    ]
    for process in stubborn:
        assert process.stdout and process.stdout.readline() == "up\n"
    began = time.monotonic()
    stop_together([(process, 15) for process in stubborn], within=1.0, group=True)
    assert time.monotonic() - began < 2
    assert [process.returncode for process in stubborn] == [-9, -9, -9]
