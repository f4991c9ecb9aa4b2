"""Setup in the sidebar, and its own pages."""

from django.utils.translation import gettext_lazy as _

from crm.setup.pages import SetupPage
from crm.setup.pages import register as register_pages
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.users.models import User


def _administers(user: User) -> bool:
    return user.is_administrator


register(NavigationItem(_("Setup"), "setup", "settings", Group.MANAGE, order=90, shortcut="s", visible=_administers))
register_command(Command(_("Invite a person"), "person-invite", "user-plus", order=90, visible=_administers))
register_pages(
    SetupPage(_("Organization"), "organization", "building", _("Name, time zone, currency, dates"), order=10),
    SetupPage(_("People"), "person-list", "users", _("Who signs in, with which role, in which team"), order=20),
    SetupPage(_("Teams"), "team-list", "hierarchy", _("Who works together, and who leads whom"), order=30),
    SetupPage(_("Roles and permissions"), "role-list", "shield-lock", _("Who may see and change what"), order=40),
    SetupPage(_("Fields"), "field-list", "forms", _("What your records ask for beyond the usual"), order=45),
    SetupPage(_("API"), "api-token-list", "plug", _("Tokens with which programs work, and what they asked"), order=75),
    SetupPage(_("Sign-ins"), "sign-in-list", "login", _("Who signed in, from where, and who failed to"), order=80),
    SetupPage(_("Unusual access"), "access-notice-list", "eye", _("Who read or took out much, or came from somewhere new"), order=82),
    SetupPage(_("Changes in Setup"), "setup-changes", "history", _("Who changed people, teams, roles and settings"), order=85),
    SetupPage(_("Administration"), "admin:index", "tool", _("Rows as tables, for administrators with a second factor"), order=95),
    SetupPage(_("Outgoing mail"), "held-mail-list", "mailbox", _("Mails that wait, or that the mail server did not take"), order=90),
)
