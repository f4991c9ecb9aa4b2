"""Giving everything that somebody owns to somebody else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.derived import refresh_access
from crm.audit.log import UPDATE, Change, log_changes
from crm.events.outbox import record_event
from crm.fields.record_types import RecordType, record_types
from crm.search.documents import refresh_principals, touch_documents
from crm.users.actions import require_administrator
from crm.users.models import User

BATCH = 1000


def records_owned_by(person: User) -> list[tuple[RecordType, int]]:
    """How many records of each type the person owns, deleted ones too; types without any are left out."""
    counts = [(record_type, _owned(record_type, person).count()) for record_type in record_types]
    return [(record_type, count) for record_type, count in counts if count]


@transaction.atomic
def hand_over(person: User, to: User, *, by: User) -> dict[str, int]:
    """Make `to` the owner of all that `person` owns, deleted records too. Returns how many records by record type.

    Above BATCH records use the job "setup.hand_over" instead. Raises AdministratorsOnly, ValidationError.
    """
    moved: dict[str, int] = {}
    while batch := hand_over_batch(person, to, by=by):
        key, count = batch
        moved[key] = moved.get(key, 0) + count
    return moved


@transaction.atomic
def hand_over_batch(person: User, to: User, *, by: User, job_id: int | None = None) -> tuple[str, int] | None:
    """The next 1,000 records at most, in set statements; they go to the new owner's team. (record type, how many), None when all is done.

    Writes access, search, one log entry for each record and one event person.handed_over. Raises AdministratorsOnly, ValidationError.
    """
    require_administrator(by, person.organization_id)
    if to.organization_id != person.organization_id or not to.is_active:
        raise ValidationError(_("Choose somebody of your organization who may sign in."))
    if to == person:
        raise ValidationError(_("Choose somebody else."))
    for record_type in record_types:
        batch = list(_owned(record_type, person).select_related("team").select_for_update(of=("self",)).order_by("pk")[:BATCH])
        if batch:
            _move(record_type, batch, person, to, by=by, job_id=job_id)
            return record_type.key, len(batch)
    return None


def _owned(record_type: RecordType, person: User) -> Any:
    return record_type.objects().filter(organization_id=person.organization_id, owner=person)


def _move(record_type: RecordType, batch: list[Any], person: User, to: User, *, by: User, job_id: int | None) -> None:
    """Team and owner move first, since the access rule reads them."""
    model, ids, now = record_type.model, [record.pk for record in batch], timezone.now()
    changes = [Change(record, UPDATE, f"{record_type.key}.updated", _changes(record, person, to)) for record in batch]
    rows = record_type.objects().filter(organization_id=person.organization_id, pk__in=ids)
    rows.update(owner=to, team=to.team, updated_at=now, updated_by=by, version=F("version") + 1)
    refresh_access(model, ids)
    refresh_principals(record_type, ids)
    touch_documents(record_type, ids, now)
    log_changes(changes, by=by, job_id=job_id)
    record_event("person.handed_over", person, by=by, data={"record_type": record_type.key, "ids": ids, "to": to.pk})


def _changes(record: Any, person: User, to: User) -> dict[str, tuple[Any, Any]]:
    team = {"team": (record.team, to.team)} if record.team_id != to.team_id else {}
    return {"owner": (person, to), **team}
