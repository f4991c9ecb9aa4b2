"""The job that takes an import back: new records go to the recycle bin, changed ones get their old values, edited ones are listed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from crm.fields.kinds import RELATED, Kind
from crm.fields.record_types import record_types
from crm.imports.models import Action, Import, ImportCompanion, ImportRow, Stage
from crm.imports.points import Points
from crm.imports.staging import rows_of
from crm.jobs.models import Job
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.lib.text import fold
from crm.records.actions.bulk_checks import draft_table
from crm.records.bulk import ChangedRecord, change_of, delete_many, update_many
from crm.records.stored import Decoder
from crm.users.models import Team, User

KIND = "import.undo"


def stop_undo(ended: Job) -> None:
    """It can be undone further."""
    Import.objects.filter(pk=ended.arguments["run"], organization_id=ended.organization_id, stage=Stage.UNDOING).update(stage=Stage.STOPPED)


@job(KIND, on_end=stop_undo)
def undo_import(job_run: JobRun) -> dict[str, Any]:
    """The result has how many were removed and restored; rows that were edited since keep that and get a remark."""
    with job_run.batch():
        run = Import.objects.filter(pk=job_run.arguments["run"]).first()
        if run is None:
            raise JobFailed(_("The import was deleted."))
        if not job_run.checkpoint:
            job_run.checkpoint |= {"phase": Action.CHANGED.value, "after": [0, -1], "restored": 0, "removed": 0, "edited": 0}
        job_run.progress(job_run.job.done, run.count(Action.NEW) + run.count(Action.CHANGED))
        undoer = Undoer(run, job_run.person, job_run.job.pk)
    for action, work in ((Action.CHANGED, undoer.restore), (Action.NEW, undoer.remove)):
        while job_run.checkpoint["phase"] == action:
            with job_run.batch():
                rows = rows_of(run, action, tuple(job_run.checkpoint["after"]), settings.IMPORT_BATCH)
                _step(job_run, undoer, action, rows, work)
    with job_run.batch():
        job_run.checkpoint["removed"] += undoer.remove_companions()
        run.stage = Stage.UNDONE
        run.save(update_fields=["stage"])
    return {key: job_run.checkpoint[key] for key in ("restored", "removed", "edited")}


def _step(job_run: JobRun, undoer: "Undoer", action: Action, rows: list[ImportRow], work: Any) -> None:
    written = [row for row in rows if undoer.was_written(row)]
    if not rows:
        job_run.checkpoint |= {"phase": Action.NEW.value if action == Action.CHANGED else "end", "after": [0, -1]}
        return
    done, edited = work(written)
    job_run.checkpoint["removed" if action == Action.NEW else "restored"] += done
    job_run.checkpoint["edited"] += edited
    job_run.checkpoint["after"] = [rows[-1].level, rows[-1].number]
    job_run.progress(job_run.job.done + len(rows))


class Undoer:
    """Takes back batches of rows as the person who asks, with that person's rights."""

    def __init__(self, run: Import, by: User, job_id: int) -> None:
        self.run, self.by, self.type, self.job_id = run, by, run.type, job_id
        self.model: Any = self.type.model
        self.organization = by.own_organization
        self.decoder, self.points = Decoder(self.type), Points(self.type, by.own_organization)

    def was_written(self, row: ImportRow) -> bool:
        """Whether the import came as far as this row."""
        if self.run.stage == Stage.UNDOING and not self.run.committed:
            return False
        phase, level, number = self.run.committed
        order = [Action.NEW.value, Action.CHANGED.value]
        return (order.index(row.action), row.level, row.number) <= (order.index(phase), level, number)

    def remove(self, rows: Sequence[ImportRow]) -> tuple[int, int]:
        """New records that nobody touched since go; the others stay, listed."""
        records = self.model._base_manager.filter(organization_id=self.organization.pk, pk__in=[row.record_id for row in rows])
        versions = dict(records.filter(deleted_at=None).values_list("pk", "version"))
        permitted = self._removable(list(versions))
        untouched = [row.record_id for row in rows if versions.get(row.record_id) == 1 and row.record_id in permitted]
        removed = delete_many(self.model, untouched, by=self.by, job_id=self.job_id)
        edited = [row for row in rows if row.record_id in versions and row.record_id not in set(untouched)]
        self._list(edited, _("Somebody edited the record after the import, so it stays."))
        return removed, len(edited)

    def _removable(self, pks: list[int]) -> set[int]:
        """What the person's role may delete, and what the person made with this import."""
        allowed = set(self.type.objects().permitted_to(self.by, "delete").filter(pk__in=pks).values_list("pk", flat=True))
        own = self.model._base_manager.filter(organization_id=self.organization.pk, pk__in=pks, created_by=self.by)
        return allowed | set(own.values_list("pk", flat=True))

    def restore(self, rows: Sequence[ImportRow]) -> tuple[int, int]:
        """Old values come back where the imported one is still there; fields that somebody edited since are left, and listed."""
        changes: list[tuple[ImportRow, ChangedRecord]] = []
        edited: list[ImportRow] = []
        records = self._locked(rows)
        for row in rows:
            record = records.get(row.record_id or 0)
            if record is None:
                edited.append(row)
                continue
            values, touched = self._old_values(row, record)
            if touched:
                edited.append(row)
            change = change_of(record, values, self.organization) if values else None
            if change:
                changes.append((row, change))
        changes, impossible = self._possible(changes)
        update_many(self.model, [change for _row, change in changes], by=self.by, job_id=self.job_id)
        self.points.remove((row.record_id or 0, row.values["+points"]) for row in rows if "+points" in row.values)
        self._list([*edited, *impossible], _("Somebody edited the record after the import, so that was kept."))
        return len(changes), len(edited) + len(impossible)

    def _possible(self, changes: list[tuple[ImportRow, ChangedRecord]]) -> tuple[list[tuple[ImportRow, ChangedRecord]], list[ImportRow]]:
        """Without those whose old values somebody else has by now, where they must be unique."""
        with draft_table(self.model) as drafts:
            drafts.fill((row.number, row.record_id, change.record) for row, change in changes)
            offending = {number for number, _constraint in drafts.violations()}
        return [pair for pair in changes if pair[0].number not in offending], [row for row, _change in changes if row.number in offending]

    def _locked(self, rows: Sequence[ImportRow]) -> dict[int, Any]:
        pks = [row.record_id for row in rows]
        permitted = set(self.type.objects().permitted_to(self.by, "change").filter(pk__in=pks).values_list("pk", flat=True))
        lists = {key for row in rows for key in row.old if self._kind(key) == Kind.TAGS}
        query = self.model._base_manager.filter(pk__in=permitted).order_by("pk").select_for_update(of=("self",))
        return {record.pk: record for record in query.select_related("owner__team", "team").prefetch_related(*lists)}

    def _kind(self, key: str) -> Kind | None:
        target = self.type.fields.get(key)
        return target.kind if target else None

    def _old_values(self, row: ImportRow, record: Any) -> tuple[dict[str, Any], bool]:
        """{field: old value} of those that are as the import left them, and whether some are not."""
        old, new = self.decoder.plain(row.old), self.decoder.plain(row.values)
        values, touched = {}, False
        for key in row.old:
            kind = self._kind(key)
            if kind == Kind.TAGS:
                now = list(getattr(record, key).all())
                before = set(row.old[key])
                added = set(row.values[key]) - before
                named = {fold(name) for name in row.values.get("+tags", ())}
                values[key] = (now, [tag for tag in now if tag.pk not in added and (tag.pk in before or fold(str(tag)) not in named)])
            elif kind in RELATED:
                same = getattr(record, f"{key}_id") == row.values[key]
                touched = touched or not same
                if same:
                    values[key] = self._object(key, row.old[key])
            elif key in old:
                same = getattr(record, key) == new[key]
                touched = touched or not same
                if same:
                    values[key] = old[key]
        return values, touched

    def _object(self, key: str, pk: int | None) -> Any:
        if pk is None:
            return None
        column: Any = self.type.fields[key].column
        if column.remote_field is None:
            return User.objects.filter(organization_id=self.organization.pk, pk=pk).first()
        models_: dict[Any, Any] = {User: User.objects, Team: Team.objects}
        manager: models.Manager[Any] = models_.get(column.remote_field.model) or column.remote_field.model._base_manager
        return manager.filter(organization_id=self.organization.pk, pk=pk).first()

    def remove_companions(self) -> int:
        """Records that were made beside the rows, where nobody touched them and nothing else hangs on them."""
        removed = 0
        by_type: dict[str, list[int]] = {}
        for record_type, pk in ImportCompanion.objects.filter(run=self.run).values_list("record_type", "record_id"):
            by_type.setdefault(record_type, []).append(pk)
        for record_type, pks in by_type.items():
            removed += self._remove_companions(record_type, pks)
        return removed

    def _remove_companions(self, record_type: str, pks: list[int]) -> int:
        model: Any = record_types[record_type].model
        untouched = model._base_manager.filter(organization_id=self.organization.pk, pk__in=pks, version=1, deleted_at=None)
        for target in self.type.fields.values():
            column: Any = target.column
            if target.kind == Kind.REFERENCE and column is not None and column.remote_field.model is model:
                used = self.model._base_manager.filter(**{f"{column.name}__in": pks}, deleted_at=None).values(f"{column.name}_id")
                untouched = untouched.exclude(pk__in=used)
        return delete_many(model, list(untouched.values_list("pk", flat=True)), by=self.by, job_id=self.job_id)

    def _list(self, rows: Sequence[ImportRow], sentence: str) -> None:
        for row in rows:
            ImportRow.objects.filter(run=self.run, number=row.number).update(remarks=[*row.remarks, ["", sentence]])
