"""Child processes that never outlive their parent."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from crm.runtime.places import ServiceUser

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(how: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when the thread that started it ends. Linux only; elsewhere nothing happens.

    A change of user and a fork undo it, so each process asks for itself, after it has become who it is.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)


def die_with_supervisor() -> None:
    """For workers that a supervised process forks: no effect unless `manage.py up` is above."""
    if os.environ.get("TERN_SUPERVISED") != "1":
        return
    die_with_parent(signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid != os.getppid():
        os._exit(1)


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: int,
    user: ServiceUser | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    stdin: int | IO[Any] = subprocess.DEVNULL,
    output: int | IO[Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, as `user`, that gets `death_signal` when this one dies."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(env) if env is not None else None,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_dying_with(os.getpid(), death_signal),  # noqa: PLW1509 - the callers start processes from their only thread
        **_as_user(user),
    )


def _as_user(user: ServiceUser | None) -> dict[str, Any]:
    return {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}


def _dying_with(parent: int, how: int) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl = _libc.prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def stop(process: subprocess.Popen[bytes], how: int, *, within: float, group: bool = False) -> None:
    """Ask a process to end, and end it when it has not done so in `within` seconds. With `group`, its children too."""
    stop_together([(process, how)], within=within, group=group)


def stop_together(processes: Sequence[tuple[subprocess.Popen[bytes], int]], *, within: float, group: bool = False) -> None:
    """Ask them all at once, each by its signal; end those that have not ended in `within` seconds. With `group`, their children too."""
    send = os.killpg if group else os.kill
    asked = [process for process, how in processes if process.poll() is None and _try_signal(send, process.pid, how)]
    until = time.monotonic() + within
    for process in asked:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
    for process, _ in processes:
        if group or process.poll() is None:
            _try_signal(send, process.pid, signal.SIGKILL)
            process.wait()


def _try_signal(send: Callable[[int, int], None], pid: int, how: int) -> bool:
    try:
        send(pid, how)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_of(pid: int) -> str:
    """The command line of a running process, empty where it cannot be read."""
    if _libc is None:
        return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def stop_stray(pid: int, named: str) -> None:
    """Stop a server that an earlier Tern left behind, if process `pid` is it: its command line holds `named`."""
    if named not in command_of(pid):
        return
    for how, seconds in ((signal.SIGINT, 8.0), (signal.SIGKILL, 2.0)):
        _try_signal(os.kill, pid, how)
        until = time.monotonic() + seconds
        while is_running(pid) and time.monotonic() < until:
            time.sleep(0.05)
        if not is_running(pid):
            return
