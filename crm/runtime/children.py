"""Tern's own three processes, and what happens when one of them ends by itself."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import BinaryIO

from crm.runtime import commands
from crm.runtime.errors import CannotStart
from crm.runtime.places import PROJECT, DataDirectory
from crm.runtime.processes import spawn, stop

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
MOST_EARLY_FAILURES = 3


class Child:
    """One supervised process. `log` None: it writes to this terminal."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str], log: Path | None) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process: subprocess.Popen[bytes] | None = None
        self.failures, self.began, self.start_at, self.steady = 0, 0.0, 0.0, False

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def start(self) -> None:
        self.began = time.monotonic()
        output: BinaryIO | None = self.log.open("ab") if self.log else None
        try:
            self.process = spawn(self.command, death_signal=signal.SIGKILL, env=self.environment, cwd=PROJECT, output=output)
        finally:
            if output:
                output.close()

    def revive(self, say: Callable[[str], None]) -> bool:
        """Start it again when it has ended, after a pause that doubles. Whether it was started now.

        Raises CannotStart when it ended three times before it ever ran for a minute.
        """
        if self.process is None or self.process.poll() is None:
            self.steady = self.steady or time.monotonic() - self.began > STEADY_AFTER
            return False
        if not self.start_at:
            self._plan(say)
        if time.monotonic() < self.start_at:
            return False
        self.start_at = 0.0
        self.start()
        return True

    def _plan(self, say: Callable[[str], None]) -> None:
        assert self.process is not None
        lived = time.monotonic() - self.began
        self.failures = 1 if lived > STEADY_AFTER else self.failures + 1
        self._end_family()
        ending = f"The {self.name} process ended by itself (exit code {self.process.returncode})"
        if not self.steady and self.failures >= MOST_EARLY_FAILURES:
            raise CannotStart(f"{ending} {self.failures} times and does not come up.{self._last_words()}")
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        self.start_at = time.monotonic() + pause
        say(f"{ending}; it starts again in {pause:.0f} seconds.{self._last_words()}")

    def _last_words(self) -> str:
        if self.log is None:
            return ""
        lines = self.log.read_bytes()[-4000:].decode(errors="replace").strip().splitlines()
        return f" Its last words were: {lines[-1].strip()} ({self.log})" if lines else f" Its log is {self.log}."

    def answers(self, host: str, port: int) -> bool:
        """Whether the web process serves pages: any answer of Tern's own counts."""
        connection = HTTPConnection("127.0.0.1" if host in {"0.0.0.0", ""} else "::1" if host == "::" else host, port, timeout=10)  # noqa: S104
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return True

    def _end_family(self) -> None:
        """Workers that lost their master hold its port."""
        assert self.process is not None
        stop(self.process, signal.SIGKILL, within=0, group=True)


def processes(host: str, port: int, data: DataDirectory | None, environment: dict[str, str]) -> list[Child]:
    """Web, worker and scheduler, in the order in which they stop. Without a data directory they write to this terminal."""
    command_lines = {
        "web": commands.web(host, port, environment),
        "worker": commands.worker(environment),
        "scheduler": commands.scheduler(environment, data.path / "schedule" if data else None),
    }
    return [Child(name, command, environment, _log(data, name)) for name, command in command_lines.items()]


def _log(data: DataDirectory | None, name: str) -> Path | None:
    if data is None:
        return None
    return data.logs / f"{name}.log"
