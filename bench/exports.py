"""Exporting a whole list through the product beside COPY of the same query, and of the bare columns. The file is thrown away."""

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import QueryDict

from bench.cpu import cpu_seconds_of
from bench.memory import Memory
from crm.exports.actions import Wish, delete_export, start_export
from crm.exports.making import Making
from crm.exports.models import Export
from crm.exports.rows import ordered
from crm.fields.record_types import RecordType, record_types
from crm.jobs.models import State
from crm.jobs.run import run_here
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import Reach, User
from crm.views.list_state import read_state


def export_beside_copy(slug: str, key: str = "customer", query: str = "", format: str = "csv") -> dict[str, Any]:
    """Seconds of the export as a job, of COPY of the same query, their ratio, and the memory of this process while it exports.

    "bare" is COPY of the same columns and rows as the table holds them, in no order: the least that could be.
    """
    organization = Organization.objects.get(slug=slug)
    with tenant(organization):
        people = User.objects.of_organization(organization.pk).active().select_related("role", "team", "organization")
        kind = record_types[key]
        by = next(one for one in people.order_by("pk") if kind.reach(one, "export") == Reach.ALL)
    before = settings.MEDIA_ROOT
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = Path(folder)
        try:
            return _measured(organization, kind, by, query, format)
        finally:
            settings.MEDIA_ROOT = before


def _measured(organization: Organization, kind: RecordType, by: User, query: str, format: str) -> dict[str, Any]:
    with tenant(organization):
        export = _start(kind, by, query, format)
        copy, bytes_copied = _copied(_same(Making(export, by)))
        bare, _bytes = _copied(_bare(Making(export, by)))
    begun = perf_counter()
    with Memory() as memory:
        client, server = cpu_seconds_of(lambda: _do(export), "default")
    seconds = perf_counter() - begun
    with tenant(organization):
        export = Export.objects.select_related("job").get(pk=export.pk)
        facts = {
            "records": kind.key, "format": format, "rows": export.rows, "bytes": export.size, "bytes of copy": bytes_copied,
            "export": seconds, "copy": copy, "bare": bare, "ratio": copy / seconds,
            "cpu": {"client": client, "server": server}, "memory": memory.summary(),
        }  # fmt: skip
        delete_export(export, by=by)
    return facts


def _start(kind: RecordType, by: User, query: str, format: str) -> Export:
    state, _notices = read_state(QueryDict(query or "view=all"), kind, by, [])
    return start_export(state, kind, Wish(format=format), by=by, queue_now=False)


def _do(export: Export) -> None:
    if export.job is not None:
        job = run_here(export.job)
        assert job.state == State.DONE, job.error


def _same(making: Making) -> tuple[str, Any]:
    values = {f"v{number}": column.value for number, column in enumerate(making.columns)}
    rows = ordered(making.queryset, making.sort).annotate(**values).values_list(*values)
    return rows.query.sql_with_params()  # type: ignore[no-any-return]


def _bare(making: Making) -> tuple[str, Any]:
    columns = [making.type.fields[column.key].path for column in making.columns]
    return making.queryset.order_by().values_list(*columns).query.sql_with_params()  # type: ignore[no-any-return]


def _copied(statement: tuple[str, Any]) -> tuple[float, int]:
    """Seconds and bytes, the second of two runs."""
    for _run in range(2):
        size, begun = 0, perf_counter()
        with connection.cursor() as cursor, cursor.copy(f"COPY ({statement[0]}) TO STDOUT (FORMAT csv)", statement[1]) as copy:
            for line in copy:
                size += len(line)
        seconds = perf_counter() - begun
    return seconds, size
