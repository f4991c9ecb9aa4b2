"""Long work of Setup."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from crm.fields.models import CustomField
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.setup.actions import hand_over_batch, records_owned_by
from crm.setup.actions.fields import INDEX, fill_index
from crm.users.models import User

HAND_OVER = "setup.hand_over"
INDEXED_AT_ONCE = 20_000


@job(INDEX)
def index_field(run: JobRun) -> dict[str, Any]:
    """Arguments: `field` (key). Each batch makes the rows of the next records, so it goes on where it stopped."""
    after: int | None = run.checkpoint.setdefault("after", 0)
    while after is not None:
        with run.batch():
            row = CustomField.objects.kept().filter(pk=run.arguments["field"]).first()
            if row is None:
                raise JobFailed(_("The field was removed."))
            after = fill_index(row, run.checkpoint["after"], INDEXED_AT_ONCE)
            run.checkpoint["after"] = after or run.checkpoint["after"]
            run.progress(run.job.done + INDEXED_AT_ONCE)
    return {}


@job(HAND_OVER)
def hand_over_job(run: JobRun) -> dict[str, Any]:
    """Arguments: `person`, `to` (keys). What a batch moved is no longer owned, so it goes on by itself after a crash."""
    moved: dict[str, int] = run.checkpoint.setdefault("moved", {})
    more = True
    while more:
        with run.batch():
            more = _batch(run, moved)
    return {"moved": moved}


def _batch(run: JobRun, moved: dict[str, int]) -> bool:
    people = User.objects.of_organization(run.job.organization_id).select_related("team")
    person, to = people.get(pk=run.arguments["person"]), people.get(pk=run.arguments["to"])
    try:
        batch = hand_over_batch(person, to, by=run.person, job_id=run.job.pk)
    except (ValidationError, PermissionDenied) as error:
        raise JobFailed(" ".join(getattr(error, "messages", [str(error)]))) from error
    if batch is None:
        return False
    key, count = batch
    moved[key] = moved.get(key, 0) + count
    done = sum(moved.values())
    run.progress(done, run.job.total or done + sum(left for _type, left in records_owned_by(person)))
    run.log(_("%(count)s of type %(type)s") % {"count": count, "type": key})
    return True
