"""Physical lines of a text stream with push-back, and the records that Python's csv makes of them, one bad quote never eating the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from django.utils.translation import gettext as _

from .dialect import Dialect
from .encoding import UNDECODABLE
from .mending import mend
from .table import Limits, Row

LOOK_AHEAD = 20
ENDS = ("\n", "\r")


class RecordTooLong(Exception):
    """More lines or characters than one record may have: a quote that nobody closed, as a rule."""


class Lines:
    """Iterator over physical lines, their ends kept, that remembers the lines of the record being read.

    pending: the lines since start_record; size: their length in characters; dirty: one of them holds a NUL or an undecodable byte.
    """

    def __init__(self, stream: TextIO, limits: Limits) -> None:
        self._readline = stream.readline
        self._limits = limits
        self._pushed: deque[str] = deque()
        self.pending: list[str] = []
        self.size = 0
        self.dirty = False

    def start_record(self) -> None:
        self.pending.clear()
        self.size = 0

    def push_back(self, lines: list[str]) -> None:
        self._pushed.extendleft(reversed(lines))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._pushed.popleft() if self._pushed else self._readline(self._limits.max_record)
        if not line:
            raise StopIteration
        self.pending.append(line)
        self.size += len(line)
        if "\0" in line or UNDECODABLE in line:
            self.dirty = True
        if self.size >= self._limits.max_record or len(self.pending) > self._limits.max_record_lines:
            if not line.endswith(ENDS):
                self._skip_rest_of_line()
            raise RecordTooLong
        return line

    def _skip_rest_of_line(self) -> None:
        while (rest := self._readline(self._limits.max_record)) and not rest.endswith(ENDS):
            pass


class Records:
    """Iterator of Rows with the cells as they stand in the file; `number` counts records as a spreadsheet does.

    width: the number of cells a row should have, 0 while unknown; it decides whether a row with stray quotes can be mended.
    """

    def __init__(self, stream: TextIO, dialect: Dialect, limits: Limits, *, encoding: str = "", width: int = 0) -> None:
        if csv.field_size_limit() < limits.max_record:
            csv.field_size_limit(limits.max_record)
        self.lines = Lines(stream, limits)
        self.dialect = dialect
        self.encoding = encoding
        self.width = width
        self.number = 0
        self.mended = 0
        self._reader = dialect.reader(self.lines)

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        lines = self.lines
        lines.start_record()
        self.number += 1
        try:
            cells = next(self._reader)
        except RecordTooLong:
            return self._given_up()
        except csv.Error:
            return self._repaired()
        if len(lines.pending) > 1 and self.width > 1 and len(cells) != self.width and self._swallowed(lines.pending[1:]):
            return self._never_closed()
        return self._checked(Row(self.number, cells)) if lines.dirty else Row(self.number, cells)

    def _checked(self, row: Row) -> Row:
        self.lines.dirty = False
        text = "".join(self.lines.pending)
        if "\0" in text:
            reason = _("This row holds a NUL byte, which no text has: remove it from the file.")
            return Row(row.number, [cell.replace("\0", "").replace(UNDECODABLE, "\ufffd") for cell in row.cells], row.problem or reason)
        if UNDECODABLE in text:
            reason = _("This row holds bytes that are not %(encoding)s: choose another encoding or mend the row.") % {
                "encoding": self.encoding
            }
            return Row(row.number, [cell.replace(UNDECODABLE, "\ufffd") for cell in row.cells], row.problem or reason)
        return row

    def _given_up(self) -> Row:
        """A record beyond the limits: one endless line, or a quote without its end."""
        if len(self.lines.pending) > 1:
            return self._never_closed()
        text = self.lines.pending[0][:200]
        return self._checked(Row(self.number, [text], _("This row is too long to be a row: the file may lack line breaks.")))

    def _repaired(self) -> Row:
        """A record with a stray quote: read by its evident meaning, or reported with the lines after it read anew."""
        lines = self.lines
        if self._swallowed(lines.pending[1:]):
            return self._never_closed()
        while True:
            cells, is_open = mend("".join(lines.pending), self.dialect, self.width)
            if cells is not None and (not self.width or len(cells) == self.width):
                self.mended += 1
                return self._checked(Row(self.number, cells))
            if not is_open or len(lines.pending) > LOOK_AHEAD:
                break
            try:
                following = next(lines)
            except (StopIteration, RecordTooLong):
                break
            if self._swallowed([following]):
                break
        if is_open:
            return self._never_closed()
        lines.push_back(lines.pending[1:])
        del lines.pending[1:]
        reason = _("The quotes in this row do not match: double the quotes inside a value.")
        return self._checked(Row(self.number, cells or [lines.pending[0].rstrip("\r\n")], reason))

    def _never_closed(self) -> Row:
        """Report the row in which the quote was opened; the lines after it are read as rows of their own."""
        pending = self.lines.pending
        self.lines.push_back(pending[1:])
        del pending[1:]
        cells = pending[0].rstrip("\r\n").split(self.dialect.delimiter or "\x1f")
        return self._checked(Row(self.number, cells, _("A quote is opened in this row and never closed: close it or remove it.")))

    def _swallowed(self, lines: list[str]) -> bool:
        """Whether one of these lines is, read alone, a row of the table: then it does not belong into a quoted value."""
        if self.width < 2:
            return False
        for line in lines[: 2 * LOOK_AHEAD]:
            try:
                alone = next(iter(self.dialect.reader(iter([line]))), [])
            except csv.Error:
                continue
            if len(alone) == self.width:
                return True
        return False
