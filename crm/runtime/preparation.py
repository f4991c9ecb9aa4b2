"""What stands between running servers and the first page: tables, collected static files, on the very first start the demo."""

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from crm.runtime.bootstrap import LIBRARIES
from crm.runtime.errors import CannotStart
from crm.runtime.files import read_json, write_json
from crm.runtime.places import PROJECT, DataDirectory
from crm.runtime.processes import spawn
from crm.runtime.questions import knows_command

# django_htmx brings five htmx of its own; ours is in static/vendor.
COLLECT = ["collectstatic", "--no-input", "--ignore=django_htmx"]
MANAGE = [sys.executable, str(PROJECT / "manage.py")]


class Preparation:
    """Skips what the last start did and nothing has touched since. With servers of one's own (`data` None) it skips nothing."""

    def __init__(self, data: DataDirectory | None, environment: dict[str, str]) -> None:
        self.data, self.environment = data, environment
        self.state = read_json(data.state) if data else {}
        self.pages = Path(environment.get("STATIC_ROOT", "").strip() or _place_for_pages(data))
        environment["STATIC_ROOT"] = str(self.pages)

    def run(self, step: Callable[[str], None]) -> None:
        """Raises CannotStart with the reason of the command that failed."""
        migrations, pages = self._migrations(), _static_files()
        work = []
        if self.state.get("migrations") != migrations:
            work.append(["migrate", "--no-input", "--skip-checks"])
        if self.state.get("static") != pages or not (self.pages / "staticfiles.json").exists():
            work.append(COLLECT)
        if work:
            step("Preparing tables and pages")
            self._together(work)
        self._remember(migrations=self._migrations(), static=pages)

    def begin_demo(self, *, wanted: bool) -> subprocess.Popen[bytes] | None:
        """The running command that makes the demo organization, on the very first start of embedded servers."""
        if self.data is None or self.state.get("begun"):
            return None
        if not wanted or not knows_command("demo"):
            self.first_start_is_over()
            return None
        return self._begin(["demo", "--skip-checks"])

    def first_start_is_over(self) -> None:
        self._remember(begun=True)

    def _remember(self, **facts: object) -> None:
        self.state.update(facts)
        if self.data:
            write_json(self.data.state, self.state)

    def _migrations(self) -> str:
        """Changes when a migration or a library does, and when the database's own list of applied ones does."""
        files = sorted([*PROJECT.glob("*/migrations/*.py"), *PROJECT.glob("crm/*/migrations/*.py"), PROJECT / LIBRARIES])
        return _hash([*(path.read_bytes() for path in files), self._applied().encode()])

    def _applied(self) -> str:
        if self.data is None:
            return ""
        try:
            with psycopg.connect(self.environment["MIGRATION_DATABASE_URL"], connect_timeout=5) as connection:
                return str(connection.execute("SELECT count(*), max(id) FROM django_migrations").fetchone())
        except psycopg.Error:
            return ""

    def _begin(self, command: list[str]) -> subprocess.Popen[bytes]:
        return spawn([*MANAGE, *command], death_signal=signal.SIGKILL, env=self.environment, cwd=PROJECT, output=subprocess.PIPE)

    def failure(self, command: str, said: str) -> str:
        """A sentence with the reason. All that the command said goes into a log, or without a data directory to this terminal."""
        telling = [line for line in said.splitlines() if re.match(r"[\w.]*(Error|Exception|Warning)\w*: ", line)]
        reason = (telling or said.splitlines() or ["it gave no reason"])[-1].rstrip(".")
        if self.data is None:
            print(said[-3000:], file=sys.stderr)
            return f"`manage.py {command}` failed: {reason}."
        log = self.data.logs / f"{command}.log"
        log.write_text(said + "\n")
        return f"`manage.py {command}` failed: {reason}. All it said is in {log}."

    def _together(self, commands: list[list[str]]) -> None:
        running = [(command, self._begin(command)) for command in commands]
        try:
            for command, process in running:
                said = process.communicate()[0].decode(errors="replace").strip()
                if process.returncode:
                    raise CannotStart(self.failure(command[0], said))
        finally:
            for _, process in running:
                process.kill()
                process.wait()


def _place_for_pages(data: DataDirectory | None) -> Path:
    """In the project; in the data directory where the project cannot be written."""
    inside = PROJECT / "staticfiles"
    return inside if data is None or os.access(inside if inside.exists() else PROJECT, os.W_OK) else data.path / "staticfiles"


def _static_files() -> str:
    """Changes when a file that pages load does."""
    return _hash(f"{path}{status.st_size}{status.st_mtime_ns}".encode() for path, status in _with_status((PROJECT / "static").rglob("*")))


def _with_status(paths: Iterable[Path]) -> list[tuple[Path, os.stat_result]]:
    return [(path, path.stat()) for path in sorted(paths) if path.is_file()]


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
