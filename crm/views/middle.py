"""The middle column of a record page belongs to an upper floor: whoever keeps what happened furnishes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Load = Callable[[HttpRequest, Any], dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """A template of the middle column with its context."""

    template: str
    context: dict[str, Any]


_parts: list[tuple[int, str, Load]] = []


def register_part(template: str, load: Load, *, order: int) -> None:
    """Put a template into the middle column of every record page. `load(request, record)` gives its context."""
    _parts.append((order, template, load))


def middle_of(request: HttpRequest, record: Any) -> list[Part]:
    """The parts for one record, in order."""
    return [Part(template, load(request, record)) for _order, template, load in sorted(_parts, key=lambda part: part[:2])]
