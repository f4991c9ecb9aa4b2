from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, person: User) -> Self:
        return self.filter(organization_id=person.organization_id, person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def of_kind(self, kind: str) -> Self:
        """Those of a kind; "" leaves all."""
        return self.filter(kind=kind) if kind else self


class Notification(TenantModel):
    """That something concerns a person. Holds no words of a record: they are read, under the person's rights, when it is shown.

    `key` names the happening: one person is told of it once, however often it is tried.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="notifications", db_index=False)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    record_type = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    data: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization", "person", "key"], name="told_once")]
        indexes = [
            models.Index("organization", "person", F("at").desc(), F("id").desc(), name="notification_newest"),
            models.Index("organization", "person", name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
