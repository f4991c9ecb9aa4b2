"""`python -m tests.clock celery …`: the command in a process whose clock a file sets forward.

TERN_TEST_CLOCK names the file; it holds seconds, which are added to every `django.utils.timezone.now()`. Nothing else is changed:
the scheduler ticks and the worker works as they do in production, they believe that it is later.
"""

import os
import runpy
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone


def ahead(path: Path, real: Callable[[], datetime] = timezone.now) -> Callable[[], datetime]:
    """The clock that the file sets forward."""

    def now() -> datetime:
        return real() + timedelta(seconds=float(path.read_text() or 0))

    return now


if __name__ == "__main__":
    timezone.now = ahead(Path(os.environ["TERN_TEST_CLOCK"]))
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__")
