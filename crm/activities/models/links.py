from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.activities.choices import Kind
from crm.activities.models.activities import Activity
from crm.tenancy.models import TenantModel


class ActivityLink(TenantModel):
    """That an activity hangs on a record of any type: a customer, the contacts who took part. The timeline is read from here.

    `at`, `actor` and `is_open` (a task that is not done) are copies of the activity's, kept true by a trigger on its table,
    so that a page of the timeline is one walk along one index.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="links")
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey("users.User", models.SET_NULL, null=True, related_name="+", db_index=False)
    is_open = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("link of an activity")
        verbose_name_plural = _("links of activities")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organization", "activity", "record_type", "record_id"], name="activity_linked_once"),
        ]
        indexes = [
            models.Index("organization", "record_type", "record_id", F("at").desc(), F("activity").desc(), name="link_timeline"),
            models.Index("organization", "record_type", "record_id", "at", name="link_open", condition=Q(is_open=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.activity_id} on {self.record_type}:{self.record_id}"
