"""What the dry run writes down of each row, and reading it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from crm.imports.models import Action, Import, ImportRow
from crm.lib.copying import copy_rows, temporary_table
from crm.records.bulk import sequence_of
from crm.records.stored import dump

CELLS = "+cells"  # of a refused row: {column: what stands in the file}
COLUMNS = {
    "number": "bigint", "action": "text", "record_id": "bigint", "version": "integer", "label": "text",
    "values": "jsonb", "old": "jsonb", "links": "jsonb", "remarks": "jsonb", "prepared": "jsonb",
}  # fmt: skip


@dataclass
class StagedRow:
    """One row after the dry run. `values` and `old` are as JSON already."""

    number: int
    action: str
    label: str = ""
    record_id: int | None = None
    version: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] | None = None
    remarks: list[tuple[str, str]] = field(default_factory=list)
    prepared: dict[str, Any] | None = None

    def as_tuple(self) -> tuple[Any, ...]:
        return (
            self.number, self.action, self.record_id, self.version, self.label[:200], dump(self.values), dump(self.old),
            dump(self.links) if self.links else None, dump(self.remarks), dump(self.prepared) if self.prepared else None,
        )  # fmt: skip


def write_rows(run: Import, rows: Iterable[StagedRow]) -> None:
    """COPY them; new records get their future keys."""
    with connection.cursor() as cursor, temporary_table(cursor, "staged_rows", COLUMNS) as table:
        copy_rows(cursor, table, list(COLUMNS), (row.as_tuple() for row in rows))
        cursor.execute(
            "INSERT INTO imports_importrow (organization_id, run_id, number, action, level, record_id, version, label, values, old, "  # noqa: S608
            "links, remarks, prepared) "
            f"SELECT %s, %s, number, action, 0, CASE WHEN action = %s THEN nextval({sequence_of(run.type.model)}) ELSE record_id END, "
            f"version, label, values, old, links, remarks, prepared FROM {table}",
            [run.organization_id, run.pk, Action.NEW],
        )


def rows_of(run: Import, action: str, after: tuple[int, int], size: int) -> list[ImportRow]:
    """The next staged rows of one action and level, in the order in which they are written: parents are there before their children."""
    level, number = after
    rows = ImportRow.objects.filter(organization_id=run.organization_id, run=run, action=action)
    found = list(rows.filter(level=level, number__gt=number).order_by("number")[:size])
    if found:
        return found
    following = rows.filter(level__gt=level).order_by("level").values_list("level", flat=True).first()
    return [] if following is None else list(rows.filter(level=following).order_by("number")[:size])


def refuse(run: Import, refusals: Mapping[int, tuple[str, str]]) -> None:
    """Rows that turned out not to be importable after the dry run: {number: (column, sentence)}."""
    rows = list(ImportRow.objects.filter(organization_id=run.organization_id, run=run, number__in=list(refusals)))
    for row in rows:
        run.counts[row.action] = run.count(row.action) - 1
        row.action, row.remarks = Action.REFUSED, [list(refusals[row.number])]
        ImportRow.objects.filter(run=run, number=row.number).update(action=row.action, remarks=row.remarks)
    run.counts[Action.REFUSED] = run.count(Action.REFUSED) + len(rows)
