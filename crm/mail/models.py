from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import Organization


class HeldMail(models.Model):
    """A mail that was kept instead of sent, because no mail server is set. Written before a tenant is known.

    Without an organization it is the operator's alone. Pages show it through crm.mail.blanking to everybody but the operator.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+", verbose_name=_("organization"))
    sender = models.CharField(_("from"), max_length=320)
    recipients = ArrayField(models.CharField(max_length=320), verbose_name=_("to"))
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"))
    attachments = ArrayField(models.CharField(max_length=255), default=list, verbose_name=_("attachments"))
    held_at = models.DateTimeField(_("held"), auto_now_add=True)

    class Meta:
        ordering = ["-held_at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "-held_at"], name="held_mail_newest"),
            models.Index(fields=["-held_at"], name="held_mail_all"),
        ]

    def __str__(self) -> str:
        return self.subject
