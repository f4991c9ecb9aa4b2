from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.users.models.users import User


class Outcome(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    LOCKED_OUT = "locked_out", _("Locked out after too many attempts")
    SECOND_FACTOR_FAILED = "second_factor_failed", _("Wrong second factor")
    SWITCHED_OFF = "switched_off", _("Account switched off")
    SIGNED_OUT = "signed_out", _("Signed out")
    IDLE = "idle", _("Signed out after a time without activity")
    PASSWORD_CHANGED = "password_changed", _("Changed the password")
    EMAIL_CHANGED = "email_changed", _("Changed the e-mail address")
    FACTOR_ADDED = "factor_added", _("Set up a second factor")
    FACTOR_REMOVED = "factor_removed", _("Removed a second factor")


class SignInQuerySet(models.QuerySet["SignIn"]):
    def of_organization(self, organization_id: int | None) -> "SignInQuerySet":
        return self.filter(user__organization_id=organization_id) if organization_id is not None else self.none()


class SignIn(models.Model):
    """One attempt to sign in, or one end of a session. Written before a tenant is known; `user` is empty for an unknown address."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sign_ins", db_index=False)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    address = models.GenericIPAddressField(_("address"))
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_person"), models.Index(fields=["-at"], name="sign_in_newest")]

    def __str__(self) -> str:
        return f"{self.email or self.user} {self.outcome}"

    @property
    def succeeded(self) -> bool:
        return self.outcome == Outcome.SIGNED_IN

    @property
    def failed(self) -> bool:
        return self.outcome in {Outcome.WRONG_PASSWORD, Outcome.LOCKED_OUT, Outcome.SECOND_FACTOR_FAILED, Outcome.SWITCHED_OFF}

    @property
    def changed_account(self) -> bool:
        """Not about a session: how the person signs in was changed."""
        changes = {Outcome.PASSWORD_CHANGED, Outcome.EMAIL_CHANGED, Outcome.FACTOR_ADDED, Outcome.FACTOR_REMOVED}
        return self.outcome in changes
