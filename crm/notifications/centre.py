"""The page of notifications: which of them a person has asked for, and a page of those."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from crm.notifications.models import Notification, NotificationQuerySet
from crm.notifications.wording import Shown, kinds, worded
from crm.users.models import User

SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Centre:
    """The notifications of a person: all or only unread ones, of every kind or of one. Whatever else was asked for is ignored."""

    person: User
    asked: QueryDict

    @property
    def only_unread(self) -> bool:
        return self.asked.get("show") == "unread"

    @property
    def kind(self) -> str:
        asked = self.asked.get("kind", "")
        return asked if asked in kinds() else ""

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return sorted(kinds().items(), key=lambda item: item[1])

    @cached_property
    def found(self) -> list[Notification]:
        mine = self._asked_for().select_related("actor").order_by("-at", "-pk")
        return list(mine[: SIZE + 1])

    @cached_property
    def shown(self) -> list[Shown]:
        return worded(self.found[:SIZE], self.person)

    @property
    def query(self) -> str:
        """What was asked for, as an address has it: "?show=unread&kind=mentioned"."""
        return self._address(show="unread" if self.only_unread else "")

    @property
    def all_query(self) -> str:
        return self._address(show="")

    @property
    def unread_query(self) -> str:
        return self._address(show="unread")

    @property
    def next_query(self) -> str:
        """The page of earlier ones; "" where there are none."""
        before = str(self.found[SIZE - 1].pk) if len(self.found) > SIZE else ""
        return self._address(show="unread" if self.only_unread else "", before=before) if before else ""

    def _address(self, **chosen: str) -> str:
        return "?" + urlencode({key: value for key, value in {**chosen, "kind": self.kind}.items() if value})

    def _asked_for(self) -> NotificationQuerySet:
        mine = Notification.objects.of(self.person).of_kind(self.kind)
        mine = mine.unread() if self.only_unread else mine
        before = self.asked.get("before", "")
        if not (before.isdecimal() and len(before) < 19):
            return mine
        last = Notification.objects.of(self.person).filter(pk=int(before)).first()
        return mine.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else mine


def moment(at: datetime) -> int:
    """A time as an address has it: microseconds."""
    return (at - EPOCH) // timedelta(microseconds=1)


def time_of(moment: int) -> datetime | None:
    """The time of an address; None where there is no such time."""
    try:
        return EPOCH + timedelta(microseconds=moment)
    except OverflowError:
        return None
