"""What the log says of a row that is no record: people, teams, roles, tags, the organization itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from crm.admin.attempts import in_words
from crm.audit.models import LogEntry
from crm.users.models import User

MOST = 100


@dataclass(frozen=True)
class Line:
    """One entry: `changes` are (what, from, to)."""

    entry: LogEntry
    changes: list[tuple[str, str, str]]


def lines_of(obj: Any, user: User) -> Iterator[Line]:
    """The newest hundred, in the tenant's transaction."""
    entries = LogEntry.objects.filter(
        organization_id=user.own_organization_id, content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk
    )
    for entry in entries.select_related("actor").order_by("-timestamp", "-pk")[:MOST]:
        changes = [(_label(obj, key), _text(old), _text(new)) for key, (old, new) in (entry.changes or {}).items()]
        yield Line(entry, changes)


def _label(obj: Any, key: str) -> str:
    try:
        column: Any = obj._meta.get_field(key)
    except FieldDoesNotExist:
        return key.replace("_", " ").replace(".", ": ").capitalize()
    return capfirst(str(getattr(column, "verbose_name", key)))


def _text(value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else in_words(value)
