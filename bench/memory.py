"""The memory of a process over time, in MB of resident set."""

import os
import threading
import time
from pathlib import Path
from types import TracebackType


class Memory:
    """Measures while the block runs, twice a second. `pid`: another process of this machine."""

    def __init__(self, pid: int | None = None, every: float = 0.5) -> None:
        self._path, self._every = Path(f"/proc/{pid or os.getpid()}/status"), every
        self._done = threading.Event()
        self.seen: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        begun = time.monotonic()
        while not self._done.wait(self._every):
            try:
                text = self._path.read_text()
            except OSError:  # it ended, or this is no Linux
                return
            resident = next((line.split()[1] for line in text.splitlines() if line.startswith("VmRSS")), "0")
            self.seen.append((round(time.monotonic() - begun, 1), int(resident) / 1024))

    def summary(self) -> dict[str, float]:
        """At the beginning, after a fifth of the time, at the end, and the most, in MB."""
        if not self.seen:
            return {}
        sizes = [size for _, size in self.seen]
        return {
            "first": round(sizes[0], 1),
            "after a fifth": round(sizes[len(sizes) // 5], 1),
            "last": round(sizes[-1], 1),
            "most": round(max(sizes), 1),
        }
