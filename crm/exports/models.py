"""An export: what of which list, in which form, and the file that came of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, record_types
from crm.jobs.models import Job
from crm.tenancy.models import TenantModel
from crm.users.models import User

KEPT = timedelta(days=7)


class Format(models.TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (XLSX)")


class Delimiter(models.TextChoices):
    COMMA = ",", _("Comma")
    SEMICOLON = ";", _("Semicolon")
    TAB = "\t", _("Tab")


class Export(TenantModel):
    """The rows of a list as they were asked for, and the file. Its maker alone may have it, for a week.

    `columns` are keys of fields, `rule`, `search` and `sort` those of the list; `words` say the filter as it read then. `exact` writes
    values as they are stored. `rows` are those in the file, None until it is whole; `folder` is "" where there is none (any more).
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("exported by"))
    record_type = models.CharField(_("records"), max_length=60)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    exact = models.BooleanField(_("values as stored"), default=False)
    delimiter = models.CharField(_("between values"), max_length=1, choices=Delimiter, default=Delimiter.COMMA)
    mark = models.BooleanField(_("byte order mark"), default=False)
    columns: Any = models.JSONField(default=list)
    rule: Any = models.JSONField(default=dict)
    search = models.CharField(max_length=200, blank=True)
    sort = models.CharField(max_length=120)
    words = models.TextField(_("filter"), blank=True)
    language = models.CharField(max_length=10, default="en")
    rows = models.BigIntegerField(_("rows"), null=True)
    size = models.BigIntegerField(_("size"), default=0)
    folder = models.CharField(max_length=32, blank=True)
    file = models.CharField(max_length=40, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    ready_at = models.DateTimeField(_("ready"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ()
        indexes = [models.Index("organization", "person", F("id").desc(), name="export_of_person")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("export-list")

    @property
    def type(self) -> RecordType:
        return record_types[self.record_type]

    @property
    def file_name(self) -> str:
        """customers-2026-11-22.csv"""
        model = self.type.model._meta.model_name if self.record_type in record_types else self.record_type
        return f"{model}s-{(self.created_at or timezone.now()):%Y-%m-%d}.{self.format}"

    @property
    def directory(self) -> Path:
        """Where the file lies, outside of what the web server serves."""
        return Path(settings.MEDIA_ROOT) / "exports" / str(self.organization_id) / self.folder

    @property
    def path(self) -> Path:
        return self.directory / self.file

    @property
    def kept_until(self) -> datetime:
        return self.created_at + KEPT

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None and bool(self.folder) and timezone.now() < self.kept_until

    @property
    def is_running(self) -> bool:
        return self.ready_at is None and self.job is not None and not self.job.has_ended


class ExportChunk(TenantModel):
    """Which records a large export holds, in their order: looked up once, so that none is left out or written twice while they change."""

    pk: Any = models.CompositePrimaryKey("export_id", "number")
    export = models.ForeignKey(Export, models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    records: Any = ArrayField(models.BigIntegerField())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.export_id}:{self.number}"
