from datetime import datetime, timedelta
from typing import Self

from django.core.signing import Signer
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models.roles import Role
from crm.users.models.teams import Team
from crm.users.models.users import User

VALID_FOR = timedelta(days=14)
SIGNER = Signer(salt="crm.users.invitation", sep=".")


def default_expiry() -> datetime:
    return timezone.now() + VALID_FOR


def new_nonce() -> str:
    return get_random_string(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor withdrawn; too old ones are among them, to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def of_key(self, key: str) -> Self:
        """The invitation that a link's key stands for, if it can still be accepted. In the tenant's transaction."""
        pk, nonce = _parts(key)[1:]
        return self.open().filter(pk=pk, nonce=nonce, expires_at__gt=timezone.now())


class Invitation(TenantModel):
    """An address that may join with a role. The link's key is signed and never stored; a new nonce makes old links worthless."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.ForeignKey(Role, models.CASCADE, related_name="+", verbose_name=_("role"))
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team"))
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by"))
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=default_expiry)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                "organization", Lower("email"), condition=Q(accepted_at=None, revoked_at=None), name="invitation_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def key(self) -> str:
        """What the link carries: organization, invitation and nonce, signed with the installation's secret key."""
        return SIGNER.sign(f"{self.organization_id}-{self.pk}-{self.nonce}")

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    def renew(self) -> None:
        """A new link that works from now on, instead of the earlier ones. Not saved."""
        self.nonce, self.sent_at, self.expires_at = new_nonce(), timezone.now(), default_expiry()


def organization_of_key(key: str) -> int:
    """Whose invitation a link's key is. Raises BadSignature where nobody here made it."""
    return _parts(key)[0]


def _parts(key: str) -> tuple[int, int, str]:
    organization, pk, nonce = SIGNER.unsign(key).split("-")
    return int(organization), int(pk), nonce
