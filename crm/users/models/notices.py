from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib.devices import device
from crm.tenancy.models import TenantModel


class Watched(models.TextChoices):
    """What is unusual enough to be told to administrators."""

    OPENED = "opened", _("Opened many records within an hour")
    LISTED = "listed", _("Listed many records in a day")
    EXPORTED = "exported", _("Exported many records in a day")
    DEVICE = "device", _("Signed in from a new device")


class AccessNotice(TenantModel):
    """That a person's access was unusual: what, how much of it, when, from where. Once per person, rule and day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    rule = models.CharField(_("what"), max_length=10, choices=Watched)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("how many"), default=0, help_text=_("When it was noticed; 0 for a new device."))
    address = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["organization", "person", "rule", "day"], name="access_noticed_once")]
        indexes = [models.Index(fields=["organization", "-at"], name="access_notice_newest")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_rule_display()}"

    @property
    def device(self) -> str:
        return device(self.agent) if self.agent else ""
