"""What can be done with a list as it stands, filters and all. Each floor registers its own:

list_links.register(ListLink("export", _("Export"), "download", "export-new", visible=may_export))
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from crm.fields.record_types import RecordType
from crm.users.models import User


@dataclass(frozen=True)
class ListLink:
    """A link in the list's toolbar to the page `url_name` of a record type, with the list's own query behind it."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    visible: Callable[[User, RecordType], bool]
    order: int = 50


_links: dict[str, ListLink] = {}


def register(*links: ListLink) -> None:
    """Add links. The same key again replaces the earlier one."""
    _links.update({link.key: link for link in links})


def list_links_of(record_type: RecordType, user: User, query: str) -> list[tuple[ListLink, str]]:
    """The links of this list for this person, with their addresses."""
    found = sorted((link for link in _links.values() if link.visible(user, record_type)), key=lambda link: link.order)
    return [(link, reverse(link.url_name, args=[record_type.key]) + query) for link in found]
