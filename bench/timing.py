"""Wall time of a piece of work."""

import time
from collections.abc import Callable


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
