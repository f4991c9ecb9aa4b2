"""The sidebar, the phone's tab bar and the command palette as data. Apps register in their own navigation.py:

navigation.register(NavigationItem(_("Customers"), "customer-list", "users", Group.SELL, order=10, shortcut="c"))
navigation.register_command(Command(_("New customer"), "customer-create", "building-plus", shortcut="c"))
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.users.models import User

Text = str | Promise


class Group(StrEnum):
    """The groups of the sidebar, in their order. TOP has no heading; FOOT is the row of icons beside the person."""

    TOP = "top"
    SELL = "sell"
    SUPPORT = "support"
    MARKET = "market"
    MEASURE = "measure"
    MANAGE = "manage"
    FOOT = "foot"


HEADINGS: dict[Group, Text] = {
    Group.TOP: "",
    Group.SELL: _("Sell"),
    Group.SUPPORT: _("Support"),
    Group.MARKET: _("Market"),
    Group.MEASURE: _("Measure"),
    Group.MANAGE: _("Manage"),
    Group.FOOT: "",
}


def _everybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class NavigationItem:
    """A page in the sidebar.

    `url_name` takes no arguments. `shortcut` is the key after "g". `counted` are the rows whose number stands beside it, up to 99:
    asked on full pages only, all entries in one statement; none hides it. `late` is the word that turns a count red ("3 late").
    `on_phone` puts the page into the tab bar, which has room for four. `live` names the page that answers with the entry's newest
    form, asked every half minute while somebody looks. `area` names the page below which the entry is lit, its own otherwise.
    """

    label: Text
    url_name: str
    icon: str
    group: Group
    order: int = 50
    shortcut: str = ""
    visible: Callable[[User], bool] = _everybody
    counted: Callable[[User], QuerySet[Any]] | None = None
    late: Text = ""
    on_phone: bool = False
    live: str = ""
    area: str = ""

    def address(self) -> str:
        return reverse(self.url_name)

    def ground(self) -> str:
        """The address below which the entry is lit."""
        return reverse(self.area or self.url_name)


@dataclass(frozen=True)
class Command:
    """Something to make or do from anywhere: in the palette, and with "c" and the shortcut's key. `query` follows the address."""

    label: Text
    url_name: str
    icon: str
    order: int = 50
    shortcut: str = ""
    visible: Callable[[User], bool] = _everybody
    query: str = ""

    def address(self) -> str:
        return reverse(self.url_name) + (f"?{self.query}" if self.query else "")


_items: dict[str, NavigationItem] = {}
_commands: dict[tuple[str, str], Command] = {}


def register(*items: NavigationItem) -> None:
    """Add pages to the sidebar. The same `url_name` again replaces the earlier entry."""
    _items.update({item.url_name: item for item in items})


def register_command(*commands: Command) -> None:
    """Add commands to the palette. The same address again replaces the earlier command."""
    _commands.update({(command.url_name, command.query): command for command in commands})


def registered_items() -> list[NavigationItem]:
    """All entries, in the order of the sidebar."""
    groups = list(Group)
    return sorted(_items.values(), key=lambda item: (groups.index(item.group), item.order))


def registered_commands() -> list[Command]:
    """All commands, in the order of the palette."""
    return sorted(_commands.values(), key=lambda command: command.order)
