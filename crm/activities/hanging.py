"""What an activity hangs on: upper floors say which records belong together, this floor knows none of them."""

from collections.abc import Callable, Iterable
from typing import Any

from crm.users.models import User

Related = Callable[[Any, User], Iterable[Any]]
_companions: dict[str, Related] = {}
_participants: dict[str, Related] = {}
_parents: list[str] = []


def register_parents(*record_types: str) -> None:
    """Who sees records of these types sees the activities that hang on them. Their migration has SeeActivitiesWith."""
    _parents.extend(key for key in record_types if key not in _parents)


def parents() -> list[str]:
    """The keys of the record types that show their activities."""
    return _parents


def register_companions(record_type: str, related: Related) -> None:
    """What is written on a record of this type hangs on these, too: a note on a contact belongs to its customer as well."""
    _companions[record_type] = related


def register_participants(record_type: str, related: Related) -> None:
    """Who may have taken part in a call or a meeting with a record of this type, within the person's sight."""
    _participants[record_type] = related


def participants_of(record: Any, user: User) -> list[Any]:
    related = _participants.get(record._meta.model_name)
    return list(related(record, user)) if related else []


def with_companions(records: Iterable[Any], user: User) -> list[Any]:
    """The records and what belongs to them, each once."""
    found: dict[tuple[str, int], Any] = {}
    for record in records:
        key = record._meta.model_name
        found.setdefault((key, record.pk), record)
        for other in _companions[key](record, user) if key in _companions else []:
            found.setdefault((other._meta.model_name, other.pk), other)
    return list(found.values())
