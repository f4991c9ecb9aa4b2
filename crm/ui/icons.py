"""The sprite static/icons.svg: one symbol per icon of Tabler, named as there."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


class UnknownIcon(LookupError):
    """A template names an icon that is not in static/icons.svg."""


@cache
def icon_names() -> frozenset[str]:
    found = finders.find("icons.svg")
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', Path(str(found)).read_text())) if found else frozenset()


def require_icon(name: str) -> None:
    """In development, fail where the page would show a hole."""
    if settings.DEBUG and name not in icon_names():
        raise UnknownIcon(f"static/icons.svg has no “{name}”; static/vendor/README.md says how to add it.")
