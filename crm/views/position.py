"""Where a record stands in the list that it was opened from."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from crm.fields.record_types import record_types


@dataclass(frozen=True)
class Position:
    """Addresses are "" where there is none; `index` and `total` are None when they are not known."""

    back_url: str
    previous_url: str = ""
    next_url: str = ""
    index: int | None = None
    total: int | None = None


def neighbours(request: HttpRequest, record: Any) -> Position:
    """Previous and next record of the list that the page was opened from."""
    return Position(record_types.of(record).list_url)
