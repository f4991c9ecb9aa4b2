"""What a person does with an import: bring a file, say how it is understood, check it, import it, take it back, forget it."""

import shutil
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted, may_create
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType, record_types
from crm.imports import mapping as mapped
from crm.imports.commit import KIND as COMMIT
from crm.imports.dry_run import KIND as CHECK
from crm.imports.dry_run import open_import
from crm.imports.kinds import IMPORTABLE
from crm.imports.mapping import Column, guess_mapping, understand_values
from crm.imports.models import Action, Import, ImportMapping, ImportRow, Mode, Stage
from crm.imports.options import Options, date_order, guess_country
from crm.imports.readers import Limits, UnreadableFile
from crm.imports.recognition import guess_record_type, split_tags
from crm.imports.references import References
from crm.imports.targets import fields_for, match_keys_for
from crm.imports.undo import KIND as UNDO
from crm.jobs.actions import start_job
from crm.jobs.models import Job
from crm.lib.text import fold
from crm.records.own_ids import OWN_ID
from crm.ui.formats import file_size
from crm.users.models import Reach, User

SAMPLE = 2_000
KEPT = timedelta(days=30)


def limits() -> Limits:
    return Limits(max_bytes=settings.IMPORT_MAX_BYTES)


def require_import(by: User, record_type: RecordType) -> None:
    """Raise NotPermitted unless the person may make or change records of this type."""
    if not may_create(by, record_type.model) and by.reach(record_type.key, "change") == Reach.NONE:
        raise NotPermitted(by, "create", record_type=record_type.key)


def too_large() -> ValidationError:
    limit = file_size(settings.IMPORT_MAX_BYTES)
    return ValidationError(_("The file is larger than the %(limit)s that can be imported at once. Split it.") % {"limit": limit})


def save_file(run: Import, chunks: Iterable[bytes]) -> int:
    """Keep the file below the media folder, readable by the server alone. Raises ValidationError when it is too large."""
    run.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with run.path.open("wb") as file:
        run.path.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > settings.IMPORT_MAX_BYTES:
                break
            file.write(chunk)
    if size > settings.IMPORT_MAX_BYTES:
        shutil.rmtree(run.directory, ignore_errors=True)
        raise too_large()
    return size


@transaction.atomic
def begin_import(
    record_type: RecordType | None,
    file_name: str,
    chunks: Iterable[bytes],
    *,
    by: User,
    options: Options | None = None,
    remember: bool = True,
) -> Import:
    """Keep the file and understand it as far as it speaks for itself. Without a record type it says what its rows are.

    Raises UnreadableFile, ValidationError, NotPermitted.
    """
    run = Import(
        organization_id=by.own_organization_id, person=by, owner=by, file_name=Path(file_name).name[:255], folder=uuid.uuid4().hex,
        settings=(options or Options()).as_json(),
    )  # fmt: skip
    run.size = save_file(run, chunks)
    try:
        run.record_type = record_type.key if record_type else likely_type(run, by)
        require_import(by, run.type)
        understand(run, by=by, remember=remember)
    except (UnreadableFile, ValidationError, PermissionDenied):
        shutil.rmtree(run.directory, ignore_errors=True)
        raise
    run.save()
    return run


def likely_type(run: Import, by: User) -> str:
    """What the rows of the file are, among the types that the person may import."""
    known = [key for key in IMPORTABLE if key in record_types]
    allowed = [key for key in known if by.reach(key, "create") != Reach.NONE] or known
    with open_import(run, limits()) as table:
        guesses = guess_record_type(table.columns, file_name=run.file_name, kind=table.kind)
    return next((guess.record_type for guess in guesses if guess.record_type in allowed), allowed[0])


def understand(run: Import, *, by: User, keep: Sequence[Column] = (), remember: bool = True) -> Import:
    """Read header and sample again and guess the mapping. `keep` are columns that a person decided; `remember`: as for the last file with
    this header. Not saved. Raises UnreadableFile.
    """
    options = Options.of(run.settings)
    with open_import(run, limits()) as table:
        sample = table.sample(SAMPLE)
        run.columns, run.kind = table.columns, table.kind
    fields = fields_for(run.type, by)
    order = date_order(by.organization) if by.organization else "dmy"
    columns = guess_mapping(run.columns, sample, run.type, by, order)
    remembered = _remembered(run, by) if remember else None
    if keep and [column.header for column in keep] == run.columns:
        columns = list(keep)
    elif remembered is not None:
        last = mapped.remembered(mapped.from_json(remembered.mapping))
        if len(last) == len(run.columns) and all(column.target in fields or not column.target for column in last):
            columns = last
    columns = understand_values(mapped.numbered(columns, list(run.type.further)), sample, fields, order)
    if by.organization and not options.country:
        options.country = guess_country(by.organization, columns, sample, fields)
        run.settings = options.as_json()
    run.mapping = [column.as_json() for column in columns]
    run.match = run.match if _possible(run.match, run, by) else best_match(run, by)
    return run


