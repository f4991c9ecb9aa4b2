"""One row of the file: cells in, values by field out, with what is wrong and what has to be looked up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.imports.cells import Answer, Cell, Reading
from crm.imports.mapping import Column
from crm.imports.options import Options
from crm.imports.recognition import label_of, split_address, split_full_name, split_tags
from crm.imports.targets import is_reference
from crm.lib.countries import Address, check_address
from crm.records.actions.bulk_checks import RecordChecks
from crm.records.own_ids import OWN_ID, key_of
from crm.records.values import ValueContext
from crm.users.models import User

BETWEEN = {"description": "\n", "body": "\n", "first_name": " ", "last_name": " ", "due_at": " ", "remind_at": " "}
ADDRESS = ("street", "city", "postal_code", "region", "country")


HOUSE_NUMBER = re.compile(r"\d{1,5} ?[a-zA-Z]?")
NAME_AND_ADDRESS = re.compile(r"\s*(?P<name>[^(<;]*?)\s*[(<](?P<email>[^()<>\s;]+@[^()<>\s;]+)[)>].*", re.DOTALL)


def _named(key: str, way: str, text: str, header: str) -> tuple[str, str, str, str]:
    """A reference as it is looked up: of "Kari Hansen (kari@nordlys.example)" the address."""
    if way == "name" and "@" in text and (match := NAME_AND_ADDRESS.fullmatch(text)):
        return key, "email", match["email"], header
    return key, way, text, header


def _joined(parts: list[str], between: str) -> str:
    """The parts in one; a house number stands behind its street without a comma."""
    text = parts[0]
    for part in parts[1:]:
        text += (" " if between == ", " and HOUSE_NUMBER.fullmatch(part) else between) + part
    return text


@dataclass
class ReadRow:
    """`wanted` are references to find: (field, how it is named, text, header). `filled` are values that the file does not say itself.

    `points` are further values of a field: {field: [(label, value)]}. `problems` refuse the row, `notes` do not: (header, sentence).
    `own` is the key of the record that the row is said to be, `has_own` that something stands there.
    """

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    wanted: list[tuple[str, str, str, str]] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    has_own: bool = False
    own: int | None = None


class RowReader:
    """Reads the rows of one import, as its mapping says."""

    def __init__(
        self, record_type: RecordType, mapping: Sequence[Column], fields: dict[str, Field], options: Options, by: User, checks: RecordChecks
    ) -> None:
        self._fields, self._options, self._further = fields, options, record_type.further
        reading = Reading(ValueContext(by.own_organization, options.country), ZoneInfo(by.zone_name), frozenset(fields))
        chosen = [column for column in mapping if column.target in fields]
        self._kinds = {(c.target, c.number): c.column for c in chosen if c.part == "kind"}
        self.headers: dict[str, str] = {}
        self._single: list[tuple[int, str, Cell]] = []
        self._phones: list[tuple[int, str, Cell]] = []
        self._names: list[int] = []
        self._lookups: list[tuple[int, str, str, str]] = []
        self._tag_columns: list[tuple[int, str]] = []
        self._several: dict[str, list[tuple[Column, Cell]]] = {}
        self._joined: dict[str, tuple[list[int], Cell]] = {}
        self._alternatives: dict[str, list[tuple[int, Cell]]] = {}
        self._whole: list[tuple[int, str, dict[str, Cell]]] = []
        self._reading, self._checks = reading, checks
        self._own = next((column.column for column in mapping if column.target == OWN_ID), None)
        if self._own is not None:
            self.headers[OWN_ID] = OWN_ID
        self._organization = by.own_organization
        self._place(chosen)
        self._countries = [key for key, each in fields.items() if each.kind == Kind.COUNTRY]
        self._addresses = [key.removesuffix("country") for key in self._countries]

    def _place(self, chosen: list[Column]) -> None:
        by_target: dict[str, list[Column]] = {}
        for column in sorted(chosen, key=lambda each: (each.number, each.column)):
            if column.part != "kind":
                by_target.setdefault(column.target, []).append(column)
        for key, columns in by_target.items():
            self.headers[key] = columns[0].header
            self._place_field(key, self._fields[key], columns)

    def _place_field(self, key: str, target: Field, columns: list[Column]) -> None:
        first = columns[0]
        if first.part == "full_name":
            self._names.append(first.column)
        elif first.part == "full_address":
            self._place_address(key.removesuffix("street"), first)
        elif is_reference(target):
            self._lookups.append((first.column, key, first.by or "name", first.header))
        elif target.kind == Kind.TAGS:
            self._tag_columns += [(column.column, column.header) for column in columns]
            self.headers[key] = first.header
        elif key in self._further:
            self._several[key] = [(column, self._cell(column, target)) for column in columns]
        elif len(columns) > 1 and target.kind == Kind.URL:
            self._alternatives[key] = [(column.column, self._cell(column, target)) for column in columns]
        elif len(columns) > 1:
            self._joined[key] = ([column.column for column in columns], self._cell(first, target))
        else:
            self._place_single(key, target, first)

    def _place_address(self, prefix: str, column: Column) -> None:
        keys = {part: f"{prefix}{part}" for part in ADDRESS if f"{prefix}{part}" in self._fields}
        for key in keys.values():
            self.headers.setdefault(key, column.header)
        self._whole.append((column.column, prefix, {part: self._cell(column, self._fields[key]) for part, key in keys.items()}))

    def _place_single(self, key: str, target: Field, column: Column) -> None:
        place = (column.column, key, self._cell(column, target))
        (self._phones if target.kind == Kind.PHONE else self._single).append(place)

    def _cell(self, column: Column, target: Field) -> Cell:
        return Cell(column, target, self._reading, self._checks.column(target.key))

    def read(self, number: int, cells: Sequence[str]) -> ReadRow:
        """Cells must be as many as the file has columns."""
        row = ReadRow(number, cells)
        values = row.values
        for index, key, cell in self._single:
            text = cells[index]
            if text and not text.isspace():
                value = cell.plain.get(text)
                if value is None:
                    value = cell.plainly(text)
                if value is not None:
                    values[key] = value
                    continue
                answer = cell.known.get(text) or cell(text)
                if answer.value is not None and not answer.problem:
                    values[key] = answer.value
                if answer.problem or answer.note or answer.also:
                    self._remark(row, cell, answer)
            elif self._options.clear_empty:
                self._clear(row, key)
        self._read_rest(row)
        return row

    def _read_rest(self, row: ReadRow) -> None:
        """What several columns or the country of the row have a say in, and what is looked up later."""
        self._read_own(row)
        if self._names:
            self._split_name(row)
        self._join(row)
        for index, prefix, cells in self._whole:
            self._split_address(row, row.cells[index], prefix, cells)
        for key, columns in self._alternatives.items():
            index, cell = next(((index, cell) for index, cell in columns if row.cells[index].strip()), columns[0])
            if row.cells[index]:
                self._take(row, key, cell, cell(row.cells[index]))
        self._read_by_country(row)
        row.wanted.extend(_named(key, way, text, header) for index, key, way, header in self._lookups if (text := row.cells[index].strip()))
        for index, header in self._tag_columns:
            if tags := split_tags(row.cells[index]):
                row.tags.setdefault(header, []).extend(tags)
        if self._options.country:
            self._fill_countries(row)

    def _read_own(self, row: ReadRow) -> None:
        if self._own is not None and (text := row.cells[self._own].strip()):
            row.has_own, row.own = True, key_of(text, self._organization)

    def _read_by_country(self, row: ReadRow) -> None:
        country = next((row.values[key] for key in self._countries if row.values.get(key)), "")
        for index, key, cell in self._phones:
            text = row.cells[index].strip()
            if text and (value := cell.plain.get(text) or cell.plainly(text)):
                row.values[key] = value
            elif text:
                self._take(row, key, cell, cell(text, country))
        for key, columns in self._several.items():
            self._collect(row, key, columns, country)

    def _take(self, row: ReadRow, key: str, cell: Cell, answer: Answer) -> None:
        if answer.value is not None and not answer.problem:
            row.values[key] = answer.value
        self._remark(row, cell, answer)
        if answer.further:
            row.notes.append((cell.column.header, _("Only the first of several values was taken.")))

    def _remark(self, row: ReadRow, cell: Cell, answer: Answer) -> None:
        if answer.problem and self._options.leave_out and not cell.target.required:
            row.notes.append((cell.column.header, _("Left out: %(why)s") % {"why": answer.problem}))
        elif answer.problem:
            row.problems.append((cell.column.header, answer.problem))
        if answer.note:
            row.notes.append((cell.column.header, answer.note))
        for key, value in answer.also:
            row.values.setdefault(key, value)

    def _clear(self, row: ReadRow, key: str) -> None:
        target = self._fields[key]
        if target.required:
            return
        column = target.column
        may_be_open = column is None or column.null
        row.values[key] = False if target.kind == Kind.YES_NO and not may_be_open else None if may_be_open else ""

    def _split_name(self, row: ReadRow) -> None:
        text = next((row.cells[index] for index in self._names if row.cells[index].strip()), "")
        if not text:
            return
        name = split_full_name(text)
        for key, part in (("salutation", name.salutation), ("first_name", name.first), ("last_name", name.last)):
            if part and key in self._fields and not row.values.get(key):
                row.values[key] = part

    def _split_address(self, row: ReadRow, text: str, prefix: str, cells: dict[str, Cell]) -> None:
        """An address in one cell. Where its city cannot be told, it is left out, and the row says so."""
        if not text.strip():
            return
        address = split_address(text, row.values.get(f"{prefix}country") or self._options.country)
        header = next(iter(cells.values())).column.header
        if address is None:
            row.notes.append(
                (header, _("The city in “%(text)s” is not clear, so it was left out.") % {"text": " ".join(text.split())[:80]})
            )
            return
        for part, cell in cells.items():
            written = getattr(address, part)
            if written and not row.values.get(f"{prefix}{part}"):
                self._take(row, f"{prefix}{part}", cell, cell(written))

    def _join(self, row: ReadRow) -> None:
        for key, (indexes, cell) in self._joined.items():
            parts = list(dict.fromkeys(row.cells[index].strip() for index in indexes if row.cells[index].strip()))
            if parts:
                self._take(row, key, cell, cell(_joined(parts, BETWEEN.get(key, ", "))))

    def _collect(self, row: ReadRow, key: str, columns: list[tuple[Column, Cell]], country: str) -> None:
        """The first value is the record's own, the others are further ones; each with its label."""
        found: dict[Any, str] = {}
        for column, cell in columns:
            if row.cells[column.column].strip():
                self._collect_one(row, key, cell, country, found)
        if not found:
            return
        (first, label), *others = found.items()
        row.values[key] = first
        if label and f"{key}_label" in self._fields:
            row.values.setdefault(f"{key}_label", label)
        if others:
            row.points[key] = [(label or "other", value) for value, label in others]

    def _collect_one(self, row: ReadRow, key: str, cell: Cell, country: str, found: dict[Any, str]) -> None:
        """A wrong first value refuses the row, a wrong further one is left out."""
        column = cell.column
        answer = cell(row.cells[column.column], country)
        if answer.problem and found:
            row.notes.append((column.header, _("Left out: %(why)s") % {"why": answer.problem}))
        else:
            self._remark(row, cell, answer)
        if answer.problem or answer.value is None:
            return
        kind = self._kinds.get((key, column.number))
        label = (label_of(row.cells[kind]) if kind is not None else "") or column.label
        for value in (answer.value, *answer.further):
            found.setdefault(value, label)

    def _fill_countries(self, row: ReadRow) -> None:
        """Where the file has an address without a country, the import's country, if the address is one of that country."""
        for prefix in self._addresses:
            key = f"{prefix}country"
            if row.values.get(key) or not (row.values.get(f"{prefix}postal_code") or row.values.get(f"{prefix}region")):
                continue
            parts = {part: row.values.get(f"{prefix}{part}") or "" for part in ADDRESS}
            if all(problem.field == "city" for problem in check_address(Address(**{**parts, "country": self._options.country}))):
                row.filled[key] = self._options.country
