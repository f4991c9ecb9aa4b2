"""What the frame around every page shows. Nothing is asked before a template asks for it: a fragment costs nothing."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse

from crm.help.chapters import Chapter, chapter_for, chapter_on_errors
from crm.ui import navigation
from crm.ui.bulk import any_bulk_actions
from crm.ui.navigation import Command, Group, NavigationItem, Text
from crm.users.models import Theme, User, Viewing
from crm.users.viewing import viewing_of

MOST = 99


@dataclass(frozen=True)
class Link:
    """One entry of the sidebar as the page shows it."""

    label: Text
    url: str
    icon: str
    shortcut: str
    active: bool
    on_phone: bool
    count: int | None
    late: Text
    live: str = ""


@dataclass(frozen=True)
class LinkGroup:
    key: str
    heading: Text
    links: list[Link]


class Shell:
    """The frame for one request. `person` is None where nobody is signed in."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) and user.is_authenticated else None

    @property
    def viewing(self) -> Viewing | None:
        """Where an administrator sees Tern as `person`: since when, and until when."""
        return viewing_of(self.request)

    @property
    def organization(self) -> Any:
        return self.person.organization if self.person else None

    @property
    def theme(self) -> str:
        """ "light" or "dark"; empty follows the device."""
        chosen = self.person.theme if self.person else Theme.SYSTEM
        return "" if chosen == Theme.SYSTEM else str(chosen)

    @property
    def single_keys(self) -> bool:
        return bool(self.person and self.person.shortcuts_enabled)

    @property
    def selects_rows(self) -> bool:
        return any_bulk_actions()

    @property
    def help(self) -> Chapter:
        """What explains this page."""
        return chapter_for(self.request)

    @property
    def help_on_errors(self) -> Chapter:
        return chapter_on_errors()

    @cached_property
    def groups(self) -> list[LinkGroup]:
        if self.person is None:
            return []
        found = [
            LinkGroup(group, navigation.HEADINGS[group], [link for item, link in self._links if item.group == group]) for group in Group
        ]
        return [group for group in found if group.links]

    @property
    def tab_bar(self) -> list[Link]:
        return [link for _, link in self._links if link.on_phone][:4]

    @property
    def with_shortcut(self) -> list[Link]:
        return [link for _, link in self._links if link.shortcut]

    @cached_property
    def commands(self) -> list[Command]:
        person = self.person
        return [command for command in navigation.registered_commands() if command.visible(person)] if person else []

    @cached_property
    def _links(self) -> list[tuple[NavigationItem, Link]]:
        person = self.person
        if person is None or getattr(self.request, "is_operators_visit", False):  # its pages are not open to the operator
            return []
        items = [(item, item.address()) for item in navigation.registered_items() if item.visible(person)]
        active = _deepest([item.ground() for item, _ in items], self.request.path)
        counts = _counts([item for item, _ in items], person)
        return [(item, _link(item, url, counts[item.url_name], active=item.ground() == active)) for item, url in items]


def _deepest(urls: list[str], path: str) -> str | None:
    """The address that the path lies under; a home page only lights up for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)


def _counts(items: list[NavigationItem], person: User) -> Counter[str]:
    """How many rows stand beside each entry, counted no further than a badge has room for. One statement."""
    asked = [(item.url_name, item.counted(person)) for item in items if item.counted]
    named = [rows.order_by().annotate(entry=Value(name)).values_list("entry", flat=True)[:MOST] for name, rows in asked]
    return Counter(named[0].union(*named[1:], all=True)) if named else Counter()


def _link(item: NavigationItem, url: str, count: int, *, active: bool) -> Link:
    return Link(
        item.label, url, item.icon, item.shortcut, active, item.on_phone, count or None, item.late, reverse(item.live) if item.live else ""
    )
