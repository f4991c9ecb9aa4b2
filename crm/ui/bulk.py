"""What can be done with several records of a list at once. Each floor registers its own; a list without any shows no bar.

bulk.register(BulkAction("customer", "assign", _("Assign"), "user-plus", "customer-bulk-assign"))
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from crm.fields.record_types import RecordType
from crm.users.models import User


def _everybody(user: User, record_type: RecordType) -> bool:
    return True


@dataclass(frozen=True)
class BulkAction:
    """A button of the bar. It sends the keys as `pk`, or `every_match=1`, and the list's query as `list` to the page `url_name`.

    `on` is a record type's key, "" for all of them: then the page gets the record type, and the action's key where it does several.
    """

    on: str
    key: str
    label: str | Promise
    icon: str
    url_name: str
    classes: str = ""
    order: int = 50
    visible: Callable[[User, RecordType], bool] = _everybody
    one_of_several: bool = True

    def address(self, record_type: str) -> str:
        if self.on:
            return reverse(self.url_name)
        return reverse(self.url_name, args=[record_type, self.key] if self.one_of_several else [record_type])


_actions: dict[tuple[str, str], BulkAction] = {}


def register(*actions: BulkAction) -> None:
    """Add buttons. The same place and key again replaces the earlier one."""
    _actions.update({(action.on, action.key): action for action in actions})


def any_bulk_actions() -> bool:
    """Whether rows can be selected anywhere."""
    return bool(_actions)


def bulk_actions_of(record_type: RecordType, user: User) -> list[tuple[BulkAction, str]]:
    """The buttons of this list for this person, with the addresses they send to."""
    found = [action for action in _actions.values() if action.on in {"", record_type.key} and action.visible(user, record_type)]
    return [(action, action.address(record_type.key)) for action in sorted(found, key=lambda action: action.order)]
