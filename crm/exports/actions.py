"""What a person does with exports: ask for one, throw it away."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE, Change, log_change
from crm.exports.columns import every_key, exported_keys
from crm.exports.making import Making, new_file, require_export
from crm.exports.models import Delimiter, Export, Format
from crm.exports.rows import ordered
from crm.fields.record_types import RecordType
from crm.jobs.actions import start_job
from crm.query.rules import as_data
from crm.users.models import User, Watched
from crm.users.watching import count_rows
from crm.views.list_rows import ListRows
from crm.views.list_state import ListState, filter_words

AT_ONCE = 1_000
KIND = "export"


@dataclass(frozen=True)
class Wish:
    """In which form: `every` for all fields instead of the list's columns. `keys` are the ticked records, none for the whole list."""

    format: str = Format.CSV
    exact: bool = False
    every: bool = False
    delimiter: str = Delimiter.COMMA
    mark: bool = False
    keys: tuple[int, ...] = ()


def keys_of(state: ListState, record_type: RecordType, wish: Wish, by: User) -> list[str]:
    """The columns that the file will have."""
    return exported_keys(record_type, every_key(record_type) if wish.every else state.columns, by, exact=wish.exact)


@transaction.atomic
def start_export(state: ListState, record_type: RecordType, wish: Wish, *, by: User, queue_now: bool = True) -> Export:
    """Up to a thousand records become a file at once, more of them by a job. Raises NotPermitted, RuleError, ValidationError."""
    require_export(record_type, by)
    if len(wish.keys) > AT_ONCE:
        raise ValidationError(_("Tick at most %(most)d records, or export the whole list.") % {"most": AT_ONCE})
    state = ListRows(state, record_type, by).state
    export = Export(
        organization_id=by.own_organization_id, person=by, record_type=record_type.key, format=wish.format, exact=wish.exact,
        delimiter=wish.delimiter, mark=wish.mark and wish.format == Format.CSV, columns=keys_of(state, record_type, wish, by),
        rule=as_data(state.rule) if state.rule.members else {}, search=state.search, sort=state.sort.key,
        words=filter_words(state, record_type, by), language=get_language() or "en", folder=uuid.uuid4().hex,
    )  # fmt: skip
    making = Making(export, by)
    keys = list(ordered(among(making.queryset, wish), making.sort).values_list("pk", flat=True)[: AT_ONCE + 1])
    if wish.keys:
        export.words = ticked_words(len(keys))
    export.save()
    if len(keys) <= AT_ONCE:
        _write(making, keys)
        tell_log(export, by=by)
        return export
    title = _("Export of %(records)s (%(format)s)") % {"records": record_type.label_plural, "format": export.get_format_display()}
    export.job = start_job(KIND, by=by, title=title, page=reverse("export-list"), queue_now=queue_now, export=export.pk)
    export.save(update_fields=["job"])
    return export


def among(rows: Any, wish: Wish) -> Any:
    """Those of the list that are meant."""
    return rows.filter(pk__in=wish.keys) if wish.keys else rows


def ticked_words(count: int) -> str:
    """What stands in the place of the filter where rows were ticked."""
    return ngettext("%(count)d ticked record", "%(count)d ticked records", count) % {"count": count}


def _write(making: Making, keys: list[int]) -> None:
    export = making.export
    state: dict[str, Any] = {}
    with new_file(export.directory / "file") as file:
        making.head(file, state)
        rows = making.rows(file, keys, state) if keys else 0
        making.foot(file, state)
        size = file.tell()
    finished(export, "file", rows, size)


def finished(export: Export, name: str, rows: int, size: int) -> None:
    """The file is whole."""
    export.file, export.rows, export.size, export.ready_at = name, rows, size, timezone.now()
    export.save(update_fields=["file", "rows", "size", "ready_at"])


def tell_log(export: Export, *, by: User, job_id: int | None = None) -> None:
    """Who took out what: for the administrators' log, and counted, since many rows are told to them."""
    count_rows(by, Watched.EXPORTED, export.rows or 0)
    facts = {
        "records": capfirst(str(export.type.label_plural)),
        "filter": export.words or _("The whole list"),
        "columns": ", ".join(str(export.type.fields[key].label) for key in export.columns if key in export.type.fields),
        "rows": export.rows,
        "format": f"{export.get_format_display()}, {_('values as stored')}" if export.exact else export.get_format_display(),
    }
    log_change(Change(export, CREATE, "export.made", {key: (None, value) for key, value in facts.items()}), by=by, job_id=job_id)


@transaction.atomic
def delete_export(export: Export, *, by: User) -> None:
    """Throw away an own export and its file. Raises ValidationError while it is being made."""
    if export.person_id != by.pk:
        raise ValidationError(_("Only who made an export can delete it."))
    if export.is_running:
        raise ValidationError(_("This export is still being made. Stop it first."))
    log_change(Change(export, DELETE, "export.deleted", {"rows": (export.rows, None)}), by=by)
    forget(export)


def forget(export: Export) -> None:
    """The row, and after the commit its file."""
    directory, folder = export.directory, export.folder
    export.delete()
    if folder:
        transaction.on_commit(lambda: throw_away(directory), robust=True)


def throw_away(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
