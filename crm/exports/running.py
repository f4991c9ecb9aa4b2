"""The job of a large export: its keys first, then chunk after chunk behind each other in one file."""

import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.exports.actions import KIND, finished, tell_log, throw_away
from crm.exports.making import Making, new_file
from crm.exports.models import Export, ExportChunk
from crm.exports.rows import in_chunks
from crm.jobs.models import Job
from crm.jobs.registry import job
from crm.jobs.run import JobFailed, JobRun
from crm.notifications.actions.notify import notify
from crm.query.rules import RuleError

READY = "export_ready"
GONE = gettext_lazy("A part of the file is gone from the server. Start the export again.")


def throw_away_rest(job: Job) -> None:
    """Of an export that was stopped or failed nothing is left but its line."""
    for export in Export.objects.filter(organization_id=job.organization_id, job=job):
        directory = export.directory
        ExportChunk.objects.filter(export=export).delete()
        Export.objects.filter(pk=export.pk).update(folder="")
        transaction.on_commit(lambda directory=directory: throw_away(directory), robust=True)  # type: ignore[misc]


@job(KIND, on_end=throw_away_rest)
def export_job(run: JobRun) -> dict[str, Any]:
    """Arguments: `export`. Checkpoint: `chunks` there are, `next` to write, `file` and `size` of it so far, `rows` in it, the writer's
    `state`.

    Each holder of the lease writes into a file of its own that begins with what was kept: nobody who lost the lease can write into it.
    """
    with run.batch():
        export = _export_of(run)
        if "chunks" not in run.checkpoint:
            _look_up(run, _making(run))
        file = _own_file(run, export)
    with translation.override(export.language), file:
        _drop_earlier(run, export)
        while run.checkpoint["next"] < run.checkpoint["chunks"]:
            with run.batch():
                _write_chunk(run, _making(run), file)
        with run.batch():
            return _finish(run, _making(run), file)


def _export_of(run: JobRun) -> Export:
    export = Export.objects.filter(organization_id=run.job.organization_id, pk=run.arguments["export"]).first()
    if export is None:
        raise JobFailed(_("The export was deleted."))
    return export


def _making(run: JobRun) -> Making:
    try:
        return Making(_export_of(run), run.person)
    except (PermissionDenied, RuleError) as error:
        raise JobFailed(str(error)) from error


def _look_up(run: JobRun, making: Making) -> None:
    """Which records, in which order."""
    export, total, number = making.export, 0, 0
    try:
        queryset = making.queryset
    except RuleError as error:
        raise JobFailed(str(error)) from error
    for keys in in_chunks(queryset, making.sort, settings.EXPORT_CHUNK):
        ExportChunk.objects.create(organization_id=export.organization_id, export=export, number=number, records=keys)
        number, total = number + 1, total + len(keys)
    run.checkpoint.update(chunks=number, next=0, file="", size=0, rows=0, done=0, state={})
    run.progress(0, total)


def _own_file(run: JobRun, export: Export) -> BinaryIO:
    """A new file, with what earlier holders of the lease wrote and kept."""
    name = f"part-{run.fence}"
    file = new_file(export.directory / name)
    if run.checkpoint["size"]:
        _copy(export.directory / run.checkpoint["file"], file, run.checkpoint["size"])
    run.checkpoint["file"] = name
    return file


def _copy(source: Path, file: BinaryIO, size: int) -> None:
    try:
        with source.open("rb") as earlier:
            shutil.copyfileobj(earlier, file, 1 << 20)
    except OSError as error:
        raise JobFailed(GONE) from error
    if file.tell() < size:
        raise JobFailed(GONE)
    file.truncate(size)


def _drop_earlier(run: JobRun, export: Export) -> None:
    for other in export.directory.glob("part-*"):
        if other.name != run.checkpoint["file"]:
            other.unlink(missing_ok=True)


def _write_chunk(run: JobRun, making: Making, file: BinaryIO) -> None:
    """What a holder of the lease that died wrote behind `size` is written over."""
    now, state = run.checkpoint, run.checkpoint["state"]
    keys = ExportChunk.objects.get(export=making.export, number=now["next"]).records
    file.seek(now["size"])
    file.truncate()
    if not now["size"]:
        making.head(file, state)
    rows = making.rows(file, keys, state)
    _keep(file)
    now.update(next=now["next"] + 1, size=file.tell(), rows=now["rows"] + rows, done=now["done"] + len(keys))
    run.progress(now["done"])


def _keep(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _finish(run: JobRun, making: Making, file: BinaryIO) -> dict[str, Any]:
    export, now = making.export, run.checkpoint
    file.seek(now["size"])
    file.truncate()
    if not now["size"]:
        making.head(file, now["state"])
    making.foot(file, now["state"])
    _keep(file)
    finished(export, now["file"], now["rows"], file.tell())
    ExportChunk.objects.filter(export=export).delete()
    tell_log(export, by=making.by, job_id=run.job.pk)
    notify(making.by, READY, export, key=f"export:{export.pk}")
    return {"rows": now["rows"], "size": export.size}
