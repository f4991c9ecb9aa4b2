"""The first page as data: what can stand there, who has it from the start, and what a role or a person chose instead. Rooms register:

home.register(HomePanel("tasks", _("Tasks due"), _("Yours that are due or late"), "home/tasks.html", tasks_due, wide=True, order=10))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from crm.users.models import Role, User
from crm.users.models.roles import NAMES

Text = str | Promise
MOST_TILES = 5
"""So many tiles fit into a row."""


@dataclass
class Visit:
    """One look at the first page. `once` keeps what several panels read."""

    user: User
    week: bool = False
    now: datetime = field(default_factory=timezone.localtime)
    known: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        if name not in self.known:
            self.known[name] = read()
        return self.known[name]


@dataclass(frozen=True)
class Tile:
    """A figure on top of the page; `url` is where one reads more."""

    label: Text
    value: int | str
    note: Text = ""
    url: str = ""


def _everybody(user: User) -> bool:
    return True


@dataclass(frozen=True)
class HomePanel:
    """One panel of the first page.

    `load` gives what the template calls `data`, read as this person may; None leaves the panel out today. `usual_for` are the keys of
    the ready roles that have it from the start, None for all; an organization's own roles begin like a sales rep's, or like an
    administrator's. `may_have` says who can choose it.
    `tile` makes the figure on top from what was loaded.
    """

    key: str
    label: Text
    why: Text
    template: str
    load: Callable[[Visit], Any]
    wide: bool = False
    order: int = 50
    usual_for: frozenset[str] | None = None
    may_have: Callable[[User], bool] = _everybody
    tile: Callable[[Any], Tile] | None = None


@dataclass(frozen=True)
class ShownPanel:
    panel: HomePanel
    data: Any


_panels: dict[str, HomePanel] = {}


def register(*panels: HomePanel) -> None:
    """Add panels. The same key again replaces the earlier one."""
    _panels.update({panel.key: panel for panel in panels})


def all_panels() -> list[HomePanel]:
    return sorted(_panels.values(), key=lambda panel: (not panel.wide, panel.order))


def usual_panels(role: Role) -> list[HomePanel]:
    """What the people of a role see who chose nothing: what an administrator chose for it, else what belongs to its work."""
    if role.home is not None:
        return _named(role.home)
    return [panel for panel in all_panels() if _belongs(panel, role)]


def panels_of(user: User) -> list[HomePanel]:
    """The person's panels in order: the own choice, else the role's; only what the person may have."""
    if user.role is None:
        return []
    chosen = usual_panels(user.role) if user.home is None else _named(user.home)
    return [panel for panel in chosen if panel.may_have(user)]


def panels_on_offer(user: User) -> list[HomePanel]:
    """All that the person may have."""
    return [panel for panel in all_panels() if panel.may_have(user)]


def shown_panels(visit: Visit) -> list[ShownPanel]:
    """The person's panels with what they hold today."""
    loaded = [ShownPanel(panel, panel.load(visit)) for panel in panels_of(visit.user)]
    return [shown for shown in loaded if shown.data is not None]


def tiles_of(shown: Iterable[ShownPanel]) -> list[Tile]:
    """The figures on top of the page, from what the panels hold."""
    return [one.panel.tile(one.data) for one in shown if one.panel.tile is not None][:MOST_TILES]


def _belongs(panel: HomePanel, role: Role) -> bool:
    like = role.key if role.key in NAMES else "administrator" if role.is_administrator else "sales-rep"
    return panel.usual_for is None or like in panel.usual_for


def _named(keys: Iterable[str]) -> list[HomePanel]:
    """In the order of the keys; a panel that is no longer there is passed over."""
    return [_panels[key] for key in keys if key in _panels]
