"""The job of the dry run: the whole file through the checker, batch by batch, into the staging table."""

import csv
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from crm.imports.checking import Checker
from crm.imports.linking import link_rows
from crm.imports.models import Action, Import, ImportClaim, ImportCompanion, ImportRow, Stage
from crm.imports.options import Options
from crm.imports.readers import Limits, Row, Table, UnreadableFile, open_table
from crm.imports.staging import StagedRow, write_rows
from crm.jobs.models import Job
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.lib.ahead import ahead

KIND = "import.check"


def open_import(run: Import, limits: Limits | None = None) -> Table:
    """The import's file as a table, read as its settings say. Raises UnreadableFile."""
    return open_table(run.path, limits=limits, **Options.of(run.settings).reading())


def forget_check(job: Job) -> None:
    """A dry run that failed or was cancelled leaves the import where it was."""
    Import.objects.filter(pk=job.arguments["run"], organization_id=job.organization_id, stage=Stage.CHECKING).update(stage=Stage.MAPPING)


@job(KIND, on_end=forget_check)
def check_import(job_run: JobRun) -> dict[str, Any]:
    """Fill the staging table. The checkpoint is the last row that was checked, and how long the file of refused rows was then."""
    with job_run.batch():
        run = _load(job_run)
        if not job_run.checkpoint:
            _begin(run)
            job_run.checkpoint |= {"row": 0, "refused": 0}
        checker = Checker(run, job_run.person)
        job_run.progress(job_run.job.done, run.rows or None)
    try:
        with open_import(run) as table:
            _check_rows(job_run, run, checker, table)
    except UnreadableFile as error:
        raise JobFailed(str(error)) from None
    with job_run.batch():
        link_rows(run)
        ImportClaim.objects.filter(run=run).delete()
        run.counts["companions"] = ImportCompanion.objects.filter(run=run).count()
        run.stage, run.rows = Stage.CHECKED, sum(run.count(action) for action in Action.values)
        run.save(update_fields=["stage", "counts", "rows"])
        job_run.progress(run.rows, run.rows)
    return {"counts": run.counts}


def _load(job_run: JobRun) -> Import:
    run = Import.objects.select_related("owner").filter(pk=job_run.arguments["run"]).first()
    if run is None:
        raise JobFailed(_("The import was deleted."))
    return run


def _begin(run: Import) -> None:
    for model in (ImportRow, ImportClaim, ImportCompanion):
        model.objects.filter(run=run).delete()
    run.counts, run.prepared = dict.fromkeys((*Action.values, "notes", "companions"), 0), {}
    run.save(update_fields=["counts", "prepared"])
    run.refused_path.unlink(missing_ok=True)


def _check_rows(job_run: JobRun, run: Import, checker: Checker, table: Table) -> None:
    rows = _from(table.rows(pad_short=True), job_run.checkpoint["row"])
    with ahead(lambda: checker.read(list(islice(rows, settings.IMPORT_BATCH)))) as following:
        while True:
            with job_run.batch():
                batch = following()
                if not batch.rows:
                    return
                staged = checker.check(batch)
                run.prepared = checker.preparation.as_json()
                _write(job_run, run, staged, table.columns)


def _write(job_run: JobRun, run: Import, staged: Sequence[tuple[StagedRow, Sequence[str]]], columns: Sequence[str]) -> None:
    write_rows(run, (row for row, _cells in staged))
    _count(run, [row for row, _cells in staged])
    refused = [(cells, row) for row, cells in staged if row.action == Action.REFUSED]
    length = write_refused(run, columns, refused, job_run.checkpoint["refused"])
    job_run.checkpoint |= {"row": staged[-1][0].number, "refused": length}
    done = job_run.job.done + len(staged)
    job_run.progress(done, max(run.rows, done) if run.rows else None)


def _from(rows: Iterator[Row], number: int) -> Iterator[Row]:
    return (row for row in rows if row.number > number) if number else rows


def _count(run: Import, staged: Sequence[StagedRow]) -> None:
    for row in staged:
        run.counts[row.action] += 1
        run.counts["notes"] += bool(row.remarks and row.action != Action.REFUSED)
    run.save(update_fields=["counts", "prepared"])


def write_refused(run: Import, columns: Sequence[str], refused: Sequence[tuple[Sequence[str], StagedRow]], length: int) -> int:
    """Add rows to the file of refused rows, which is `length` bytes long: the columns as they were, and the reason. The new length."""
    if not refused:
        return length
    fresh = length == 0
    run.refused_path.touch()
    os.truncate(run.refused_path, length)
    with run.refused_path.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="", errors="replace") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow([*columns, _("Reason")])
        for cells, row in refused:
            filled = [*cells, *[""] * (len(columns) - len(cells))][: len(columns)]
            writer.writerow([*filled, " ".join(f"{column}: {sentence}" if column else sentence for column, sentence in row.remarks)])
        file.flush()
        os.fsync(file.fileno())
    return run.refused_path.stat().st_size
