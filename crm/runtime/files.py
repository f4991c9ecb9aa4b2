"""Small files of the data directory: written whole or not at all; locks that end with their process."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LARGEST_LOG = 10 * 1024 * 1024


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty where there is no file or it is not readable as one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: dict[str, Any], *, mode: int = 0o600) -> None:
    """Replace the file in one step, readable by its owner alone unless `mode` says otherwise."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)


def keep_logs_small(folder: Path) -> None:
    """Move what a large log holds aside, in place of what was moved before. Who writes it appends, and goes on writing the same file."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            with suppress(OSError):  # a full disk: then the old lines go, the process goes on
                shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


class Lock:
    """An advisory lock on a file. The kernel lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_take(self, *, shared: bool = False) -> bool:
        """Whether the lock was free, and is now held."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_free(self, seconds: float) -> bool:
        """Whether nobody held the lock at some moment within the time. It is not held afterwards."""
        until = time.monotonic() + seconds
        while not self.try_take(shared=True):
            if time.monotonic() > until:
                return False
            time.sleep(0.03)
        self.release()
        return True

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    lock = Lock(path)
    try:
        lock.take()
        yield
    finally:
        lock.close()
