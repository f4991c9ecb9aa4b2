"""What the bell says of exports."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.exports.models import Export
from crm.exports.running import READY
from crm.notifications.kinds import NotificationKind, register
from crm.notifications.models import Notification
from crm.notifications.wording import subject, wording
from crm.ui import formats
from crm.users.models import User

register(NotificationKind(READY, gettext_lazy("Your export is ready")))


@subject("export")
def own_exports(keys: set[int], person: User) -> dict[int, Any]:
    """Only whoever made them."""
    return Export.objects.filter(organization_id=person.own_organization_id, person=person).in_bulk(keys)


@wording(READY, "download", gettext_lazy("Exports"))
def ready(notification: Notification, export: Any, person: User) -> tuple[str, str]:
    """Your export of customers is ready: 12,034 rows."""
    rows = export.rows or 0
    text = _("Your export is ready: %(records)s") % {"records": capfirst(str(export.type.label_plural))}
    return text, ngettext("%(n)s row", "%(n)s rows", rows) % {"n": formats.number(rows)}
