"""What some record types take from a file besides their columns: registered by the room that knows them."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from crm.fields.fields import Field
from crm.users.models import User

Rows = Sequence[tuple[Any, dict[str, Any]]]


class Extra(Protocol):
    """`fields` are further targets; `prepare` turns what was read into columns and gives back what is not one; `write` gets (record,
    {key: value}) of the rest when the records are written, in the same transaction.
    """

    def fields(self) -> Sequence[Field]: ...

    def prepare(self, values: dict[str, Any], *, by: User) -> dict[str, Any]: ...

    def write(self, rows: Rows, *, by: User, new: bool) -> None: ...


_extras: dict[str, Callable[[], Extra]] = {}


def register_extra(record_type: str, extra: Callable[[], Extra]) -> None:
    """Once per record type; `extra` is called when it is needed."""
    _extras[record_type] = extra


def extra_of(record_type: str) -> Extra | None:
    return _extras[record_type]() if record_type in _extras else None


def extra_fields(record_type: str) -> Sequence[Field]:
    extra = extra_of(record_type)
    return extra.fields() if extra else ()
