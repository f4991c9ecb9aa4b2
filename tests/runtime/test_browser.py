"""Browser tests are skipped with a reason where there is no Chromium, and fail where one is required."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.conftest import REPOSITORY

MARKED = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    {}

def test_elsewhere():
    pytest.skip("for another reason")
"""


def run(folder: Path, body: str, *, required: bool, installed: bool) -> tuple[int, str]:
    """pytest's exit code and words, on a machine with or without Chromium."""
    (folder / "test_marked.py").write_text(MARKED.format(body))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    if installed:
        (folder / "chromium").write_text("#!/bin/sh\n")
        (folder / "chromium").chmod(0o755)
    environment = {"PATH": str(folder), "PYTHONPATH": str(REPOSITORY), "TERN_REQUIRE_BROWSER": "1" if required else ""}
    command = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "crm.runtime.browser", "-p", "no:cacheprovider", "-rs", str(folder)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_they_run_where_chromium_is(tmp_path: Path) -> None:
    code, said = run(tmp_path, "assert True", required=True, installed=True)
    assert code == 0 and "1 passed, 1 skipped" in said


def test_they_are_skipped_with_a_reason_where_it_is_not(tmp_path: Path) -> None:
    code, said = run(tmp_path, "raise AssertionError", required=False, installed=False)
    assert code == 0 and "2 skipped" in said and "no Chromium on this machine" in said


@pytest.mark.parametrize(("body", "installed"), [("pass", False), ("pytest.skip('it would not start')", True)])
def test_where_a_browser_is_required_a_skipped_test_fails(tmp_path: Path, body: str, installed: bool) -> None:
    code, said = run(tmp_path, body, required=True, installed=installed)
    assert code == 1 and "1 skipped" in said, "only the other test may be skipped"
    assert "skipped where browsers are required" in said
