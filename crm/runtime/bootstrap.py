"""Makes .venv from the pinned libraries, on any Python that can parse this file, then goes on inside it. Standard library only."""

import errno
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

from crm.runtime.errors import CannotStart
from crm.runtime.package_index import package_index
from crm.runtime.uv import find_uv

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = PROJECT / ".tools"
COMPLETE = VENV / "tern-libraries.json"
UNFINISHED = TOOLS / "unfinished"
LIBRARIES, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


def inside_environment(argv: list[str]) -> None:
    """Return when this process runs in an up-to-date .venv; become a process that does, where it does not.

    `manage.py bootstrap [--dev]` stops after that. Ends the process with a sentence where the libraries cannot be installed.
    """
    if os.name != "posix":
        sys.exit("Tern runs on Linux and macOS. On Windows, start it inside WSL, or with Docker: docker compose up")
    try:
        wanted = _wanted(argv)
        if not _is_complete(wanted):
            _prepare(wanted)
    except CannotStart as fault:
        sys.exit(str(fault))
    except OSError as error:
        sys.exit(_explain(error))
    except KeyboardInterrupt:
        sys.exit(130)
    if argv[1:2] == ["bootstrap"]:
        sys.exit(0)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *argv])  # noqa: S606 - the same command, inside .venv


def _wanted(argv: list[str]) -> dict[str, str]:
    """Lock file → its hash. The development tools come with the first `test`, and stay."""
    names = [LIBRARIES]
    if argv[1:2] == ["test"] or "--dev" in argv[2:3] or DEVELOPMENT in _installed():
        names.append(DEVELOPMENT)
    return {name: hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() for name in names}


def _installed() -> dict[str, str]:
    try:
        found = json.loads(COMPLETE.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_complete(wanted: dict[str, str]) -> bool:
    return _installed() == wanted and os.access(PYTHON, os.X_OK)


def _prepare(wanted: dict[str, str]) -> None:
    import fcntl  # noqa: PLC0415 - Windows has none, and is told so before

    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "bootstrap.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another command is installing the libraries; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_complete(wanted):
            _install(wanted)


def _install(wanted: dict[str, str]) -> None:
    """Make or update .venv. A half-made one is made anew; the note that all is there is written last."""
    index = package_index()
    environment = _environment_for_uv()
    environment.update(index.for_uv(environment))
    uv = find_uv(TOOLS, index, environment)
    made_before = os.access(PYTHON, os.X_OK) and not UNFINISHED.exists()
    _say("Updating the libraries in .venv …" if made_before else "Installing the libraries into .venv, once …")
    COMPLETE.unlink(missing_ok=True)
    UNFINISHED.touch()
    if not made_before:
        shutil.rmtree(VENV, ignore_errors=True)
        _run([str(uv), "venv", "-q", "--no-project", "--prompt", "tern", "--python", _base_python(), str(VENV)], environment)
    sources = [part for name in wanted for part in ("-r", name)]
    _run([str(uv), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "--no-build", "--no-deps", *sources], environment)
    staged = COMPLETE.with_suffix(".new")
    staged.write_text(json.dumps(wanted))
    staged.replace(COMPLETE)
    UNFINISHED.unlink()


def _base_python() -> str:
    """The interpreter itself, also when this is a virtual environment's."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def _environment_for_uv() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"}}
    environment.update({"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_PYTHON": _base_python()})
    if _system_has_certificates():  # uv's own do not know a company's proxy; this Python, which fetched uv, does
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    cache = Path(environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or "/nonexistent") / ".cache")
    if "UV_CACHE_DIR" not in environment and not _writable(cache):
        environment["UV_CACHE_DIR"] = str(TOOLS / "cache")
    return environment


def _system_has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder / "uv" if (folder / "uv").exists() else folder, os.W_OK)


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    said = done.stdout.decode(errors="replace").strip()
    if "No space left on device" in said:
        raise CannotStart(f"The disk that holds {PROJECT} is full, so the libraries could not be installed. Make room, then start again.")
    print(said[-3000:], file=sys.stderr)
    raise CannotStart(
        "The libraries could not be installed; the reason stands above. Check the network or PIP_INDEX_URL, then start again."
    )


def _explain(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {PROJECT} is full, so the libraries could not be installed. Make room, then start again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"Tern cannot write to {PROJECT}, where its libraries go. Copy it to a folder of your own, or start it as the folder's owner."
        )
    return f"The libraries could not be installed: {error}."


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
