from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel


class Channel(models.TextChoices):
    OFF = "off", _("Not at all")
    APP = "app", _("In the app")
    DIGEST = "digest", _("In the app and in a daily e-mail")
    MAIL = "mail", _("In the app and by e-mail at once")


class Preference(TenantModel):
    """By which way a person wants to be told of what: {kind: Channel}. Kinds that are not in it go their usual way.

    The daily e-mail goes out once `digest_hour` has come on the person's clock; `digest_on` is the last day of one.
    """

    person = models.OneToOneField("users.User", models.CASCADE, related_name="+")
    channels: Any = models.JSONField(default=dict)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily e-mail"), default=7)
    digest_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("choice of what one is told")
        verbose_name_plural = _("choices of what one is told")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(digest_hour__lt=24), name="digest_hour_of_a_day")]

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"
