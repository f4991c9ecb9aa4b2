from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.log import CREATE
from crm.users.actions.checks import require_administrator, tell
from crm.users.actions.organizations import forget_promises, verify_address
from crm.users.actions.teams import join_team
from crm.users.models import Invitation, Role, Team, User


@transaction.atomic
def invite_person(email: str, *, role: Role, team: Team | None = None, by: User) -> Invitation:
    """Let an address join the organization. The caller sends the mail. Raises AdministratorsOnly, ValidationError for `email`."""
    organization_id = require_administrator(by, role.organization_id)
    require_same_organization(by, team)
    email = email.strip()
    Invitation._meta.get_field("email").run_validators(email)
    if User.objects.of_organization(by.organization_id).filter(email__iexact=email).exists():
        raise ValidationError({"email": _("%(email)s is here already.") % {"email": email}})
    invitation = Invitation(organization_id=organization_id, email=email, role=role, team=team, invited_by=by)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        raise ValidationError(
            {"email": _("%(email)s is invited already. Send that invitation again instead.") % {"email": email}}
        ) from None
    tell(invitation, "person.invited", {"email": ("", email), "role": (None, role), "team": (None, team)}, by=by, action=CREATE)
    return invitation


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """A new link, valid again; the earlier one stops working. The caller sends the mail."""
    require_administrator(by, invitation.organization_id)
    _require_open(invitation)
    invitation.renew()
    invitation.save(update_fields=["nonce", "sent_at", "expires_at"])
    tell(invitation, "person.invited_again", {}, by=by)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """The link stops working."""
    require_administrator(by, invitation.organization_id)
    _require_open(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    tell(invitation, "person.invitation_revoked", {}, by=by)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, name: str, password: str) -> User:
    """Whoever has the link joins. In the tenant's transaction. Raises ValidationError where the link or the address is taken."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("role", "team").get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at or invitation.has_expired:
        raise ValidationError(_("This invitation does not work any more. Ask for a new one."))
    forget_promises(email__iexact=invitation.email)
    _require_free_address(invitation.email)
    user = User(organization_id=invitation.organization_id, email=invitation.email, name=name, role=invitation.role)
    user.set_password(password)
    user.save()
    join_team(user, invitation.team)
    verify_address(user)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    tell(user, "person.joined", {"email": ("", user.email), "role": (None, user.role), "team": (None, user.team)}, by=user, action=CREATE)
    return user


def require_same_organization(by: User, *things: Role | Team | User | None) -> None:
    """Raise ValidationError where something belongs to another organization."""
    if any(thing is not None and thing.organization_id != by.organization_id for thing in things):
        raise ValidationError(_("This is not of your organization."))


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise ValidationError(_("This invitation was accepted or withdrawn in the meantime."))


def _require_free_address(email: str) -> None:
    """Told to the holder of the mailbox only: who invites must not learn who is elsewhere."""
    if User.objects.get_queryset().of_address(email).exists() or EmailAddress.objects.filter(email__iexact=email, verified=True).exists():
        raise ValidationError(
            _("You sign in with %(email)s already, and an address belongs to one organization. Ask to be invited with another address.")
            % {"email": email}
        )
