"""Checking, doing and taking back a change of many, batch after batch. Each batch is one transaction and moves `after` on."""

from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted
from crm.bulk.deleting import Deleting
from crm.bulk.editing import Editing
from crm.bulk.models import BulkChange, Kind, Stage, State
from crm.bulk.rows import Outcome, next_keys, old_of, write_down
from crm.bulk.sharing import Sharing
from crm.users.models import Reach, User


class Work(Protocol):
    """What a kind of change does with some records. `judge` writes nothing; `do` and `undo` do what the single actions do."""

    verb: str

    def judge(self, keys: list[int]) -> Outcome: ...
    def do(self, keys: list[int], job_id: int | None) -> Outcome: ...
    def undo(self, old: dict[int, tuple[int, dict[str, Any]]], job_id: int | None) -> Outcome: ...


WORKS: dict[str, Callable[[BulkChange, User], Any]] = {
    Kind.ASSIGN: Editing, Kind.EDIT: Editing, Kind.TAG: Editing, Kind.SHARE: Sharing, Kind.DELETE: Deleting,
}  # fmt: skip
VERBS = {kind: WORKS[kind].verb for kind in WORKS}  # type: ignore[attr-defined]  # the classes say which right they take


class Refused(Exception):
    """The change as a whole cannot be done by this person; the message says why."""


def work_of(change: BulkChange, by: User) -> Work:
    """Raises Refused."""
    try:
        made: Work = WORKS[change.kind](change, by)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except PermissionDenied as error:
        raise Refused(str(error)) from error
    return made


def check_batch(change: BulkChange, by: User) -> bool:
    """Judge the next records. False when there are none left: the change is ready to be looked at. Raises Refused."""
    keys = next_keys(change, State.OPEN, settings.BULK_BATCH)
    if not keys:
        return _over(change, Stage.READY)
    write_down(change, work_of(change, by).judge(keys), State.OPEN, State.OPEN)
    return _on(change, keys)


def do_batch(change: BulkChange, by: User, job_id: int | None = None) -> bool:
    """Change the next records, with the rights of now. False when there are none left. Raises Refused."""
    keys = next_keys(change, State.OPEN, settings.BULK_BATCH)
    if not keys:
        return _over(change, Stage.DONE)
    work = work_of(change, by)
    allowed = _permitted(change, work.verb, keys, by)
    outcome = work.do(allowed, job_id)
    gone = set(keys) - set(allowed)
    outcome.refused |= _why_not(change, work.verb, gone, by)
    outcome.refused |= dict.fromkeys(
        set(allowed) - outcome.done.keys() - outcome.refused.keys() - outcome.same, _("It was deleted in the meantime.")
    )
    write_down(change, outcome, State.OPEN, State.DONE)
    return _on(change, keys)


def undo_batch(change: BulkChange, by: User, job_id: int | None = None) -> bool:
    """Take back the next records. False when there are none left. Raises Refused."""
    keys = next_keys(change, State.DONE, settings.BULK_BATCH)
    if not keys:
        return _over(change, Stage.UNDONE)
    work, old = work_of(change, by), old_of(change, keys)
    allowed = keys if change.kind == Kind.DELETE else sorted({*_permitted(change, work.verb, keys, by), *_untouched(change, work, old, by)})
    outcome = work.undo({pk: old[pk] for pk in allowed}, job_id)
    outcome.refused |= _why_not(change, work.verb, set(keys) - set(allowed), by)
    missing = set(allowed) - outcome.done.keys() - outcome.refused.keys()
    outcome.refused |= dict.fromkeys(missing, _("It was deleted in the meantime."))
    outcome.done = {pk: old[pk] for pk in outcome.done}
    write_down(change, outcome, State.DONE, State.UNDONE)
    return _on(change, keys)


def _permitted(change: BulkChange, verb: str, keys: list[int], by: User) -> list[int]:
    allowed = change.type.objects().permitted_to(by, verb).filter(pk__in=keys)
    return sorted(allowed.values_list("pk", flat=True))


def _untouched(change: BulkChange, work: Work, old: dict[int, tuple[int, dict[str, Any]]], by: User) -> set[int]:
    """Records that are as this change left them: whoever gave them out of the own reach may take them back, as long as the role edits."""
    if work.verb != "change" or change.type.reach(by, "change") == Reach.NONE:
        return set()
    rows: Any = change.type.model._base_manager
    mine = rows.filter(organization_id=by.own_organization_id, deleted_at=None, updated_by=by, pk__in=list(old))
    return {pk for pk, version in mine.values_list("pk", "version") if version == old[pk][0]}


def _why_not(change: BulkChange, verb: str, keys: set[int], by: User) -> dict[int, str]:
    """Of records that are out of reach now: those that are still seen, and those that are not."""
    if not keys:
        return {}
    seen = set(change.type.objects().visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))
    missing = NotPermitted(by, verb, record_type=change.record_type).missing
    return {pk: missing if pk in seen else _("It is no longer there, or no longer visible to you.") for pk in keys}


def _on(change: BulkChange, keys: list[int]) -> bool:
    change.after = keys[-1]
    change.save(update_fields=["after", "counts"])
    return True


def _over(change: BulkChange, stage: Stage) -> bool:
    change.stage, change.after, change.finished_at = stage, 0, timezone.now()
    change.save(update_fields=["stage", "after", "counts", "finished_at"])
    return False
