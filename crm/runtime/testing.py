"""`manage.py test`: servers that are thrown away afterwards, then pytest."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from crm.runtime.places import PROJECT, DataDirectory
from crm.runtime.servers import Lease

MOST_WORKERS = 4


def main(words: list[str]) -> int:
    """pytest's exit code. Without arguments all tests run, in parallel.

    TERN_TEST_SERVERS names a folder in which the servers' data stay for the next run.
    """
    kept = os.environ.get("TERN_TEST_SERVERS", "").strip()
    folder = Path(kept).absolute() if kept else Path(tempfile.mkdtemp(prefix="tern-test-"))
    with Lease(DataDirectory(folder), throw_away=True, delete=not kept) as lease:
        environment = {
            **os.environ,
            **lease.environment(),
            "DJANGO_SETTINGS_MODULE": "crm.config.settings",
            "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        return _run([sys.executable, "-m", "pytest", "-p", "crm.runtime.browser", *(words[1:] or _everything())], environment)


def _everything() -> list[str]:
    """A file stays in one process. In the order of their names: files of few tests, last by pytest-xdist's own order, take the longest."""
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"] if workers > 1 else []


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Ctrl-C goes to pytest, which ends by itself and says what it has seen so far."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(command, cwd=PROJECT, env=environment, check=False, preexec_fn=_hear_interrupts).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
