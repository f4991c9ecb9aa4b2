"""Writing the log: one entry for a change, or one statement for many."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.lib.copying import copy_rows, temporary_table

Changes = Mapping[str, tuple[Any, Any]]

CREATE, UPDATE, DELETE = LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE


@dataclass(frozen=True)
class Change:
    """What the log says of one record: `changes` is {field: (old, new)}."""

    record: models.Model
    action: int
    verb: str
    changes: Changes
    at: datetime | None = None  # None: now


PLAIN = frozenset({str, int, bool, type(None)})
ENTRY = """
INSERT INTO audit_logentry (organization_id, content_type_id, object_pk, object_id, object_repr, action, verb, changes, changes_text,
                            actor_id, actor_email, timestamp, job_id)
VALUES (%(organization)s, %(type)s, %(id)s::text, %(id)s, %(name)s, %(action)s, %(verb)s, %(changes)s::jsonb, '',
        %(actor)s, %(email)s, %(at)s, %(job)s)
"""


def as_json(value: Any) -> Any:
    """A value as the log keeps it: related records by key, name and type, so that history reads well after a rename."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, list | tuple | set):
        return [as_json(item) for item in value]
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value), "type": value._meta.model_name}
    if isinstance(value, Decimal):
        return f"{value.to_integral():f}" if value == value.to_integral() else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def log_change(change: Change, *, by: Any, job_id: int | None = None) -> None:
    """Write one entry, in the tenant's transaction."""
    record = change.record
    facts = {
        "organization": record.organization_id,  # type: ignore[attr-defined]  # every logged model is a TenantModel
        "type": ContentType.objects.get_for_model(record).pk,
        "id": record.pk,
        "name": str(record)[:300],
        "action": change.action,
        "verb": change.verb,
        "changes": _written(change.changes),
        "actor": by.pk if by else None,
        "email": getattr(by, "email", None),
        "at": timezone.now(),
        "job": job_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, facts)


def _written(changes: Changes) -> str:
    return json.dumps({field: [as_json(old), as_json(new)] for field, (old, new) in changes.items()}, ensure_ascii=False)


def log_changes(changes: Iterable[Change], *, by: Any, job_id: int | None = None) -> int:
    """Write many entries in few statements. Returns how many."""
    return len(LogEntry._base_manager.bulk_create([_entry(change, by=by, job_id=job_id) for change in changes], batch_size=1000))


def _entry(change: Change, *, by: Any, job_id: int | None) -> LogEntry:
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
        timestamp=change.at or timezone.now(),
        job_id=job_id,
    )


def log_many(
    model: type[models.Model],
    entries: Iterable[tuple[int, str, Changes]],
    *,
    action: int,
    verb: str,
    by: models.Model,
    job_id: int | None = None,
) -> int:
    """The same verb on many records of one type, as one COPY and one INSERT: (key, name, changes) each. Returns how many."""
    columns = {"object_id": "bigint", "object_repr": "text", "changes": "jsonb"}
    rows = ((key, name[:300], _written(changes)) for key, name, changes in entries)
    with connection.cursor() as cursor, temporary_table(cursor, "new_log_entries", columns) as table:
        copy_rows(cursor, table, list(columns), rows)
        return log_rows(cursor, model, f"SELECT * FROM {table}", action=action, verb=verb, by=by, job_id=job_id)  # noqa: S608


def log_rows(
    cursor: Any, model: type[models.Model], entries: str, *, action: int, verb: str, by: models.Model, job_id: int | None = None
) -> int:
    """The same of what the database has already: `entries` is a SELECT of object_id, object_repr and changes (jsonb). Returns how many."""
    cursor.execute(
        "INSERT INTO audit_logentry (organization_id, content_type_id, object_pk, object_id, object_repr, action, verb, "  # noqa: S608
        "changes, changes_text, actor_id, actor_email, timestamp, job_id) "
        "SELECT %s, %s, object_id::text, object_id, object_repr, %s, %s, changes, "
        f"'', %s, %s, %s, %s FROM ({entries}) entry",
        [
            getattr(by, "organization_id"), ContentType.objects.get_for_model(model).pk, action, verb,  # noqa: B009
            by.pk, getattr(by, "email", None), timezone.now(), job_id,
        ],
    )  # fmt: skip
    return int(cursor.rowcount)
