"""CSV in all its forms as a Table."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from crm.imports.recognition.headers import is_known_header

from .dialect import MAX_CLOSING, closing_at, guess_dialect, table_shape
from .encoding import MARKING, guess_encoding, with_byte_order
from .header import column_names, find_header, repeated
from .lines import Records
from .table import Limits, Row, Table, UnreadableFile, fit

HEAD_CHARACTERS = 1 << 18
HEAD_RECORDS = 300
SEPARATOR_LINE = re.compile(r"""\ufeff?["']?sep=(.)["']?[ \t,;]*(?:\r\n|\r|\n|$)""", re.IGNORECASE)


class CsvTable(Table):
    """A text file with delimiters. See open_table for the arguments; header None guesses, False says there is none."""

    kind = "csv"

    def __init__(
        self,
        path: Path,
        limits: Limits,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        quote: str | None = None,
        escape: str | None = None,
        header: bool | None = None,
    ) -> None:
        super().__init__(path, limits)
        self._choose_encoding(encoding)
        head = self._head()
        separator = SEPARATOR_LINE.match(head)
        if separator:
            self.preamble.append(head[: separator.end()].strip())
            delimiter = separator[1] if delimiter is None else delimiter
            head = head[separator.end() :]
        if not head.strip("\ufeff \t\r\n\0"):
            raise UnreadableFile(_("The file is empty: export it again and choose the new file."))
        complete = len(head) < HEAD_CHARACTERS
        self._dialect, sure = guess_dialect(head, complete=complete, delimiter=delimiter, quote=quote, escape=escape)
        self.delimiter, self.quote, self.escape = self._dialect.delimiter, self._dialect.quote, self._dialect.escape
        self.confidence["delimiter"] = 1.0 if separator else sure
        self._width = self._least = 0
        self._find_header(header, skip=1 if separator else 0)

    def _choose_encoding(self, encoding: str | None) -> None:
        if encoding is None:
            guess = guess_encoding(self.path)
            self.encoding, self.confidence["encoding"] = guess.name, guess.confidence
            if guess.damaged:
                self.notes.append(_("Some rows hold bytes that are not UTF-8; they will be refused unless another encoding is chosen."))
            return
        try:
            info = codecs.lookup(encoding)
            "".encode(encoding).decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            raise UnreadableFile(_("There is no encoding “%(name)s”: choose one of the list.") % {"name": encoding}) from None
        self.encoding, self.confidence["encoding"] = with_byte_order(self.path, info.name), 1.0
        with self.path.open("rb") as file:
            if info.name == "utf-8" and file.read(3) == codecs.BOM_UTF8:
                self.encoding = "utf-8-sig"

    def _open(self) -> io.TextIOWrapper:
        stream = self.path.open("rb")
        return io.TextIOWrapper(io.BufferedReader(stream.detach(), 1 << 18), encoding=self.encoding, errors=MARKING, newline="")

    def _head(self) -> str:
        try:
            with self._open() as stream:
                return stream.read(HEAD_CHARACTERS)
        except UnicodeError:
            raise UnreadableFile(_("There is no encoding “%(name)s”: choose one of the list.") % {"name": self.encoding}) from None

    def _records(self, stream: io.TextIOWrapper, width: int) -> Records:
        return Records(stream, self._dialect, self.limits, encoding=self.encoding.removesuffix("-sig").upper(), width=width)

    def _first_rows(self, width: int) -> list[Row]:
        with self._open() as stream:
            return list(islice(self._records(stream, width), HEAD_RECORDS))

    def _find_header(self, header: bool | None, skip: int) -> None:
        rows = self._first_rows(0)[skip:]
        if len(rows) + skip < HEAD_RECORDS:
            rows = rows[: closing_at([row.cells for row in rows])]
        end = len(rows)
        usable = [row.cells for row in rows if not row.problem and any(row.cells)]
        if usable:
            rows = self._first_rows(table_shape(usable)[0])[skip:][:end]
        self._check_width(max(map(last_filled, usable[:20]), default=0))
        cells = [row.cells if not row.problem or index == 0 else [] for index, row in enumerate(rows)]
        guess = find_header(cells, is_known_header)
        if header is not None:
            self.confidence["header"] = 1.0
            index = guess.at if guess.at >= 0 else guess.start
            guess = guess._replace(at=index if header else -1, start=index + 1 if header else index)
        else:
            self.confidence["header"] = guess.confidence
        names = rows[guess.at].cells if 0 <= guess.at < len(rows) else []
        self.header_row = rows[guess.at].number if names else 0
        self._start = rows[guess.start].number if guess.start < len(rows) else skip + len(rows) + 1
        self.preamble += [self.delimiter.join(row.cells) for row in rows[: guess.at if names else guess.start] if any(row.cells)]
        self._settle_columns(
            names, [row.cells for row in rows[guess.start :] if row.number > self.header_row and not row.problem and any(row.cells)]
        )

    def _settle_columns(self, names: list[str], data: list[list[str]]) -> None:
        """Columns without a name and without values at the end are no columns; columns that the rows have and the header lacks are."""
        named = last_filled(names)
        filled = [last_filled(row) for row in data]
        usual = table_shape(data)[0] if data else len(names)
        used = sum(1 for count in filled if count > named)
        width = named if names else usual
        if used > len(data) // 2 or (used and not named):
            width = min(usual, max(filled)) if usual > named else max(filled)
        elif used:
            width = max(named, min(len(names), max(filled)))
        self._check_width(width)
        self.columns = column_names(names, max(width, 1))
        self.notes += repeated(names, self.columns)
        self._width = len(self.columns)
        self._least = min(self._width, usual) if data else self._width
        if self._least < self._width:
            message = _("The rows have %(least)d cells, the header %(width)d: what is missing at the end is taken as empty.")
            self.notes.append(message % {"least": self._least, "width": self._width})

    def _check_width(self, width: int) -> None:
        if width > self.limits.max_columns:
            message = _("The file has %(count)d columns, more than the %(limit)d that can be imported: remove columns that are not needed.")
            raise UnreadableFile(message % {"count": width, "limit": self.limits.max_columns})

    def rows(self, *, pad_short: bool = False) -> Iterator[Row]:
        width, most = self._width, self.limits.max_cell
        least = 0 if pad_short else self._least
        with self._open() as stream:
            records = self._records(stream, width)
            lines, held, gap = records.lines, list[Row](), False
            try:
                for row in records:
                    if row.number < self._start:
                        continue
                    whole = row.problem or (len(row.cells) == width and lines.size <= most)
                    blank = not whole and not any(cell.strip() for cell in row.cells)
                    if gap and not whole and not blank and len(row.cells) == 1 < self._least and len(held) < MAX_CLOSING:
                        held.append(row)
                        continue
                    if held and not blank:
                        yield from (self._fitted(below, least) for below in held)
                        held.clear()
                    gap = blank
                    if whole and (row.problem or any(row.cells)):
                        yield row
                    elif not whole and not blank:
                        yield self._fitted(row, least)
            except (UnicodeError, OSError) as error:
                raise UnreadableFile(_("The file cannot be read to its end: export it again.")) from error
            self.closing = [row.cells[0] for row in held]
            self.mended = records.mended

    def _fitted(self, row: Row, least: int) -> Row:
        comment = len(row.cells) < self._width and row.cells[0].lstrip().startswith("#")
        problem = fit(row.cells, self._width, least, self.limits.max_cell)
        if problem and comment:
            problem = _("This line starts with # and is taken as a comment.")
        return Row(row.number, row.cells, problem)


def last_filled(cells: list[str]) -> int:
    """The number of the last cell with content, 0 where all are empty."""
    for position in range(len(cells), 0, -1):
        if cells[position - 1] and not cells[position - 1].isspace():
            return position
    return 0
