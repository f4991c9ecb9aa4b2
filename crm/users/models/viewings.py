from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def open(self) -> "ViewingQuerySet":
        """Neither ended nor over."""
        return self.filter(ended_at=None, until__gt=timezone.now())


class Viewing(TenantModel):
    """That an administrator sees Tern as somebody else, read-only: from when, until when, and why."""

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("administrator"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("seen as"), db_index=False)
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    until = models.DateTimeField(_("until at most"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = ViewingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["person", "-began_at"], name="viewing_of_person")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(viewer=models.F("person")), name="viewing_of_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} as {self.person}"

    @property
    def over_at(self) -> datetime | None:
        """When it ended; None while it lasts."""
        if self.ended_at is None and self.until > timezone.now():
            return None
        return min(self.ended_at or self.until, self.until)


def longest_until() -> datetime:
    """When a viewing that begins now ends by itself."""
    return timezone.now() + settings.VIEWING_LASTS
