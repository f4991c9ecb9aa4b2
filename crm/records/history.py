"""Reading the log of one record under the field access of whoever looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from crm.audit.models import LogEntry
from crm.fields.fields import Field
from crm.fields.record_types import record_types
from crm.records.models import Record
from crm.users.models import User


@dataclass(frozen=True)
class FieldChange:
    """One field of one change. Values as the log keeps them; both are None and `withheld` is true where the role hides the field."""

    field: Field | None
    key: str
    old: Any
    new: Any
    withheld: bool


@dataclass(frozen=True)
class HistoryEntry:
    pk: int
    at: datetime
    actor: User | None
    verb: str
    changes: list[FieldChange]


def entries_of(record: Record) -> Any:
    """The log entries of a record, newest first."""
    return LogEntry.objects.filter(
        organization_id=record.organization_id, content_type=ContentType.objects.get_for_model(record), object_id=record.pk
    ).order_by("-timestamp", "-pk")


def history_of(
    record: Record, user: User, *, size: int = 50, before: int | None = None, only: Q | None = None, by: int | None = None
) -> Iterator[HistoryEntry]:
    """The record's changes, newest first, as the person may read them. The record itself must be visible to the person.

    `only` is a further condition on the entries, `by` the key of who made the changes.
    """
    fields = record_types.of(record).fields
    entries = entries_of(record).select_related("actor").filter(only or Q())
    if before:
        entries = entries.filter(pk__lt=before)
    if by:
        entries = entries.filter(actor_id=by)
    for entry in entries[:size]:
        changes = [_change(key, pair, fields.get(key), user) for key, pair in (entry.changes or {}).items()]
        yield HistoryEntry(entry.pk, entry.timestamp, entry.actor, entry.verb, changes)


def fields_changed_since(record: Record, version: int) -> set[str]:
    """Which fields later versions touched. Each change is one entry, so the newest ones are those after `version`."""
    newer = record.version - version
    entries = entries_of(record).exclude(verb__endswith=".shared").exclude(verb__endswith=".unshared")
    return {key for changes in entries.values_list("changes", flat=True)[:newer] for key in (changes or {})}


def _change(key: str, pair: list[Any], field: Field | None, user: User) -> FieldChange:
    if field is not None and not field.readable_by(user):
        return FieldChange(field, key, None, None, withheld=True)
    old, new = pair
    return FieldChange(field, key, old, new, withheld=False)
