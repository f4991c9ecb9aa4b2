from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DueItem(models.Model):
    """Something that must happen at a time. Read before a tenant is known, so it holds keys and times only.

    `kind` names the handler (crm.notifications.due), `record_id` what it is about. An item is gone once it has happened.
    """

    organization_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("item that falls due")
        verbose_name_plural = _("items that fall due")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization_id", "kind", "record_id"], name="due_once")]
        indexes = [models.Index(fields=["next_attempt_at"], name="due_next")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
