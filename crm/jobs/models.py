"""Long work as a row of its own: what it is, how far it is, how it ended; and who is working on it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.tenancy.models import TenantModel
from crm.users.models import User


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ENDED = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class Job(TenantModel):
    """One piece of long work. `arguments` and `checkpoint` are the function's own; `log` is [[time as ISO, sentence], …], the last ones."""

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    arguments: Any = models.JSONField(default=dict)
    checkpoint: Any = models.JSONField(default=dict)
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("of"), null=True)
    log: Any = models.JSONField(default=list)
    result: Any = models.JSONField(default=dict)
    error = models.TextField(_("error"), blank=True)
    page = models.CharField(_("page"), max_length=200, blank=True, help_text=_("Where its outcome is shown."))
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index("organization", "person", F("id").desc(), name="job_of_person"),
            models.Index("organization", F("id").desc(), name="job_newest"),
        ]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_known")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job-detail", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def may_be_cancelled(self) -> bool:
        return not self.has_ended and not self.cancel_requested

    @property
    def percent(self) -> int | None:
        """None while nobody knows how much there is."""
        return None if not self.total else min(100, int(100 * self.done / self.total))


class JobLease(models.Model):
    """Which jobs wait or run, and until when somebody holds them. Read before a tenant is known: keys and times only.

    `fence` grows with each holder: whoever has an older one can no longer write. The row goes when the job ends.
    """

    job_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    queue = models.CharField(max_length=20)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lease of a job")
        verbose_name_plural = _("leases of jobs")
        default_permissions = ()
        indexes = [models.Index(fields=["wake_at"], name="job_lease_due")]

    def __str__(self) -> str:
        return f"job {self.job_id}"
