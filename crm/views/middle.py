"""The middle column of a record page, and the buttons that lead there, belong to an upper floor: whoever keeps what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Load = Callable[[HttpRequest, Any], dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """A template of the page with its context."""

    template: str
    context: dict[str, Any]


_parts: list[tuple[int, str, Load]] = []
_head: list[tuple[int, str, Load]] = []


def register_part(template: str, load: Load, *, order: int) -> None:
    """Put a template into the middle column of every record page. `load(request, record)` gives its context."""
    _parts.append((order, template, load))


def register_head(template: str, load: Load, *, order: int) -> None:
    """Put buttons into the head of every record page. `load(request, record)` gives the context."""
    _head.append((order, template, load))


def middle_of(request: HttpRequest, record: Any) -> list[Part]:
    """The parts for one record, in order."""
    return _loaded(_parts, request, record)


def head_of(request: HttpRequest, record: Any) -> list[Part]:
    """The parts of the head for one record, in order."""
    return _loaded(_head, request, record)


def _loaded(parts: list[tuple[int, str, Load]], request: HttpRequest, record: Any) -> list[Part]:
    return [Part(template, load(request, record)) for _order, template, load in sorted(parts, key=lambda part: part[:2])]
