"""Imports in the sidebar, for whoever may make or change records."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.imports.kinds import IMPORTABLE
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.users.models import Reach, User


def may_import(user: User) -> bool:
    """Whether there is a type of record that the person may import."""
    return any(user.reach(key, verb) != Reach.NONE for key in IMPORTABLE if key in record_types for verb in ("create", "change"))


register(NavigationItem(_("Imports"), "import-list", "file-import", Group.MANAGE, order=10, visible=may_import))
register_command(Command(_("Import a file"), "import-new", "upload", order=80, visible=may_import))
