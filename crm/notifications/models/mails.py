from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.notifications.models.notifications import Notification
from crm.tenancy.models import TenantModel


class MailState(models.TextChoices):
    """How far an e-mail got. ARMED is committed before the server is spoken to: found armed later, it may have gone or not."""

    WAITING = "waiting", _("Waiting")
    ARMED = "armed", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    UNKNOWN = "unknown", _("Uncertain")
    SETTLED = "settled", _("Set aside")


class NotificationMail(TenantModel):
    """A notification that also goes by e-mail, at most once."""

    notification = models.OneToOneField(Notification, models.CASCADE, related_name="mail")
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    changed_at = models.DateTimeField(auto_now=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail of a notification")
        verbose_name_plural = _("mails of notifications")
        default_permissions = ()
        indexes = [
            models.Index(
                "organization", F("changed_at").desc(), name="mail_uncertain", condition=Q(state__in=["armed", "unknown", "failed"])
            ),
        ]

    def __str__(self) -> str:
        return f"mail of {self.notification_id}: {self.state}"
