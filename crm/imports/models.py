"""An import: its file, how the file is understood, what each row would do and did."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, record_types
from crm.jobs.models import Job
from crm.tenancy.models import Organization, TenantModel, organization_default
from crm.users.models import User


class Stage(models.TextChoices):
    """Where an import stands. Its jobs move it on."""

    MAPPING = "mapping", _("Mapping columns")
    CHECKING = "checking", _("Dry run is running")
    CHECKED = "checked", _("Ready to import")
    IMPORTING = "importing", _("Importing")
    DONE = "done", _("Imported")
    STOPPED = "stopped", _("Stopped in between")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Mode(models.TextChoices):
    BOTH = "both", _("Add new ones and update those that are here")
    NEW = "new", _("Only add new ones")
    UPDATE = "update", _("Only update those that are here")


class Action(models.TextChoices):
    NEW = "n", _("New")
    CHANGED = "c", _("Changed")
    SAME = "s", _("Unchanged")
    REFUSED = "r", _("Refused")


class Import(TenantModel):
    """A file on its way into records of one type.

    `columns` are the file's headers; `mapping` has one entry for each of them (crm.imports.mapping.Column as JSON); `match` are the
    keys that recognise a record; `settings` how file and values are read (crm.imports.options). `counts` are rows by Action, and
    "notes" and "companions". `committed` is the last (level, number) that was written. `prepared` is what the staged rows of new records
    follow from (crm.imports.straight).
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("imported by"))
    record_type = models.CharField(_("records"), max_length=60)
    file_name = models.CharField(_("file"), max_length=255)
    folder = models.CharField(max_length=255)
    size = models.BigIntegerField(_("size"), default=0)
    kind = models.CharField(max_length=10, default="csv")
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.MAPPING)
    columns: Any = models.JSONField(default=list)
    mapping: Any = models.JSONField(default=list)
    settings: Any = models.JSONField(default=dict)
    match: Any = models.JSONField(default=list)
    mode = models.CharField(_("what to do"), max_length=6, choices=Mode, default=Mode.BOTH)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner of new records"))
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts: Any = models.JSONField(default=dict)
    committed: Any = models.JSONField(default=list)
    prepared: Any = models.JSONField(default=dict)
    check_job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    commit_job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    undo_job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    imported_at = models.DateTimeField(_("imported"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        indexes = [models.Index("organization", F("id").desc(), name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import-detail", args=[self.pk])

    @property
    def type(self) -> RecordType:
        return record_types[self.record_type]

    @property
    def directory(self) -> Path:
        """Where the file and what is made of it lie, outside of what the web server serves."""
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.organization_id) / self.folder

    @property
    def path(self) -> Path:
        return self.directory / "file"

    @property
    def refused_path(self) -> Path:
        return self.directory / "refused.csv"

    def count(self, action: str) -> int:
        return int(self.counts.get(action, 0))


class Staged(TenantModel):
    """A row that is written by the hundred thousand and deleted after a month: without indexes and foreign keys that nobody asks."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, db_default=organization_default(), db_index=False, db_constraint=False, related_name="+"
    )

    class Meta:
        abstract = True
        default_permissions = ()


class ImportRow(Staged):
    """What one row of the file would do, and after the import did. `number` is the row as a spreadsheet counts it.

    `values` are {key: value as JSON} to write, `old` what they replace, `remarks` are [[column, sentence], …]: why it is refused, or
    what was left out of it. `level` is how many parents within the file stand above it. `record_id` of a new one is its future key,
    `prepared` what else it is made of (crm.imports.straight).
    """

    pk: Any = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Import, models.CASCADE, db_index=False, db_constraint=False, related_name="staged")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=1, choices=Action)
    level = models.PositiveSmallIntegerField(default=0)
    record_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    label = models.CharField(max_length=200, blank=True)
    values: Any = models.JSONField(default=dict)
    old: Any = models.JSONField(default=dict)
    links: Any = models.JSONField(null=True)
    remarks: Any = models.JSONField(default=list)
    prepared: Any = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("run", "action", "level", "number", name="import_row_order"),
            models.Index("run", "number", name="import_row_remarks", condition=~models.Q(remarks=[])),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"


class ImportClaim(Staged):
    """A value that only one row of the file may have, and which row has it. Lives as long as the dry run."""

    pk: Any = models.CompositePrimaryKey("run_id", "key")
    run = models.ForeignKey(Import, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    key = models.UUIDField()
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"


class ImportCompanion(Staged):
    """A record of another type that rows name and that does not exist yet: the company of a contact. Made before the rows."""

    pk: Any = models.CompositePrimaryKey("run_id", "record_type", "key")
    run = models.ForeignKey(Import, models.CASCADE, db_index=False, db_constraint=False, related_name="companions")
    record_type = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    record_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index("run", "record_id", name="import_companion_order")]

    def __str__(self) -> str:
        return self.name


class ImportMapping(TenantModel):
    """How a person mapped files with this header the last time."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    record_type = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    mapping: Any = models.JSONField(default=list)
    settings: Any = models.JSONField(default=dict)
    match: Any = models.JSONField(default=list)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "record_type", "signature"], name="import_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.record_type}"
