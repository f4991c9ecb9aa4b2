"""What the check of a batch works on."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import models

from crm.imports.readers import Row
from crm.imports.row_reader import ReadRow
from crm.records.bulk import ChangedRecord
from crm.records.models import Record


class Candidate:
    """A row on its way: what was read, the record it would make or change."""

    def __init__(self, row: ReadRow, record: Record) -> None:
        self.row, self.record = row, record
        self.existing: int | None = None
        self.change: ChangedRecord | None = None
        self.references: dict[str, Any] = {}
        self.links: dict[str, Any] = {}
        self.companions: dict[str, str] = {}
        self.tags: dict[str, list[models.Model]] = {}
        self.points: dict[str, list[list[str]]] = {}
        self.extras: dict[str, Any] = {}

    @property
    def further(self) -> dict[str, Any]:
        """Further values that are to be written: of a new record all of the row, of an existing one those that it does not have."""
        return self.row.points if self.existing is None else self.points

    @further.setter
    def further(self, values: dict[str, Any]) -> None:
        if self.existing is None:
            self.row.points = values
        else:
            self.points = values

    @property
    def refused(self) -> bool:
        return bool(self.row.problems)

    def refuse(self, header: str, sentence: str) -> None:
        self.row.problems.append((header, sentence))


class Batch(NamedTuple):
    """Rows of the file, and what was read of those that can be read."""

    rows: Sequence[Row]
    read: list[ReadRow]
