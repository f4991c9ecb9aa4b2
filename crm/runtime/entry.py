"""What `manage.py` does inside the environment: `up` and `test` here, everything else in Django, with its servers where it needs them."""

import os
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from crm.runtime.errors import CannotStart
from crm.runtime.places import data_directory
from crm.runtime.servers import Lease, own_servers

NEED_NO_DATABASE = {
    "help", "version", "check", "makemigrations", "collectstatic", "findstatic", "makemessages", "compilemessages",
    "startapp", "startproject", "diffsettings", "squashmigrations", "optimizemigration",
}  # fmt: skip
OWN_COMMANDS = {"up": "crm.runtime.up", "test": "crm.runtime.testing", "relock": "crm.runtime.relock"}
OWN_COMMANDS.update(dict.fromkeys(("web", "worker", "scheduler"), "crm.runtime.commands"))
NOWHERE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "only for commands that touch no data",
}


def main(argv: list[str]) -> int:
    """Run one command line. Returns its exit code; faults of the surroundings are said in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    try:
        words = take_data_directory(argv[1:])
        command = next((word for word in words if not word.startswith("-")), "help")
        if command in OWN_COMMANDS:
            return _own_command(command)(words)
        return _django(command, [argv[0], *words])
    except CannotStart as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _own_command(command: str) -> Callable[[list[str]], int]:
    """Imported when it is wanted: `up` must not wait for what only the tests need."""
    found: Callable[[list[str]], int] = import_module(OWN_COMMANDS[command]).main
    return found


def take_data_directory(words: list[str]) -> list[str]:
    """The command line without --data-dir, which goes into TERN_DATA_DIR."""
    left, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        name, _, value = word.partition("=")
        if name != "--data-dir":
            left.append(word)
            continue
        value = value or (rest.pop(0) if rest else "")
        if not value:
            raise CannotStart("--data-dir needs a folder.")
        os.environ["TERN_DATA_DIR"] = str(Path(value).expanduser().absolute())
    return left


def _django(command: str, argv: list[str]) -> int:
    if command == "migrate" and not any(word.split("=")[0] == "--database" for word in argv):
        argv = [*argv, "--database=owner"]
    if command in NEED_NO_DATABASE or {"-h", "--help"} & set(argv):
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        for name, value in NOWHERE.items():
            os.environ[name] = os.environ.get(name) or value
        return _execute(argv)
    if own_servers():
        return _execute(argv)
    lease = Lease(data_directory(), announce=_announce)
    try:
        os.environ.update(lease.environment())
        return _execute(argv)
    finally:
        lease.close()


def _execute(argv: list[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - `up` never waits for it

    try:
        execute_from_command_line(argv)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    return 0


def _announce(line: str) -> None:
    if sys.stderr.isatty():
        print(line, file=sys.stderr)
