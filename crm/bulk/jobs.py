"""The jobs behind changes of many: each batch goes on where the last one stopped, also after a crash."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from crm.bulk.actions import CHECK, RUN, UNDO
from crm.bulk.models import BulkChange, Stage, State
from crm.bulk.running import Refused, check_batch, do_batch, undo_batch
from crm.jobs.models import Job
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.notifications.actions import notify

DONE = "bulk"


def stopped(ended: Job) -> None:
    """What is done stays and can be taken back; a check that was stopped leaves nothing to do."""
    change = BulkChange.objects.filter(pk=ended.arguments["change"], organization_id=ended.organization_id).first()
    if change is None:
        return
    if change.stage == Stage.CHECKING:
        change.delete()
        return
    change.stage, change.after = Stage.DONE, 0
    change.save(update_fields=["stage", "after"])


@job(CHECK, on_end=stopped)
def check(run: JobRun) -> dict[str, Any]:
    """Arguments: `change` (key)."""
    return _batches(run, lambda change: check_batch(change, run.person))


@job(RUN, on_end=stopped)
def do(run: JobRun) -> dict[str, Any]:
    """Arguments: `change` (key)."""
    return _batches(run, lambda change: do_batch(change, run.person, run.job.pk))


@job(UNDO, on_end=stopped)
def undo(run: JobRun) -> dict[str, Any]:
    """Arguments: `change` (key)."""
    return _batches(run, lambda change: undo_batch(change, run.person, run.job.pk))


def _batches(run: JobRun, batch: Callable[[BulkChange], bool]) -> dict[str, Any]:
    more, change = True, None
    while more:
        with run.batch():
            change = BulkChange.objects.select_related("job").filter(pk=run.arguments["change"]).first()
            if change is None:
                raise JobFailed(_("The change was thrown away."))
            waiting = State.DONE if change.stage == Stage.UNDOING else State.OPEN
            before = change.count(waiting) if change.after == 0 and run.job.total is None else run.job.total
            try:
                more = batch(change)
            except Refused as error:
                raise JobFailed(str(error)) from error
            run.progress(_done(change, before or 0), before)
            if not more:
                notify(run.person, DONE, change, key=f"bulk:{change.pk}:{change.stage}")
    return {"counts": change.counts if change else {}}


def _done(change: BulkChange, total: int) -> int:
    """How far it is, by the keys: rows that stay open after a check are behind it, too."""
    if change.after == 0:
        return total
    state = State.DONE if change.stage == Stage.UNDOING else State.OPEN
    left = change.rows.filter(state=state, record_id__gt=change.after).count()
    return max(0, total - left)
