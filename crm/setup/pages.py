"""The pages of Setup as data. Rooms above register theirs:

pages.register(SetupPage(_("Tags"), "tag-list", "tag", _("Words on customers and contacts"), order=50))
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class SetupPage:
    """One entry of Setup, for administrators. `url_name` takes no arguments; `text` says what is kept there."""

    label: Text
    url_name: str
    icon: str
    text: Text
    order: int = 50

    @property
    def address(self) -> str:
        return reverse(self.url_name)


_pages: dict[str, SetupPage] = {}


def register(*pages: SetupPage) -> None:
    """Add pages. The same `url_name` again replaces the earlier one."""
    _pages.update({page.url_name: page for page in pages})


def setup_pages() -> list[SetupPage]:
    return sorted(_pages.values(), key=lambda page: page.order)
