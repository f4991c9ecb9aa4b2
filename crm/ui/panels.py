"""Panels beside a record: what an upper floor shows on a lower one's page. Registered by each app, never imported from below.

panels.register(Panel(on="customer", key="contacts", title=_("Contacts"), template="customers/contacts/panel.html", load=contacts_of))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from crm.users.models import Reach, User

Text = str | Promise


@dataclass(frozen=True)
class Panel:
    """`load(record, user)` gives the template's context, asking through `visible_to`. `needs` is a record type that must be in reach."""

    on: str
    key: str
    title: Text
    template: str
    load: Callable[[Any, User], dict[str, Any]]
    order: int = 50
    needs: str = ""


@dataclass(frozen=True)
class LoadedPanel:
    panel: Panel
    context: dict[str, Any]


_panels: dict[tuple[str, str], Panel] = {}


def register(*panels: Panel) -> None:
    """Add panels. The same place and key again replaces the earlier one."""
    _panels.update({(panel.on, panel.key): panel for panel in panels})


def panels_of(record: Any, request: HttpRequest) -> list[LoadedPanel]:
    """The panels of a record's page, in order, with what they show to this person."""
    user: Any = request.user
    key = record._meta.model_name
    shown = [panel for panel in _panels.values() if panel.on == key and _in_reach(panel, user)]
    return [LoadedPanel(panel, panel.load(record, user)) for panel in sorted(shown, key=lambda panel: panel.order)]


def _in_reach(panel: Panel, user: User) -> bool:
    return not panel.needs or user.reach(panel.needs, "view") != Reach.NONE
