from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import Organization
from crm.users.models.roles import Reach, Role
from crm.users.models.teams import Team


class Theme(models.TextChoices):
    SYSTEM = "system", _("Like the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserQuerySet(models.QuerySet["User"]):
    def of_organization(self, organization_id: int | None) -> Self:
        return self.filter(organization_id=organization_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_address(self, email: str) -> Self:
        """Whoever signs in with this address, in any organization: nobody or one."""
        return self.filter(email__iexact=email)

    def administrators(self) -> Self:
        """Those who may sign in and administer. In the tenant's transaction: roles are under its policy."""
        return self.active().filter(role__is_administrator=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def of_organization(self, organization_id: int | None) -> UserQuerySet:
        return self.get_queryset().of_organization(organization_id)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        user = self.model(email=email.strip(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """The operator of the installation: belongs to no organization, and needs no mail to show the address: the console has."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415  # its models need this one

        operator = self.create_user(email, password, **{"is_staff": True, "is_superuser": True, "name": email, **facts})
        EmailAddress.objects.create(user=operator, email=operator.email, verified=True, primary=True)
        return operator


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. Belongs to one organization; the operator belongs to none."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="users")
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("role"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("team"))
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the workshop"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    shortcuts_enabled = models.BooleanField(_("single-key shortcuts"), default=True)
    start_views: Any = models.JSONField(default=dict, blank=True, editable=False, help_text=_("{record type: saved view} of lists."))
    home: Any = models.JSONField(null=True, blank=True, editable=False, help_text=_("Keys of the panels of the first page, in order."))
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(role__isnull=False), name="user_of_an_organization_has_a_role"
            ),
        ]
        indexes = [models.Index(fields=["organization", "name"], name="user_by_name"), models.Index(fields=["team"], name="user_by_team")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def own_organization(self) -> Organization:
        """The organization this person works for. Raises LookupError for the operator, who has none."""
        if self.organization is None:
            raise LookupError(f"{self} belongs to no organization")
        return self.organization

    @property
    def own_organization_id(self) -> int:
        """Its key, 0 for the operator: no row has it."""
        return self.organization_id or 0

    @property
    def is_administrator(self) -> bool:
        """Whether this person administers the own organization."""
        return self.role is not None and self.role.is_administrator

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone opens nothing: the role says so, or this is the operator, who reads everybody's mails."""
        return self.is_superuser or (self.role is not None and self.role.requires_second_factor)

    def reach(self, record_type: str, verb: str) -> Reach:
        """How far this person reaches; nowhere without a role or when deactivated."""
        if self.role is None or not self.is_active:
            return Reach.NONE
        return self.role.reach(record_type, verb)

    @cached_property
    def zone_name(self) -> str:
        """The person's own time zone, else the organization's."""
        if self.time_zone:
            return self.time_zone
        return self.organization.time_zone if self.organization else "UTC"
