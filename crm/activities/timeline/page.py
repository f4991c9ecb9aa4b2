"""One page of a record's timeline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone

from crm.activities.models import ActivityLink
from crm.activities.timeline import activities, changes  # noqa: F401  # they register themselves
from crm.activities.timeline.entries import Ask, Cursor, Entry, Filters, sources
from crm.users.models import User

SIZE = 20
NEWEST = 500


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[Entry]
    heading: bool = True


@dataclass(frozen=True)
class Timeline:
    """`upcoming` soonest first, then `days` newest first; `after` and `coming` are the cursors of the next page of each, "" at the end."""

    upcoming: list[Entry]
    days: list[Day]
    after: str
    filters: Filters
    shows: list[tuple[str, Any]] = field(default_factory=list)
    coming: str = ""

    @property
    def empty(self) -> bool:
        return not self.upcoming and not self.days


def timeline_of(
    record: Any, user: User, *, filters: Filters | None = None, after: Cursor | None = None, coming: Cursor | None = None
) -> Timeline:
    """The newest 20 entries of a record that the person sees, after the cursor, and the next 20 to come. At most four statements."""
    known = [shown for source in sources() for shown in source.shows]
    filters = filters or Filters()
    if filters.show not in {key for key, _label in known}:
        filters = filters.but(show="")
    ask = Ask(record, user, SIZE + 1, filters, after, coming)
    found = [entry for source in sources() for entry in source.load(ask)]
    upcoming = sorted((entry for entry in found if entry.upcoming), key=lambda entry: (entry.at, entry.pk))
    past = sorted((entry for entry in found if not entry.upcoming), key=lambda entry: entry.order)
    page = past[:SIZE]
    cursor = str(page[-1].cursor) if len(past) > SIZE else ""
    further = str(upcoming[SIZE - 1].cursor) if len(upcoming) > SIZE else ""
    return Timeline(upcoming[:SIZE], list(_by_day(page, after)), cursor, filters, known, further)


def people_on(record: Any, user: User, timeline: Timeline) -> list[User]:
    """Who wrote the newest entries of a record, by name: whom its timeline can be narrowed to. Asked only where not all are shown."""
    if not timeline.after and not timeline.coming and not timeline.filters:
        shown = (*timeline.upcoming, *(entry for day in timeline.days for entry in day.entries))
        return sorted({entry.actor for entry in shown if entry.actor}, key=lambda person: (person.name, person.pk))
    links = ActivityLink.objects.filter(
        organization_id=user.organization_id or 0, record_type=record._meta.model_name, record_id=record.pk, actor_id__isnull=False
    )
    newest = links.order_by("-at", "-activity_id").values("actor_id")[:NEWEST]
    return list(User.objects.of_organization(user.organization_id).filter(pk__in=newest).order_by("name", "pk").only("name", "email"))


def _by_day(entries: list[Entry], after: Cursor | None) -> Iterator[Day]:
    """A day that the page before began has its heading there."""
    begun = timezone.localtime(after.at).date() if after else None
    for day, group in groupby(entries, key=lambda entry: entry.day):
        yield Day(day, list(group), heading=day != begun)
