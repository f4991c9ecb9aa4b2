"""Imports in the sidebar, for whoever may make or change records."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.imports.kinds import IMPORTABLE
from crm.imports.models import Import, Stage
from crm.ui.first_steps import FirstStep
from crm.ui.first_steps import register as register_step
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.users.models import Reach, User


def may_import(user: User) -> bool:
    """Whether there is a type of record that the person may import."""
    return any(user.reach(key, verb) != Reach.NONE for key in IMPORTABLE if key in record_types for verb in ("create", "change"))


def _has_imported(user: User) -> bool:
    return Import.objects.filter(organization_id=user.own_organization_id, stage=Stage.DONE).exists()


register(NavigationItem(_("Imports"), "import-list", "file-import", Group.MANAGE, order=10, visible=may_import))
register_step(FirstStep("import", _("Bring your customers"), _("From a file: CSV, Excel or vCard"), "import-new", _has_imported, order=60))
register_command(Command(_("Import a file"), "import-new", "upload", order=80, visible=may_import))
