"""A change of many records: what, of which, how far it came; and a row for each record, with what it was before."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, record_types
from crm.jobs.models import Job
from crm.tenancy.models import TenantModel
from crm.users.models import User

KEPT = timedelta(days=30)


class Kind(models.TextChoices):
    ASSIGN = "assign", _("Assign")
    EDIT = "edit", _("Edit")
    TAG = "tag", _("Tag")
    SHARE = "share", _("Share")
    DELETE = "delete", _("Delete")


class Stage(models.TextChoices):
    CHECKING = "checking", _("Checking")
    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    UNDOING = "undoing", _("Taking back")
    UNDONE = "undone", _("Taken back")


class State(models.TextChoices):
    OPEN = "open", _("Will be changed")
    SAME = "same", _("Already so")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Changed")
    UNDONE = "undone", _("Taken back")
    KEPT = "kept", _("Not taken back")


class BulkChange(TenantModel):
    """One change of many records, by one person, who alone sees it.

    `values` is what the kind of change needs, as JSON; `what` and `words` say it and the list's filter as they read then. `counts` has how
    many records are in which state; `after` is the key up to which the work of the stage has come.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("changed by"))
    record_type = models.CharField(_("records"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    values: Any = models.JSONField(default=dict)
    what = models.TextField(_("change"), blank=True)
    words = models.TextField(_("filter"), blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.CHECKING)
    counts: Any = models.JSONField(default=dict)
    after = models.BigIntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    back = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("change of many")
        verbose_name_plural = _("changes of many")
        default_permissions = ()
        indexes = [models.Index("organization", "person", F("id").desc(), name="bulk_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="bulk_stage_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="bulk_kind_known"),
        ]

    def __str__(self) -> str:
        return self.what[:100] or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("bulk-detail", args=[self.pk])

    @property
    def type(self) -> RecordType:
        return record_types[self.record_type]

    def count(self, state: str) -> int:
        return int(self.counts.get(state, 0))

    @property
    def open(self) -> int:
        return self.count(State.OPEN)

    @property
    def changed(self) -> int:
        return self.count(State.DONE)

    @property
    def lines(self) -> list[tuple[Any, int]]:
        """How many records are in which state, as far as there are any."""
        return [(State(state).label, self.count(state)) for state in State.values if self.count(state)]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_running(self) -> bool:
        return self.job is not None and not self.job.has_ended and self.stage in {Stage.CHECKING, Stage.RUNNING, Stage.UNDOING}

    @property
    def may_be_undone(self) -> bool:
        return self.stage == Stage.DONE and self.count(State.DONE) > 0

    def move(self, old: str, new: Mapping[str, int]) -> None:
        """Count records that were `old` under their new states."""
        for state, number in new.items():
            if state != old and number:
                self.counts[old] = self.count(old) - number
                self.counts[state] = self.count(state) + number


class BulkRow(TenantModel):
    """One record of the change. `version` and `old` are set once it is changed: what it was, and the version that this change made."""

    pk: Any = models.CompositePrimaryKey("change_id", "record_id")
    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows", db_index=False)
    record_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True)
    old: Any = models.JSONField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.change_id}:{self.record_id}"
