"""One entry of a timeline, the place where a page of it ended, and the registry of those who furnish entries."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crm.users.models import User


@dataclass(frozen=True)
class Entry:
    """One happening. `template` draws it; `facts` are what the reader may see of it; `upcoming` ones stand on top."""

    rank: int
    pk: int
    at: datetime
    kind: str
    icon: str
    template: str
    actor: User | None = None
    hue: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    upcoming: bool = False
    whole_day: bool = False

    @property
    def day(self) -> date:
        """Its day on the reader's calendar; a whole day is the same date everywhere."""
        return self.at.astimezone(UTC).date() if self.whole_day else timezone.localtime(self.at).date()

    @property
    def order(self) -> tuple[float, int, int]:
        return -self.at.timestamp(), self.rank, -self.pk

    @property
    def cursor(self) -> "Cursor":
        return Cursor(self.at, self.rank, self.pk)


@dataclass(frozen=True)
class Cursor:
    """The last entry of the page before: time, source, key."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for what is no cursor: the first page."""
        parts = text.split("~")
        try:
            at = parse_datetime(parts[0])
            return cls(at, int(parts[1]), int(parts[2])) if at and at.tzinfo and int(parts[2]) < 2**63 else None
        except (ValueError, IndexError):
            return None


@dataclass(frozen=True)
class Filters:
    """What narrows a timeline: one kind of entry, one actor, words that stand in the entry."""

    show: str = ""
    actor: int | None = None
    words: str = ""

    def but(self, **changes: Any) -> "Filters":
        return replace(self, **changes)

    def query(self, **further: str) -> str:
        """As it stands in an address, behind the question mark."""
        asked = {"show": self.show, "by": str(self.actor or ""), "q": self.words, **further}
        return urlencode({key: value for key, value in asked.items() if value})

    def __bool__(self) -> bool:
        return bool(self.show or self.actor or self.words)


@dataclass(frozen=True)
class Ask:
    """What is asked of a source: at most `size` entries of a record that the person sees, after the cursor, within the filters.

    `coming` asks for nothing but what is to come, later than that cursor.
    """

    record: Any
    user: User
    size: int
    filters: Filters = Filters()
    after: Cursor | None = None
    coming: Cursor | None = None

    @property
    def show(self) -> str:
        return self.filters.show

    @property
    def actor(self) -> int | None:
        return self.filters.actor

    @property
    def first(self) -> bool:
        """Whether it is the first page, on which what is to come stands too."""
        return self.after is None and self.coming is None

    def beyond(self, rank: int, at: str, pk: str) -> Q:
        """After the cursor, in the order of all sources together: newest first, then by source, then by key."""
        if self.after is None:
            return Q()
        if rank > self.after.rank:
            return Q(**{f"{at}__lte": self.after.at})
        if rank < self.after.rank:
            return Q(**{f"{at}__lt": self.after.at})
        return Q(**{f"{at}__lte": self.after.at}) & ~Q(**{at: self.after.at, f"{pk}__gte": self.after.pk})


Load = Callable[[Ask], list[Entry]]


@dataclass(frozen=True)
class Source:
    """Who furnishes entries. `rank` orders sources at the same moment; `shows` are its filters: (key, label)."""

    key: str
    rank: int
    load: Load
    shows: tuple[tuple[str, Any], ...]


_sources: dict[str, Source] = {}


def timeline_source(source: Source) -> None:
    """Add a source. The same key again replaces the earlier one."""
    _sources[source.key] = source


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: source.rank)
