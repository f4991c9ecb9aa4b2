"""Where the kernel does not tell a child that its parent died, a small process does: `python -m crm.runtime.watchdog`.

It reads "pid signal" lines from its parent. When the pipe closes, the parent is gone, and the process groups it named get their signals.
"""

import os
import signal
import subprocess
import sys
import time

from crm.runtime.places import PROJECT

GRACE_SECONDS = 8.0


class Watchdog:
    """Guards children on systems without PR_SET_PDEATHSIG, and everywhere with TERN_WATCHDOG=1."""

    def __init__(self) -> None:
        needed = not sys.platform.startswith("linux") or os.environ.get("TERN_WATCHDOG") == "1"
        self._process: subprocess.Popen[bytes] | None = None
        if needed:
            command = [sys.executable, "-m", "crm.runtime.watchdog"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=PROJECT, start_new_session=True)

    def guard(self, pid: int, how: int) -> None:
        """Send this signal to the group that `pid` leads, should the calling process die."""
        self._write(f"{pid} {int(how)}\n")

    def dismiss(self) -> None:
        """All children were stopped in order; there is nothing left to guard."""
        self._write("done\n")
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()

    def _write(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()
            except BrokenPipeError:
                pass


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    guarded: dict[int, int] = {}
    for line in sys.stdin:
        if line.strip() == "done":
            return
        pid, how = line.split()
        guarded[int(pid)] = int(how)
    living = {pid for pid, how in guarded.items() if _send(pid, how)}
    until = time.monotonic() + GRACE_SECONDS
    while living and time.monotonic() < until:
        time.sleep(0.1)
        living = {pid for pid in living if _send(pid, 0)}
    for pid in living:
        _send(pid, signal.SIGKILL)


def _send(group: int, how: int) -> bool:
    """Whether the group still had a process."""
    try:
        os.killpg(group, how)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main()
