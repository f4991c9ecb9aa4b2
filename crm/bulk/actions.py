"""What a person does with many records at once: plan it, look, do it, take it back, or leave it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted
from crm.audit.log import CREATE, UPDATE, Change, log_change
from crm.bulk.models import BulkChange, BulkRow, Stage, State
from crm.bulk.rows import take_up
from crm.bulk.running import VERBS, Refused, check_batch, do_batch, undo_batch, work_of
from crm.fields.record_types import RecordType
from crm.jobs.actions import start_job
from crm.users.models import Reach, User

AT_ONCE = 500
CHECK, RUN, UNDO = "bulk.check", "bulk.run", "bulk.undo"
Batch = Callable[[BulkChange, User], bool]


@dataclass(frozen=True)
class Wish:
    """What to change: `values` as JSON (crm.bulk.editing, crm.bulk.sharing say which), `what` in words; `back` leads to the list."""

    kind: str
    values: dict[str, Any]
    what: str
    words: str = ""
    back: str = ""


def may_change_many(user: User, record_type: RecordType, kind: str) -> bool:
    """Whether there are records of the type with which the person may do this."""
    return all(record_type.reach(user, verb) != Reach.NONE for verb in ("view", VERBS[kind]))


@transaction.atomic
def plan_change(record_type: RecordType, rows: Any, wish: Wish, *, by: User, queue_now: bool = True) -> BulkChange:
    """Take up the records of `rows`, a queryset of what the person sees, and look what would become of each: at once, by a job when many.

    Nothing is changed yet. Raises NotPermitted, ValidationError.
    """
    change = _taken_up(record_type, rows, wish, by)
    _go(change, CHECK, check_batch, by, queue_now=queue_now)
    return change


@transaction.atomic
def change_many(record_type: RecordType, rows: Any, wish: Wish, *, by: User, queue_now: bool = True) -> BulkChange:
    """Do it without a look before: what would have been refused then is refused now. Raises NotPermitted, ValidationError."""
    change = _taken_up(record_type, rows, wish, by)
    change.stage = Stage.READY
    change.save(update_fields=["stage", "counts"])
    return run_change(change, by=by, queue_now=queue_now)


def _taken_up(record_type: RecordType, rows: Any, wish: Wish, by: User) -> BulkChange:
    """The change with a row for each record; those that the person only sees are refused from the beginning."""
    if not may_change_many(by, record_type, wish.kind):
        raise NotPermitted(by, VERBS[wish.kind], record_type=record_type.key)
    change = BulkChange(
        organization_id=by.own_organization_id, person=by, record_type=record_type.key, kind=wish.kind, values=wish.values,
        what=wish.what, words=wish.words, back=wish.back[:2000],
    )  # fmt: skip
    _refuse_early(change, by)
    change.save()
    permitted = record_type.objects().permitted_to(by, VERBS[wish.kind]).filter(pk__in=rows.order_by().values("pk"))
    take_up(change, permitted)
    if record_type.reach(by, VERBS[wish.kind]) != Reach.ALL:
        take_up(change, rows, State.REFUSED, NotPermitted(by, VERBS[wish.kind], record_type=record_type.key).missing)
    return change


def _refuse_early(change: BulkChange, by: User) -> None:
    try:
        work_of(change, by)
    except Refused as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def run_change(change: BulkChange, *, by: User, queue_now: bool = True) -> BulkChange:
    """Do what was looked at. Sent twice it is done once. Raises ValidationError where it is too late or not ready yet."""
    change = _locked(change, by, Stage.READY)
    change.stage = Stage.RUNNING
    facts = {"records": capfirst(str(change.type.label_plural)), "change": change.what, "rows": change.count(State.OPEN)}
    log_change(Change(change, CREATE, "bulk.made", {key: (None, value) for key, value in facts.items()}), by=by)
    _go(change, RUN, do_batch, by, queue_now=queue_now)
    return change


@transaction.atomic
def undo_change(change: BulkChange, *, by: User, queue_now: bool = True) -> BulkChange:
    """Bring back what was, where nobody has changed it since. Raises ValidationError where there is nothing to take back."""
    change = _locked(change, by, Stage.DONE)
    change.stage = Stage.UNDOING
    log_change(Change(change, UPDATE, "bulk.undone", {"rows": (change.count(State.DONE), None)}), by=by)
    _go(change, UNDO, undo_batch, by, queue_now=queue_now)
    return change


@transaction.atomic
def discard_change(change: BulkChange, *, by: User) -> None:
    """Throw away what was only looked at. Raises ValidationError once it has begun."""
    _locked(change, by, Stage.READY).delete()


def _locked(change: BulkChange, by: User, stage: Stage) -> BulkChange:
    found = (
        BulkChange.objects.select_for_update(of=("self",)).filter(pk=change.pk, person=by, organization_id=by.own_organization_id).first()
    )
    if found is None or found.stage != stage:
        raise ValidationError(_("This was done already, or it is not ready yet. Look at its state."))
    return found


def _go(change: BulkChange, kind: str, batch: Batch, by: User, *, queue_now: bool) -> None:
    """Here and now for few records, by a job for many."""
    many = change.count(State.DONE if kind == UNDO else State.OPEN)
    if many > AT_ONCE:
        title = f"{change.type.label_plural}: {change.what}"
        change.job = start_job(kind, by=by, title=capfirst(title), page=change.get_absolute_url(), queue_now=queue_now, change=change.pk)
        change.save(update_fields=["job", "stage", "counts"])
        return
    change.job = None
    change.save(update_fields=["job", "stage", "counts"])
    try:
        while batch(change, by):
            pass
    except Refused as error:
        raise ValidationError(str(error)) from error


def rows_in(change: BulkChange, state: str) -> Any:
    """The change's rows in a state, in the order of their keys."""
    return BulkRow.objects.filter(organization_id=change.organization_id, change=change, state=state).order_by("record_id")