def keep_columns(run: Import) -> None:
    """Save how the file is read and where its columns go. A dry run of it comes next."""
    run.stage = Stage.MAPPING
    run.save()


def choose_how(run: Import, chosen: dict[str, Any], *, by: User) -> None:
    """How records are recognised and what is done with them, as MatchForm has it. The dry run, or whoever asks for none yet, saves it."""
    options = Options.of(run.settings)
    for name in ("clear_empty", "create_companions", "create_tags", "consent_off"):
        if name in chosen:
            setattr(options, name, chosen[name])
    options.leave_out, options.stop_on_problems = chosen["problems"] == "leave_out", chosen["problems"] == "stop"
    run.settings = options.as_json()
    run.match = chosen["match"].split(",") if chosen["match"] else []
    run.mode = Mode(chosen["mode"])
    run.owner = chosen["owner"] or by


def _remembered(run: Import, by: User) -> ImportMapping | None:
    return ImportMapping.objects.filter(
        organization_id=by.own_organization_id, person=by, record_type=run.record_type, signature=mapped.signature(run.columns)
    ).first()


def _possible(keys: list[str], run: Import, by: User) -> bool:
    return bool(keys) and keys in possible_matches(run, by)


def possible_matches(run: Import, by: User) -> list[list[str]]:
    """The match keys whose fields the file fills and the person may read."""
    targets = {column["target"] for column in run.mapping if column["target"]}
    parts = {column["target"] for column in run.mapping if column["part"] == "full_name"}
    if parts:
        targets |= {"first_name", "last_name"}
    derived = {"domain": {"website", "email"}}
    own = [[OWN_ID]] if OWN_ID in targets else []
    return own + [keys for keys in match_keys_for(run.type, by) if all(key in targets or derived.get(key, set()) & targets for key in keys)]


def best_match(run: Import, by: User) -> list[str]:
    """The first key that the record type offers and the file has."""
    return next(iter(possible_matches(run, by)), [])


def unknown_tags(run: Import, by: User) -> list[str]:
    """Tags of the file's first rows that the organization does not have yet."""
    fields = fields_for(run.type, by)
    columns = {c["column"]: c["target"] for c in run.mapping if c["target"] in fields and fields[c["target"]].kind == Kind.TAGS}
    if not columns:
        return []
    with open_import(run, limits()) as table:
        sample = table.sample(SAMPLE)
    known = References(fields, by).tags(next(iter(columns.values())))
    named: dict[str, str] = {}
    for name in (name for row in sample for column in columns for name in split_tags(row[column])):
        named.setdefault(fold(name), name)
    return [name for key, name in named.items() if key not in known]


@transaction.atomic
def start_check(run: Import, *, by: User, queue_now: bool = True, remember: bool = True) -> Job:
    """Start the dry run; `remember`: the next file with this header is mapped like this one.

    Raises ValidationError when it makes no sense yet.
    """
    _require_own(run, by)
    stage = Import.objects.select_for_update().values_list("stage", flat=True).get(pk=run.pk)
    if stage not in {Stage.MAPPING, Stage.CHECKED}:
        raise ValidationError(_("This import has gone on since: its dry run cannot be started again."))
    columns = mapped.from_json(run.mapping)
    if not any(column.target for column in columns):
        raise ValidationError(_("No column goes to a field yet. Choose at least one."))
    double = mapped.doubles(columns, _taking_several(run, by))
    if double:
        raise ValidationError(
            _("Two columns go to the same field: “%(header)s” is the second one. Leave one of them out.") % {"header": double[0].header}
        )
    if run.mode == Mode.UPDATE and not run.match:
        raise ValidationError(_("To update records, choose the key by which they are recognised."))
    run.stage = Stage.CHECKING
    run.check_job = start_job(
        CHECK, by=by, title=_("Dry run of %(file)s") % {"file": run.file_name}, page=run.get_absolute_url(), queue_now=queue_now, run=run.pk
    )
    run.save()
    if remember:
        _remember(run, by)
    return run.check_job


