"""XLSX workbooks as a Table: one sheet, streamed by our own parser so that formulas without a stored result are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from crm.imports.recognition.headers import is_known_header

from .header import column_names, find_header, repeated
from .table import Limits, Row, Table, UnreadableFile, fit
from .xlsx_parts import Formats, Package, SharedStrings, Sheet, damaged, local, sheets_of

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
HEAD_ROWS = 300


class XlsxTable(Table):
    """One sheet of a workbook; without `sheet` the first visible one that has cells."""

    kind = "xlsx"

    def __init__(self, path: Path, limits: Limits, *, sheet: str | None = None, header: bool | None = None) -> None:
        super().__init__(path, limits)
        self._package = Package(path, limits)
        try:
            sheets, self._since_1904 = sheets_of(self._package)
            self.sheets = [each.name for each in sheets]
            self._formats = Formats(self._package)
            self._strings = SharedStrings(self._package, limits)
            head = self._choose(sheets, sheet)
            self._find_header(head, header)
        except BaseException:
            self._package.close()
            raise

    def close(self) -> None:
        self._package.close()

    def _choose(self, sheets: list[Sheet], wanted: str | None) -> list[Row]:
        if wanted is not None:
            chosen = [each for each in sheets if each.name == wanted]
            if not chosen:
                message = _("There is no sheet “%(name)s” in the workbook: choose one of %(sheets)s.")
                raise UnreadableFile(message % {"name": wanted, "sheets": ", ".join(self.sheets[:10])})
        else:
            chosen = sorted(sheets, key=lambda each: each.hidden)[:50]
        for each in chosen:
            self.sheet, self._part = each.name, each.part
            head = list(islice(self._all(), HEAD_ROWS))
            if head:
                return head
        raise UnreadableFile(_("The sheet is empty: choose another sheet or another file."))

    def _all(self) -> Iterator[Row]:
        return SheetRows(self._package, self._part, self.limits, self._formats, self._strings, self._since_1904).rows()

    def _find_header(self, head: list[Row], header: bool | None) -> None:
        guess = find_header([row.cells for row in head], is_known_header)
        self.confidence["header"] = guess.confidence if header is None else 1.0
        index = guess.at if guess.at >= 0 else guess.start
        has_header = guess.at >= 0 if header is None else header
        names = head[index].cells if has_header and index < len(head) else []
        self.header_row = head[index].number if names else 0
        self._start = self.header_row + 1 if names else head[min(index, len(head) - 1)].number
        self.preamble = [" ".join(cell for cell in row.cells if cell) for row in head[:index]]
        named = max((position for position, name in enumerate(names, 1) if name.strip()), default=0)
        data = [row.cells for row in head if row.number >= self._start]
        lengths = sorted(len(cells) for cells in data)
        width = max(named, lengths[len(lengths) // 2] if lengths else 0, 1) if named else max(lengths, default=1)
        if width > self.limits.max_columns:
            message = _(
                "The sheet has %(count)d columns, more than the %(limit)d that can be imported: remove columns that are not needed."
            )
            raise UnreadableFile(message % {"count": width, "limit": self.limits.max_columns})
        self.columns = column_names(names, width)
        self.notes += repeated(names, self.columns)

    def rows(self, *, pad_short: bool = False) -> Iterator[Row]:
        width = len(self.columns)
        for row in self._all():
            if row.number < self._start:
                continue
            problem = fit(row.cells, width, 0, self.limits.max_cell)
            yield row if not problem or row.problem else Row(row.number, row.cells, problem)


class SheetRows:
    """The filled rows of one worksheet part: cells as text up to the last filled one."""

    def __init__(self, package: Package, part: str, limits: Limits, formats: Formats, strings: SharedStrings, since_1904: bool) -> None:
        self._package, self._part, self._limits = package, part, limits
        self._formats, self._strings = formats, strings
        self._epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
        self._done: list[Row] = []
        self._number = self._column = 0
        self._cells: list[str] = []
        self._problem = ""
        self._type = self._style = ""
        self._formula = self._collect = self._phonetic = False
        self._text: list[str] = []
        self._size = 0

    def rows(self) -> Iterator[Row]:
        """Raises UnreadableFile where the part is damaged."""
        for _chunk in self._package.parse(self._part, self._limits.max_unpacked, self._start, self._end, self._data):
            yield from self._done
            self._done.clear()
            if self._size > self._limits.max_record:
                raise UnreadableFile(
                    _("Row %(row)d is too long to be a row: save the sheet as CSV and look at it.") % {"row": self._number}
                )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula = False
            self._text.clear()
            self._column = _column(attributes.get("r", "")) or self._column + 1
        elif name in ("v", "t"):
            self._collect = not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._number = int(number) if number.isdigit() and int(number) > self._number else self._number + 1
            self._cells, self._problem, self._column, self._size = [], "", 0, 0
        elif name == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name == "c":
            self._finish_cell()
        elif name in ("v", "t"):
            self._collect = False
        elif name == "row":
            if self._problem or any(cell.strip() for cell in self._cells):
                self._done.append(Row(self._number, self._cells, self._problem))
        elif name == "rPh":
            self._phonetic = False

    def _data(self, text: str) -> None:
        if self._collect:
            self._text.append(text)
            self._size += len(text)

    def _finish_cell(self) -> None:
        raw = "".join(self._text)
        if not raw:
            if self._formula and self._type != "str":
                self._report(_("Cell %(cell)s holds a formula without a stored result: open the workbook, save it and import it again."))
            return
        try:
            value = self._value(raw)
        except (ValueError, IndexError, OverflowError, ArithmeticError):
            self._report(_("Cell %(cell)s cannot be read: type its value again and save the workbook."))
            value = ""
        if value.strip():
            self._put(value)

    def _put(self, value: str) -> None:
        if self._column > 2 * self._limits.max_columns:
            self._report(_("Cell %(cell)s is beyond the columns that can be imported: remove it."))
            return
        if "\0" in value:
            self._report(_("Cell %(cell)s holds a NUL character, which no text has: remove it."))
            value = value.replace("\0", "")
        missing = self._column - len(self._cells)
        if missing > 0:
            self._cells.extend([""] * missing)
        self._cells[self._column - 1] = value

    def _report(self, sentence: str) -> None:
        self._problem = self._problem or sentence % {"cell": f"{get_column_letter(min(self._column, 18278))}{self._number}"}

    def _value(self, raw: str) -> str:
        kind = self._type
        if kind == "s":
            return _plain(self._strings[int(raw)])
        if kind in ("str", "inlineStr"):
            return _plain(raw)
        if kind == "b":
            return "TRUE" if raw.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            self._report(_("Cell %%(cell)s holds the error %(error)s: correct or empty it.") % {"error": raw[:20].replace("%", "")})
            return raw
        if kind == "d":
            return _iso(datetime.fromisoformat(raw))
        return self._number_text(raw)

    def _number_text(self, raw: str) -> str:
        try:
            number = Decimal(raw.strip())
        except InvalidOperation:
            raise ValueError(raw) from None
        form = self._formats[self._style]
        if form in ("date", "span"):
            moment = from_excel(float(number), self._epoch, timedelta=form == "span")
            if isinstance(moment, timedelta):
                return str(moment)
            return _iso(moment)
        if form == "percent":
            return _decimal(Decimal(f"{float(number * 100):.13g}")) + "%"
        if number == number.to_integral_value() and abs(number) < Decimal(10) ** 18:
            return str(int(number))
        return _decimal(Decimal(f"{float(number):.15g}"))


def _column(reference: str) -> int:
    """The number of the column in a reference like "AB12", 0 without one."""
    number = 0
    for char in reference[:8]:
        if not ("A" <= char <= "Z" or "a" <= char <= "z"):
            break
        number = number * 26 + ord(char.upper()) - 64
    return number


def _plain(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _decimal(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(moment: datetime | date | time | None) -> str:
    """A date without a time of day as 2026-02-23, with one as 2026-02-23T20:55:00."""
    if moment is None:
        raise damaged()
    if isinstance(moment, datetime):
        moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat()
    if isinstance(moment, time):
        return moment.replace(microsecond=0).isoformat()
    return moment.isoformat()
