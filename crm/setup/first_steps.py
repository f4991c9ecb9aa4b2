"""The first steps that are taken in Setup."""

from django.utils.translation import gettext_lazy as _

from crm.audit.models import LogEntry
from crm.mail.outgoing import mails_are_held
from crm.ui.first_steps import FirstStep, register
from crm.users.adapters import has_second_factor
from crm.users.models import Invitation, Team, User


def _settings_kept(user: User) -> bool:
    return LogEntry.objects.filter(organization_id=user.own_organization_id, verb="organization.changed").exists()


def _has_teams(user: User) -> bool:
    return Team.objects.filter(organization_id=user.own_organization_id).exists()


def _has_colleagues(user: User) -> bool:
    others = User.objects.of_organization(user.organization_id).exclude(pk=user.pk)
    return others.exists() or Invitation.objects.filter(organization_id=user.own_organization_id).exists()


register(
    FirstStep("settings", _("Look over the settings"), _("Time zone, language, currency"), "organization", _settings_kept, order=10),
    FirstStep(
        "factor", _("Protect your account"), _("A second factor, since you may do everything"), "mfa_index", has_second_factor, order=20
    ),
    FirstStep(
        "mail", _("Let mail out"), _("Until a server is set, mails wait on a page"), "held-mail-list",
        lambda user: not mails_are_held(), order=30,
    ),
    FirstStep("teams", _("Make your teams"), _("They say who sees what"), "team-list", _has_teams, order=40),
    FirstStep("people", _("Invite your colleagues"), _("Each with a role and a team"), "person-invite", _has_colleagues, order=50),
)  # fmt: skip
