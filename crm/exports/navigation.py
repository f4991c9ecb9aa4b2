"""Exports in the sidebar, and in the toolbar of each list that the person may export."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, record_types
from crm.ui import bulk, list_links
from crm.ui.bulk import BulkAction
from crm.ui.list_links import ListLink
from crm.ui.navigation import Group, NavigationItem, register
from crm.users.models import Reach, User


def may_export(user: User, record_type: RecordType) -> bool:
    """Whether there are records of the type that the person may export."""
    return all(record_type.reach(user, verb) != Reach.NONE for verb in ("view", "export"))


def may_export_any(user: User) -> bool:
    return any(may_export(user, record_type) for record_type in record_types)


register(NavigationItem(_("Exports"), "export-list", "download", Group.MANAGE, order=11, visible=may_export_any))
list_links.register(ListLink("export", _("Export"), "download", "export-new", visible=may_export))
bulk.register(BulkAction("", "export", _("Export"), "download", "export-new", order=80, visible=may_export, one_of_several=False))