def _remember(run: Import, by: User) -> None:
    ImportMapping.objects.update_or_create(
        organization_id=by.own_organization_id, person=by, record_type=run.record_type, signature=mapped.signature(run.columns),
        defaults={"mapping": run.mapping, "settings": run.settings, "match": run.match},
    )  # fmt: skip


def _taking_several(run: Import, by: User) -> list[str]:
    several = {"tags", "website", *run.type.further}
    return [
        key for key, target in fields_for(run.type, by).items() if key in several or str(target.kind) in {"text", "long_text", "datetime"}
    ]


@transaction.atomic
def start_commit(run: Import, *, by: User, queue_now: bool = True) -> Job:
    """Start writing what the dry run said. Raises ValidationError when that is not possible now."""
    _require_own(run, by)
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.stage not in {Stage.CHECKED, Stage.STOPPED}:
        gone_on = run.stage not in {Stage.MAPPING, Stage.CHECKING}
        raise ValidationError(_("This import was started already.") if gone_on else _("This import is not ready: run the dry run first."))
    if Options.of(run.settings).stop_on_problems and run.count(Action.REFUSED):
        raise ValidationError(_("Rows are refused, and you chose to import nothing then. Mend the file and upload it again."))
    run.stage = Stage.IMPORTING
    run.commit_job = _resumed(run, by, queue_now)
    run.save(update_fields=["stage", "commit_job"])
    return run.commit_job


def _resumed(run: Import, by: User, queue_now: bool) -> Job:
    """A stopped import goes on where it stopped."""
    before = run.commit_job
    job = start_job(
        COMMIT, by=by, title=_("Import of %(file)s") % {"file": run.file_name}, page=run.get_absolute_url(), queue_now=queue_now, run=run.pk
    )
    if before is not None and before.checkpoint:
        job.checkpoint, job.done, job.total = before.checkpoint, before.done, before.total
        job.save(update_fields=["checkpoint", "done", "total"])
    return job


def may_be_undone(run: Import) -> bool:
    """For a month after it was imported."""
    return (
        run.stage in {Stage.DONE, Stage.STOPPED}
        and bool(run.committed)
        and run.imported_at is not None
        and run.imported_at > timezone.now() - KEPT
    )


@transaction.atomic
def start_undo(run: Import, *, by: User, queue_now: bool = True) -> Job:
    """Start taking the import back. Raises ValidationError after a month."""
    _require_own(run, by)
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.stage in {Stage.UNDOING, Stage.UNDONE}:
        raise ValidationError(_("This import is undone already, or about to be."))
    if not may_be_undone(run):
        raise ValidationError(_("This import can no longer be undone: that is possible for 30 days."))
    run.stage = Stage.UNDOING
    run.undo_job = start_job(
        UNDO, by=by, title=_("Undo of %(file)s") % {"file": run.file_name}, page=run.get_absolute_url(), queue_now=queue_now, run=run.pk
    )
    run.save(update_fields=["stage", "undo_job"])
    return run.undo_job


@transaction.atomic
def discard_import(run: Import, *, by: User) -> None:
    """Forget an import that was not written: file, staging, all."""
    _require_own(run, by)
    if run.stage not in {Stage.MAPPING, Stage.CHECKED}:
        raise ValidationError(_("Only an import that has not been written can be thrown away."))
    forget(run)


def forget(run: Import) -> None:
    """Delete the import with its file and staging rows; records stay."""
    directory = run.directory
    forget_rows(run)
    run.delete()
    transaction.on_commit(lambda: shutil.rmtree(directory, ignore_errors=True))


def forget_rows(run: Import) -> None:
    """Delete what was staged."""
    ImportRow.objects.filter(run=run)._raw_delete("default")
    for companion in (run.companions,):
        companion.all().delete()


def _require_own(run: Import, by: User) -> None:
    if run.person_id != by.pk and not by.is_administrator:
        raise PermissionDenied(_("This import belongs to somebody else. Ask %(person)s or an administrator.") % {"person": run.person})


def report(run: Import) -> dict[str, Any]:
    """The numbers as JSON: rows, mapping (header to field), new, changed, same, refused as a list."""
    refused = ImportRow.objects.filter(run=run, action=Action.REFUSED).order_by("number").values_list("number", "remarks")
    return {
        "rows": run.rows,
        "mapping": {column["header"]: column["target"] or None for column in run.mapping},
        "new": run.count(Action.NEW),
        "changed": run.count(Action.CHANGED),
        "same": run.count(Action.SAME),
        "refused": [
            {"row": number, "column": column or None, "reason": sentence}
            for number, remarks in refused.iterator(chunk_size=2_000)
            for column, sentence in remarks
        ],
    }
