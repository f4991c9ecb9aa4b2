"""How a Shown looks: filled from the stencils in templates/components/values, so that a list page can have hundreds."""

import html
import re
from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.fields.kinds import Kind
from crm.ui import formats
from crm.ui.stencils import Stencil
from crm.ui.templatetags.tern import TIME, badge, icon, who
from crm.ui.values import Shown

EMPTY = Stencil("components/values/empty.html", "text")
WITHHELD = Stencil("components/values/withheld.html", "icon", "text", "title")
LINK = Stencil("components/values/link.html", "url", "text")
OUTSIDE = Stencil("components/values/outside.html", "url", "text")
EXPLAINED = Stencil("components/values/explained.html", "text", "title")
LINES = Stencil("components/values/lines.html", "text")
BREAK = Stencil("components/values/break.html")
LONG_WORDS = frozenset({Kind.EMAIL, Kind.URL})
JOINTS = re.compile(r"(?<=[@/_-])|(?=\.)")


def draw(shown: Shown, *, plain: bool = False, narrow: bool = False) -> SafeString:
    """The value's markup. `plain` leaves out links: inside something that is pressed itself; `narrow` lets addresses break."""
    if shown.state == "value":
        drawn = _address(shown, plain) if narrow and shown.kind in LONG_WORDS else _value(shown, plain)
        return format_html("{} {}", drawn, badge(shown.refused, "red")) if shown.refused else drawn
    if shown.state == "empty":
        return EMPTY(text=formats.EMPTY)
    return WITHHELD(icon=icon("lock"), text=shown.text, title=shown.title)


def _value(shown: Shown, plain: bool) -> SafeString:
    drawing = DRAWINGS.get(shown.kind)
    if drawing is not None:
        return drawing(shown)
    return _link(shown, shown.text) if shown.url and not plain else _text(shown)


def _link(shown: Shown, text: str) -> SafeString:
    return (OUTSIDE if shown.kind == Kind.URL else LINK)(url=shown.url, text=text)


def _address(shown: Shown, plain: bool) -> SafeString:
    """A long word that may go on in the next line at its joints."""
    text = SafeString(BREAK().join(html.escape(part) for part in JOINTS.split(shown.text)))
    return _link(shown, text) if shown.url and not plain else text


def _text(shown: Shown) -> SafeString:
    return EXPLAINED(text=shown.text, title=shown.title) if shown.title else SafeString(html.escape(shown.text))


def _tags(shown: Shown) -> SafeString:
    return format_html_join(" ", "{}", ((badge(part.text, part.hue or "grey"),) for part in shown.parts))


DRAWINGS: dict[str, Callable[[Shown], SafeString]] = {
    Kind.CHOICE: lambda shown: badge(shown.text, shown.hue, dot=True) if shown.hue else _text(shown),
    Kind.ENTRY: lambda shown: badge(shown.text, shown.hue, dot=True) if shown.hue else _text(shown),
    Kind.PERSON: lambda shown: who(shown.text),
    Kind.TAGS: _tags,
    Kind.CHOICES: _tags,
    Kind.TIME: lambda shown: TIME(text=shown.text, iso=shown.iso, exact=shown.title),
    Kind.LONG_TEXT: lambda shown: LINES(text=shown.text),
}
