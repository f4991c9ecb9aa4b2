"""The recycle bin in the sidebar, for whoever may delete something."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.ui.navigation import Group, NavigationItem, register
from crm.users.models import Reach, User


def _deletes(user: User) -> bool:
    return any(kind.reach(user, "delete") != Reach.NONE for kind in record_types)


register(NavigationItem(_("Recycle bin"), "recycle-bin", "trash", Group.MANAGE, order=80, visible=_deletes))
