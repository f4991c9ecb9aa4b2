from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import Organization, TenantModel, organization_default


class Event(TenantModel):
    """Something that happened to a record, in the past tense: "customer.created".

    Written with every change, read for some days: nothing refers to the organization and the actor by constraint, the policy holds
    the organization.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        db_default=organization_default(),
        db_index=False,
        db_constraint=False,
        editable=False,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=60)
    record_type = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey("users.User", models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False)
    data: Any = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["organization", "record_type", "record_id", "-at"], name="event_of_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_type}:{self.record_id}"


class PendingEvent(models.Model):
    """An event that still has to be handled. Read before a tenant is known, so it holds keys and times only."""

    event_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("waiting event")
        verbose_name_plural = _("waiting events")
        indexes = [models.Index(fields=["next_attempt_at"], name="pending_event_due")]

    def __str__(self) -> str:
        return f"event {self.event_id}"


class HandledEvent(TenantModel):
    """That one handler has done its part of one event: it does not do it twice."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="handled")
    handler = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "event", "handler"], name="event_handled_once")]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"
