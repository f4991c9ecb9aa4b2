"""A stub project around the real crm.runtime, so that whole starts and stops take seconds."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FROM_OUTSIDE = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TERN_DATA_DIR", "TERN_BASE_URL", "TERN_TEST_SERVERS"}
STAYS_OUT = FROM_OUTSIDE | {"DJANGO_SETTINGS_MODULE", "STATIC_STORAGE", "PYTEST_CURRENT_TEST"}


class Running:
    """An `up` and all it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.pid, self.said = process, process.pid, ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    def stop(self, how: int = signal.SIGTERM) -> str:
        """All it said, once it has ended within ten seconds of the signal."""
        os.killpg(self.pid, how)
        self.process.wait(10)
        self._reader.join(5)
        return self.said


class Project:
    """A checkout in a folder of its own, and what has been started in it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.data = folder, port, folder / ".tern"
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **extra: str) -> dict[str, str]:
        return {**{name: value for name, value in os.environ.items() if name not in STAYS_OUT}, "WEB_WORKERS": "1", **extra}

    def manage(self, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """One command, run to its end."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment(**extra), capture_output=True, text=True, timeout=120, check=False
        )

    def up(self, *words: str, **extra: str) -> "Running":
        """`up` in a session of its own, welcoming people when this returns."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port), *words],
            cwd=self.folder,
            env=self.environment(**extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        started = Running(process)
        self.until(lambda: "Ctrl-C stops everything." in started.said or process.poll() is not None)
        assert process.poll() is None, started.said
        return started

    def healthz(self) -> tuple[int, dict[str, str]]:
        """Status and body; 0 where nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, ValueError):
            return 0, {}
        finally:
            connection.close()

    def family(self) -> dict[int, str]:
        """Process id → command line of all that work in this project's folders, or were told of them."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                place = str((process / "cwd").readlink())
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            except OSError:
                continue
            if command and (place.startswith(str(self.folder)) or str(self.folder) in command):
                found[int(process.name)] = command
        return found

    def pid_of(self, words: str) -> int:
        """The oldest process with these words in its command line."""
        return min(pid for pid, command in self.family().items() if words in command)

    def until(self, true: Callable[[], Any], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "It did not come to that in time."
            time.sleep(0.1)

    def clean_up(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
        self.until(lambda: not self.family(), 20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_project(folder: Path) -> Project:
    """Real bootstrap and runtime, a stub for everything else, and the libraries of the environment that runs the tests."""
    shutil.copytree(REPOSITORY / "tests" / "runtime" / "stub_project", folder, dirs_exist_ok=True)
    shutil.copytree(REPOSITORY / "crm" / "runtime", folder / "crm" / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(REPOSITORY / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return Project(folder, free_port())


def folder_others_can_enter() -> Path:
    """Root's servers run as somebody else, who may not enter pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="tern-runtime-"))
    folder.chmod(0o755)
    return folder


@contextmanager
def temporary_project() -> Iterator[Project]:
    above = folder_others_can_enter()
    made = make_project(above / "a project")
    try:
        yield made
    finally:
        made.clean_up()
        shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def project() -> Iterator[Project]:
    """Below a path with spaces, nothing started yet."""
    with temporary_project() as made:
        yield made


@pytest.fixture(scope="module")
def made_project() -> Iterator[Project]:
    """One for all tests of a module: its database is there, and nothing runs."""
    with temporary_project() as made:
        assert made.manage("migrate").returncode == 0
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[Project]:
    """A project whose servers, web, worker and scheduler run."""
    with temporary_project() as made:
        made.up()
        made.until(lambda: made.healthz()[0] == 200)
        yield made
