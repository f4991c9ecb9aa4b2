"""Writing the log: one entry for a change, or one statement for many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from crm.audit.models import LogEntry

Changes = Mapping[str, tuple[Any, Any]]

CREATE, UPDATE, DELETE = LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE


@dataclass(frozen=True)
class Change:
    """What the log says of one record: `changes` is {field: (old, new)}."""

    record: models.Model
    action: int
    verb: str
    changes: Changes


def as_json(value: Any) -> Any:
    """A value as the log keeps it: related records by key and name, so that history reads well after a rename."""
    if isinstance(value, list | tuple | set):
        return [as_json(item) for item in value]
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, Decimal):
        return str(value.normalize()) if value == value.to_integral() else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def log_change(change: Change, *, by: models.Model | None, job_id: int | None = None) -> LogEntry:
    """Write one entry, in the tenant's transaction."""
    entry = _entry(change, by=by, job_id=job_id)
    entry.save(force_insert=True)
    return entry


def log_changes(changes: Iterable[Change], *, by: models.Model | None, job_id: int | None = None) -> int:
    """Write many entries in few statements. Returns how many."""
    return len(LogEntry.objects.bulk_create([_entry(change, by=by, job_id=job_id) for change in changes], batch_size=1000))


def _entry(change: Change, *, by: models.Model | None, job_id: int | None) -> LogEntry:
    record = change.record
    return LogEntry(
        organization_id=record.organization_id,  # type: ignore[attr-defined]  # every logged model is a TenantModel
        content_type=ContentType.objects.get_for_model(record),
        object_pk=str(record.pk),
        object_id=record.pk,
        object_repr=str(record)[:300],
        action=change.action,
        verb=change.verb,
        changes={field: [as_json(old), as_json(new)] for field, (old, new) in change.changes.items()},
        actor=by,
        actor_email=getattr(by, "email", None),
        timestamp=timezone.now(),
        job_id=job_id,
    )
