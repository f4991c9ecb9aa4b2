from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch

from crm.ui import navigation
from crm.ui.navigation import Command, NavigationItem


def check_navigation(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every entry of the navigation and every command leads somewhere."""
    found: list[CheckMessage] = []
    entries: list[NavigationItem | Command] = [*navigation.registered_items(), *navigation.registered_commands()]
    for entry in entries:
        try:
            entry.address()
        except NoReverseMatch:
            hint = "Add the page to the urls, or register the entry in the app that has the page."
            found.append(Error(f"“{entry.label}” leads to “{entry.url_name}”, which is no page.", hint=hint, id="ui.E001"))
    return found
