from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import Organization


class MailState(models.TextChoices):
    HELD = "held", _("Held")
    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    UNKNOWN = "unknown", _("Perhaps sent")
    FAILED = "failed", _("Not sent")


class HeldMail(models.Model):
    """A mail that has not gone out: no mail server is set, or it waits for its turn, or the server did not take it.

    What was sent is deleted. Written before a tenant is known; without an organization it is the operator's alone. Pages show
    it through crm.mail.blanking to everybody but the operator. `raw` is the whole mail as it goes over the wire; `due_at` is when
    it is tried next, or, while it is being sent, since when.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+", verbose_name=_("organization"))
    sender = models.CharField(_("from"), max_length=320)
    recipients = ArrayField(models.CharField(max_length=320), verbose_name=_("to"))
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"))
    html = models.TextField(_("text as HTML"), blank=True)
    attachments = ArrayField(models.CharField(max_length=255), default=list, verbose_name=_("attachments"))
    raw = models.BinaryField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState, default=MailState.HELD)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what the mail server said"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    held_at = models.DateTimeField(_("held"), auto_now_add=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-held_at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "-held_at"], name="held_mail_newest"),
            models.Index(fields=["-held_at"], name="held_mail_all"),
            models.Index(fields=["due_at"], name="held_mail_due", condition=models.Q(state__in=["waiting", "sending"])),
        ]

    def __str__(self) -> str:
        return self.subject
