"""What the bell says of changes of many."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.bulk.jobs import DONE
from crm.bulk.models import BulkChange, Stage, State
from crm.notifications.kinds import NotificationKind, register
from crm.notifications.models import Notification
from crm.notifications.wording import subject, wording
from crm.ui import formats
from crm.users.models import User

register(NotificationKind(DONE, gettext_lazy("Your change of many records is done")))


@subject("bulkchange")
def own_changes(keys: set[int], person: User) -> dict[int, Any]:
    """Only whoever made them."""
    return BulkChange.objects.filter(organization_id=person.own_organization_id, person=person).in_bulk(keys)


@wording(DONE, "checkbox", gettext_lazy("Changes of many records"))
def done(notification: Notification, change: Any, person: User) -> tuple[str, str]:
    """Customers: “Owner: Bob Lee” is done: 12,034 changed, 3 refused."""
    said = {
        Stage.READY: _("Ready to be looked at: %(what)s"), Stage.DONE: _("Done: %(what)s"), Stage.UNDONE: _("Taken back: %(what)s"),
    }.get(change.stage, _("Running: %(what)s"))  # fmt: skip
    counts = [f"{formats.number(change.count(state))} {State(state).label.lower()}" for state in State.values if change.count(state)]
    return said % {"what": f"{capfirst(str(change.type.label_plural))}, {change.what}"}, " · ".join(counts)
