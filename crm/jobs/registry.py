"""Which function does which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm.jobs.models import Job

if TYPE_CHECKING:
    from crm.jobs.run import JobRun

JobFunction = Callable[["JobRun"], dict[str, Any] | None]
JobEnding = Callable[[Job], None]


@dataclass(frozen=True)
class JobKind:
    """How a kind of job is done. `on_end` runs in the transaction that fails or cancels it."""

    name: str
    function: JobFunction
    queue: str
    on_end: JobEnding | None


_kinds: dict[str, JobKind] = {}


def job(name: str, *, queue: str = "bulk", on_end: JobEnding | None = None) -> Callable[[JobFunction], JobFunction]:
    """Register the function of a kind of job.

    It gets a JobRun, does its work in `with run.batch():` blocks that begin where `run.checkpoint` says, and returns the result.
    It may be called again from the start at any time: after a slice of time, after a crash.
    """

    def register(function: JobFunction) -> JobFunction:
        _kinds[name] = JobKind(name, function, queue, on_end)
        return function

    return register


def kind_of(name: str) -> JobKind:
    """Raises KeyError for a kind that nobody registered."""
    return _kinds[name]
