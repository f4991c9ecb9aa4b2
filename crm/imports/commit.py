"""The job that writes what the dry run said, and nothing else: new records first, then changed ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted
from crm.audit.log import CREATE, UPDATE, Change, log_change, log_many
from crm.events.outbox import record_many
from crm.fields.kinds import RELATED, Kind
from crm.imports.companions import make_companions
from crm.imports.dry_run import open_import, write_refused
from crm.imports.extras import extra_of
from crm.imports.matching import candidates, draft_columns
from crm.imports.models import Action, Import, ImportCompanion, ImportRow, Stage
from crm.imports.points import Points
from crm.imports.references import People
from crm.imports.staging import StagedRow, refuse, rows_of
from crm.imports.straight import StraightWriter
from crm.imports.targets import CREATED_AT, fields_for
from crm.jobs.models import Job
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.lib.text import fold
from crm.records.actions.bulk_checks import draft_table
from crm.records.actions.checks import check_fields, check_owner, is_column, is_custom
from crm.records.actions.errors import FieldNotEditable
from crm.records.bulk import ChangedRecord, NewRecord, change_of, clone, insert_many, update_many
from crm.records.custom_checks import taken_custom, taken_sentence
from crm.records.custom_values import default_column
from crm.records.models import Record
from crm.records.stored import Decoder
from crm.users.models import Team, User

KIND = "import.commit"
NEW_TAGS = "+tags"
Refusals = dict[int, tuple[str, str]]


def stop_import(ended: Job) -> None:
    """What is written stays; the rest can be imported later or all of it undone."""
    Import.objects.filter(pk=ended.arguments["run"], organization_id=ended.organization_id, stage=Stage.IMPORTING).update(
        stage=Stage.STOPPED, imported_at=timezone.now()
    )


@job(KIND, on_end=stop_import)
def commit_import(job_run: JobRun) -> dict[str, Any]:
    """Write batches. The checkpoint is the phase and the last (level, number), or the last companion, that was written."""
    with job_run.batch():
        run = Import.objects.select_related("owner").filter(pk=job_run.arguments["run"]).first()
        if run is None:
            raise JobFailed(_("The import was deleted."))
        total = run.count(Action.NEW) + run.count(Action.CHANGED)
        job_run.progress(job_run.job.done, total)
        writer = Writer(run, job_run.person, job_run.job.pk)
    _write_companions(job_run, run, writer)
    if writer.straight.possible:
        _write_straight(job_run, run, writer.straight)
    for action in (Action.NEW, Action.CHANGED):
        _write_rows(job_run, run, writer, action)
    with job_run.batch():
        run.stage, run.imported_at = Stage.DONE, timezone.now()
        run.save(update_fields=["stage", "imported_at", "counts"])
    _list_refused(job_run, run)
    return {"counts": run.counts}


def _write_companions(job_run: JobRun, run: Import, writer: "Writer") -> None:
    while "phase" not in job_run.checkpoint:
        with job_run.batch():
            last = job_run.checkpoint.get("companion", 0)
            some = list(ImportCompanion.objects.filter(run=run, record_id__gt=last).order_by("record_id")[: settings.IMPORT_BATCH])
            make_companions(run, some, writer.owner, writer.by, job_run.job.pk)
            job_run.checkpoint |= {"companion": some[-1].record_id} if some else {"phase": Action.NEW.value, "after": [0, -1]}


def _write_rows(job_run: JobRun, run: Import, writer: "Writer", action: Action) -> None:
    while job_run.checkpoint["phase"] == action:
        with job_run.batch():
            rows = rows_of(run, action, tuple(job_run.checkpoint["after"]), settings.IMPORT_BATCH)
            if not rows:
                following = Action.CHANGED.value if action == Action.NEW else "end"
                job_run.checkpoint |= {"phase": following, "after": [0, -1]}
                return
            refusals = writer.insert(rows) if action == Action.NEW else writer.update(rows)
            _note(job_run, run, action, (rows[-1].level, rows[-1].number), len(rows), refusals)


def _write_straight(job_run: JobRun, run: Import, straight: StraightWriter) -> None:
    """New rows by set statements. `_write_rows` finds none left then, and goes on to the changed ones."""
    while job_run.checkpoint["phase"] == Action.NEW:
        with job_run.batch():
            last, count, refusals = straight.insert(job_run.checkpoint["after"][1], settings.IMPORT_BATCH)
            if not count:
                return
            _note(job_run, run, Action.NEW, (0, last), count, refusals)


def _note(job_run: JobRun, run: Import, action: Action, last: tuple[int, int], count: int, refusals: Refusals) -> None:
    """How far it is, together with the batch."""
    if refusals:
        refuse(run, refusals)
        job_run.log(_("%(count)d rows could not be written any more.") % {"count": len(refusals)})
    job_run.checkpoint["after"] = list(last)
    run.committed = [action.value, *last]
    run.save(update_fields=["committed", "counts"])
    job_run.progress(job_run.job.done + count)


def _list_refused(job_run: JobRun, run: Import) -> None:
    """Rows that were refused only now join the file of refused rows, which is then written anew."""
    if not job_run.job.log:
        return
    with job_run.batch():
        refused = ImportRow.objects.filter(run=run, action=Action.REFUSED).values_list("number", "remarks")
        remarks = dict(refused)
    run.refused_path.unlink(missing_ok=True)
    with open_import(run) as table:
        found = (
            (row.cells, StagedRow(row.number, Action.REFUSED, remarks=remarks[row.number]))
            for row in table.rows(pad_short=True)
            if row.number in remarks
        )
        write_refused(run, table.columns, list(found), 0)


class Writer:
    """Writes staged rows as the person who imports, with the rights of now."""

    def __init__(self, run: Import, by: User, job_id: int) -> None:
        self.run, self.by, self.type, self.job_id = run, by, run.type, job_id
        self.model: Any = self.type.model
        self.organization = by.own_organization
        self.fields = fields_for(self.type, by)
        self.points, self.extra, self.decoder = Points(self.type, by.own_organization), extra_of(self.type.key), Decoder(self.type)
        self._extra_keys = {target.key for target in (self.extra.fields() if self.extra else ())}
        people = People(by)
        self.owner = (people.person(run.owner.email) if run.owner else None) or by
        self._people = {
            person.pk: person for person in User.objects.of_organization(by.own_organization_id).active().select_related("team")
        }
        self._teams = {team.pk: team for team in Team.objects.filter(organization_id=by.own_organization_id)}
        self._may_own: dict[int, str] = {}
        self._tags: dict[str, Any] | None = None
        self._check_rights()
        self._template: Any = self.model(
            organization_id=by.own_organization_id, owner=self.owner, team=self.owner.team, created_by=by, updated_by=by,
            custom=default_column(self.model),
        )  # fmt: skip
        self.straight = StraightWriter(run, by, self._template, job_id)

    def _check_rights(self) -> None:
        keys = {column["target"] for column in self.run.mapping if column["target"]} - {CREATED_AT} - self._extra_keys
        try:
            check_fields(self.model, keys, self.by)
            if self.run.count(Action.NEW):
                check_owner(self.model, self.owner, self.by)
        except (FieldNotEditable, NotPermitted) as error:
            raise JobFailed(_("Your rights changed since the dry run. %(why)s") % {"why": error}) from None

    def insert(self, rows: Sequence[ImportRow]) -> Refusals:
        """Make new records. Returns the rows that cannot be made any more."""
        refusals: Refusals = {}
        found = self._references(rows, refusals)
        news: dict[int, NewRecord] = {}
        for row in rows:
            if row.number not in refusals:
                self._new(row, found[row.number], refusals, news)
        self._refuse_doubles(news, refusals)
        kept = [(row, news[row.number]) for row in rows if row.number in news and row.number not in refusals]
        insert_many(self.model, [new for _row, new in kept], by=self.by, job_id=self.job_id)
        self._write_beside([(new.record, row.values) for row, new in kept], new=True)
        return refusals

    def _new(self, row: ImportRow, found: Mapping[str, Any], refusals: Refusals, news: dict[int, NewRecord]) -> None:
        record = clone(self._template)
        plain = self.decoder.plain(row.values)
        record.fill(plain)
        for key, value in found.items():
            if is_column(self.model, key) or is_custom(key):
                record.put(key, value)
        if "owner" in found and "team" not in found:
            record.team = record.owner.team if record.owner else None
        why = self._why_not_owner(record.owner)
        if why:
            refusals[row.number] = ("", why)
            return
        record.pk = row.record_id
        created_at = row.values.get(CREATED_AT)
        record.created_at = parse_datetime(created_at) if created_at else timezone.now()
        record.derive(self.organization)
        lists = {key: value for key, value in found.items() if isinstance(value, list)}
        if NEW_TAGS in row.values:
            lists[self._tag_key] = [*lists.get(self._tag_key, []), *self._made_tags(row.values[NEW_TAGS])]
        given = ({*plain, *found} & self.fields.keys()) - {CREATED_AT} - self._extra_keys
        news[row.number] = NewRecord(record, given, lists)

    def _why_not_owner(self, owner: User | None) -> str:
        if owner is None:
            return ""
        if owner.pk not in self._may_own:
            try:
                check_owner(self.model, owner, self.by)
                self._may_own[owner.pk] = ""
            except NotPermitted as error:
                self._may_own[owner.pk] = error.missing
        return self._may_own[owner.pk]

    def _refuse_doubles(self, news: Mapping[int, NewRecord], refusals: Refusals) -> None:
        """What somebody else made since the dry run."""
        with draft_table(self.model, draft_columns(self.type, self.run.match)) as drafts:
            drafts.fill((number, None, new.record) for number, new in news.items())
            for number, constraint in drafts.violations():
                refusals[number] = ("", str(constraint.get_violation_error_message()))
            for number, field in taken_custom({number: new.record for number, new in news.items()}, None).items():
                refusals[number] = (str(field.label), taken_sentence())
            if self.run.match:
                for number in candidates(drafts, self.type, self.run.match, self.organization.pk):
                    refusals.setdefault(number, ("", _("A record with this key was added since the dry run.")))

    def update(self, rows: Sequence[ImportRow]) -> Refusals:
        """Change records that are still as the dry run saw them. Returns the rows of those that are not."""
        refusals: Refusals = {}
        found = self._references(rows, refusals)
        records = self._locked(rows)
        changes: list[ChangedRecord] = []
        done: list[tuple[Record, dict[str, Any]]] = []
        for row in rows:
            record = records.get(row.record_id)
            if row.number in refusals:
                continue
            if record is None:
                refusals[row.number] = ("", _("The record was deleted since the dry run, or you may no longer change it."))
            elif record.version != row.version:
                refusals[row.number] = (
                    "",
                    _("%(person)s changed the record since the dry run.") % {"person": record.updated_by or _("Somebody")},
                )
            else:
                change = self._change(row, record, found[row.number])
                changes += [change] if change else []
                done.append((record, row.values))
        self._refuse_violations(rows, changes, refusals)
        refused = {row.record_id for row in rows if row.number in refusals}
        update_many(self.model, [change for change in changes if change.record.pk not in refused], by=self.by, job_id=self.job_id)
        self._write_beside([(record, values) for record, values in done if record.pk not in refused], new=False)
        return refusals

    def _locked(self, rows: Sequence[ImportRow]) -> dict[int | None, Any]:
        """The records as they are, held until the batch is written; only those that the person may change."""
        pks = [row.record_id for row in rows]
        permitted = set(self.type.objects().permitted_to(self.by, "change").filter(pk__in=pks).values_list("pk", flat=True))
        references = [
            key for key, target in self.fields.items() if isinstance(target.column, models.ForeignKey) and key not in self._extra_keys
        ]
        query = self.model._base_manager.filter(pk__in=permitted, organization_id=self.organization.pk).order_by("pk")
        query = query.select_for_update(of=("self",)).select_related(*{*references, "owner__team", "team", "updated_by"})
        return {record.pk: record for record in query.prefetch_related(*self._list_keys(rows))}

    def _list_keys(self, rows: Sequence[ImportRow]) -> set[str]:
        tags = {key for key, target in self.fields.items() if target.kind == Kind.TAGS}
        return {key for row in rows for key in tags & row.values.keys()}

    def _change(self, row: ImportRow, record: Record, found: Mapping[str, Any]) -> ChangedRecord | None:
        values: dict[str, Any] = dict(self.decoder.plain(row.values))
        for key, value in found.items():
            values[key] = (list(getattr(record, key).all()), value) if isinstance(value, list) else value
        if NEW_TAGS in row.values:
            before, after = values[self._tag_key]
            values[self._tag_key] = (before, [*after, *self._made_tags(row.values[NEW_TAGS])])
        return change_of(record, values, self.organization)

    def _refuse_violations(self, rows: Sequence[ImportRow], changes: Sequence[ChangedRecord], refusals: Refusals) -> None:
        if not changes:
            return
        numbers = {row.record_id: row.number for row in rows}
        with draft_table(self.model) as drafts:
            drafts.fill((numbers[change.record.pk], change.record.pk, change.record) for change in changes)
            for number, constraint in drafts.violations():
                refusals[number] = ("", str(constraint.get_violation_error_message()))
        changed = {key for change in changes for key in change.old}
        for number, field in taken_custom({numbers[change.record.pk]: change.record for change in changes}, changed).items():
            refusals[number] = (str(field.label), taken_sentence())

    def _references(self, rows: Sequence[ImportRow], refusals: Refusals) -> dict[int, dict[str, Any]]:
        """Per row the objects behind its keys. A row that names one which is gone or out of sight since is refused."""
        found: dict[int, dict[str, Any]] = {row.number: {} for row in rows}
        for key, target in self.fields.items():
            if key in self._extra_keys:
                continue
            naming = [row for row in rows if key in row.values]
            if target.kind == Kind.TAGS:
                self._find_tags(key, naming, found)
            elif target.kind in RELATED and naming:
                self._find(key, naming, found, refusals)
        return found

    def _find(self, key: str, rows: Sequence[ImportRow], found: dict[int, dict[str, Any]], refusals: Refusals) -> None:
        known = self._known(key, rows)
        for row in rows:
            pk = row.values[key]
            if pk is not None and pk not in known:
                refusals[row.number] = (
                    str(self.fields[key].label),
                    _("What the row names was deleted since the dry run, or is out of sight."),
                )
            found[row.number][key] = known.get(pk)

    def _known(self, key: str, rows: Sequence[ImportRow]) -> Mapping[int, Any]:
        kind = self.fields[key].kind
        if kind == Kind.PERSON:
            return self._people
        if kind == Kind.TEAM:
            return self._teams
        column: Any = self.fields[key].column
        model = column.remote_field.model
        if kind == Kind.ENTRY:
            return {row.pk: row for row in model.objects.filter(organization_id=self.organization.pk)}
        pks = {row.values[key] for row in rows}
        promised = {row.values[key] for row in rows if row.links and key in row.links}
        promised |= set(ImportCompanion.objects.filter(run=self.run, record_id__in=pks).values_list("record_id", flat=True))
        known = {record.pk: record for record in model.objects.visible_to(self.by).filter(pk__in=pks - promised)}
        same_organization = model._base_manager.filter(organization_id=self.organization.pk, deleted_at=None)
        return known | {record.pk: record for record in same_organization.filter(pk__in=promised)}

    def _find_tags(self, key: str, rows: Sequence[ImportRow], found: dict[int, dict[str, Any]]) -> None:
        if not rows:
            return
        column: Any = self.fields[key].column
        pks = {pk for row in rows for pk in row.values[key]}
        tags = {tag.pk: tag for tag in column.remote_field.model._base_manager.filter(organization_id=self.organization.pk, pk__in=pks)}
        for row in rows:
            found[row.number][key] = [tags[pk] for pk in row.values[key] if pk in tags]

    @property
    def _tag_key(self) -> str:
        return next(key for key, target in self.fields.items() if target.kind == Kind.TAGS)

    def _made_tags(self, names: Sequence[str]) -> list[Any]:
        """Tags by name, made where there is none; only administrators keep the list."""
        column: Any = self.fields[self._tag_key].column
        model = column.remote_field.model
        if self._tags is None:
            self._tags = {fold(str(tag)): tag for tag in model._base_manager.filter(organization_id=self.organization.pk)}
        for name in names:
            if fold(name) not in self._tags and self.by.is_administrator:
                tag = self._tags[fold(name)] = model._base_manager.create(organization_id=self.organization.pk, name=name[:60])
                log_change(Change(tag, CREATE, "tag.created", {"name": (None, tag.name)}), by=self.by, job_id=self.job_id)
        return [self._tags[fold(name)] for name in names if fold(name) in self._tags]

    def _write_beside(self, rows: Sequence[tuple[Any, dict[str, Any]]], *, new: bool) -> None:
        further = [(record, values["+points"]) for record, values in rows if "+points" in values]
        self.points.write(self.points.untaken((record.pk, points) for record, points in further))
        if further and not new:
            self._log_points(further)
        if self.extra:
            extras = [(record, {key: values[key] for key in self._extra_keys & values.keys()}) for record, values in rows]
            self.extra.write([(record, values) for record, values in extras if values], by=self.by, new=new)

    def _log_points(self, further: Sequence[tuple[Any, dict[str, list[list[str]]]]]) -> None:
        """As `add_point` does: the address or number that came, and an event."""
        entries = [
            (record.pk, str(record), {kind: (None, ", ".join(value for _label, value in values)) for kind, values in points.items()})
            for record, points in further
        ]
        verb = f"{self.type.key}.updated"
        log_many(self.model, entries, action=UPDATE, verb=verb, by=self.by, job_id=self.job_id)
        record_many(verb, self.type.key, {record.pk: {"fields": sorted(points)} for record, points in further}, by=self.by)
