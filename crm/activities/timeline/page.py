"""One page of a record's timeline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone

from crm.activities.timeline import activities, changes  # noqa: F401  # they register themselves
from crm.activities.timeline.entries import Ask, Cursor, Entry, sources
from crm.users.models import User

SIZE = 20


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[Entry]
    heading: bool = True


@dataclass(frozen=True)
class Timeline:
    """`upcoming` soonest first, then `days` newest first; `after` is the cursor of the next page, "" at the end."""

    upcoming: list[Entry]
    days: list[Day]
    after: str
    show: str
    actor: int | None
    shows: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.upcoming and not self.days


def timeline_of(record: Any, user: User, *, show: str = "", actor: int | None = None, after: Cursor | None = None) -> Timeline:
    """The newest 20 entries of a record that the person sees, after the cursor. At most four statements."""
    known = [shown for source in sources() for shown in source.shows]
    show = show if show in {key for key, _label in known} else ""
    ask = Ask(record, user, SIZE + 1, show, actor, after)
    found = [entry for source in sources() for entry in source.load(ask)]
    upcoming = sorted((entry for entry in found if entry.upcoming), key=lambda entry: entry.at)
    past = sorted((entry for entry in found if not entry.upcoming), key=lambda entry: entry.order)
    page = past[:SIZE]
    cursor = str(page[-1].cursor) if len(past) > SIZE else ""
    return Timeline(upcoming, list(_by_day(page, after)), cursor, show, actor, known)


def _by_day(entries: list[Entry], after: Cursor | None) -> Iterator[Day]:
    """A day that the page before began has its heading there."""
    begun = timezone.localtime(after.at).date() if after else None
    for day, group in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date()):
        yield Day(day, list(group), heading=day != begun)
