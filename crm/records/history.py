"""Reading the log of one record under the field access of whoever looks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.models import LogEntry
from crm.fields.custom import PREFIX
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType, record_types
from crm.records.models import Record
from crm.users.models import FieldLevel, User

Key = tuple[str, int]
BESIDE = ("beside", "shared", "unshared", "linked", "unlinked", "attendees")
"""The last words of verbs that change what hangs on a record: its own version does not move, and no field can be set back."""
LABELS: dict[str, Any] = {
    "shares": gettext_lazy("shared with"),
    "deleted_at": gettext_lazy("deleted"),
    "links": gettext_lazy("about"),
    "attendees": gettext_lazy("colleagues"),
}


@dataclass(frozen=True)
class FieldChange:
    """One field of one change. Values as the log keeps them; both are None and `withheld` is true where the role hides the field."""

    field: Field | None
    key: str
    label: Any
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
    record_type = record_types.of(record)
    fields = record_type.fields
    entries = entries_of(record).select_related("actor").filter(only or Q())
    if before:
        entries = entries.filter(pk__lt=before)
    if by:
        entries = entries.filter(actor_id=by)
    page = list(entries[:size])
    seen = _seen([(fields.get(key), value) for entry in page for key, pair in (entry.changes or {}).items() for value in pair], user)
    for entry in page:
        changes = [_change(record_type, key, pair, user, seen) for key, pair in (entry.changes or {}).items()]
        yield HistoryEntry(entry.pk, entry.timestamp, entry.actor, entry.verb, changes)


def fields_changed_since(record: Record, version: int) -> set[str]:
    """Which fields later versions touched. Each change is one entry, so the newest ones are those after `version`."""
    newer = record.version - version
    entries = entries_of(record).exclude(verb__in=[f"{record._meta.model_name}.{word}" for word in BESIDE])
    return {key for changes in entries.values_list("changes", flat=True)[:newer] for key in (changes or {})}


def _change(record_type: RecordType, key: str, pair: list[Any], user: User, seen: set[Key]) -> FieldChange:
    """What hangs on a record is read by who reads the field that it goes with."""
    field = record_type.fields.get(key)
    words = key.removeprefix(PREFIX).replace("_", " ") if key.startswith(PREFIX) else key
    goes_with, label = record_type.beside.get(key, ("", LABELS.get(key, words)))
    guard = field or record_type.fields.get(goes_with)
    label = field.label if field else label
    withheld = not guard.readable_by(user) if guard is not None else _was_withheld(record_type, key, user)
    if withheld:
        return FieldChange(field, key, label, None, None, withheld=True)
    old, new = (_within_sight(value, field, seen) for value in pair)
    return FieldChange(field, key, label, old, new, withheld=False)


def _was_withheld(record_type: RecordType, key: str, user: User) -> bool:
    """Whether the role withholds a field that was added and has been removed since: the log goes on knowing its values."""
    if not key.startswith(PREFIX) or user.role is None:
        return False
    return user.role.level(record_type.key, key) in {FieldLevel.HIDDEN, FieldLevel.MASKED}


def _within_sight(value: Any, field: Field | None, seen: set[Key]) -> Any:
    """A logged value without the names of records that the person does not see."""
    if isinstance(value, list):
        return [_within_sight(item, field, seen) for item in value]
    key = _named(value, field)
    return value if key is None or key in seen else {"id": None, "name": _("Not visible to you")}


def _seen(values: Iterable[tuple[Field | None, Any]], user: User) -> set[Key]:
    """Those of the records that logged values name which the person sees. One statement for each type."""
    named: dict[str, set[int]] = {}
    for field, value in values:
        for item in value if isinstance(value, list) else [value]:
            key = _named(item, field)
            if key is not None and key[0] in record_types:
                named.setdefault(key[0], set()).add(key[1])
    return {
        (of, pk)
        for of, pks in named.items()
        for pk in record_types[of].objects().visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)
    }


def _named(value: Any, field: Field | None) -> Key | None:
    """The record that a logged value names: its type and key. None for other values, and for people, teams and tags, which all may see."""
    if not isinstance(value, dict) or "id" not in value:
        return None
    if field is not None and field.kind != Kind.REFERENCE:
        return None
    target: Any = field.column.remote_field.model if field is not None and field.column is not None else None  # type: ignore[union-attr]
    return str(target._meta.model_name if target else value.get("type", "")), value["id"]
