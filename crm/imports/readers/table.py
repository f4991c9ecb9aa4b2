"""What every reader gives: a table of text with its rows streamed, and one error for what cannot be read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

from django.utils.translation import gettext as _

Kind = Literal["csv", "xlsx", "vcard"]


class UnreadableFile(Exception):
    """The file as a whole cannot be read. str() is one sentence that says why and how to mend it."""


class Row(NamedTuple):
    """One row of the file.

    number: counted as a spreadsheet shows it, from 1, with header, preamble and empty rows counted (vCard: the card's number).
    cells: exactly as many as the table has columns, unless there is a problem; then what could be read.
    problem: empty, or one sentence why this row cannot be imported.
    """

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Limits:
    """What is refused. Sizes in bytes (file, unpacked, strings) or characters (cell, record)."""

    max_bytes: int = 1 << 30
    max_columns: int = 2_000
    max_cell: int = 1_000_000
    max_record: int = 8_000_000
    max_record_lines: int = 20_000
    max_unpacked: int = 3 << 30
    max_ratio: int = 250
    max_strings: int = 512 << 20


class Table(ABC):
    """A file opened for reading, its format recognised. A context manager; rows() may be called again and again.

    columns: header names, unique, never empty ("Column 3" where the file has none).
    header_row: number of the row that holds the header, 0 where there is none.
    preamble: the lines above the header that were skipped.
    encoding, delimiter, quote, escape: empty where they do not apply; delimiter "" in CSV means a single column.
    sheets, sheet: the names to choose from and the one that is read (XLSX).
    confidence: 0 to 1 for "encoding", "delimiter" and "header", where they were guessed.
    notes: sentences for the person who imports.
    closing: the lines that stand below the table after an empty one, as a report ends, known after rows() ran. They are no rows.
    mended: how many rows had stray quotes that were read by their evident meaning, known after rows() ran.
    """

    kind: Kind

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.columns: list[str] = []
        self.header_row = 0
        self.preamble: list[str] = []
        self.encoding = ""
        self.delimiter = ""
        self.quote = ""
        self.escape = ""
        self.sheets: list[str] = []
        self.sheet = ""
        self.confidence: dict[str, float] = {}
        self.notes: list[str] = []
        self.closing: list[str] = []
        self.mended = 0

    @abstractmethod
    def rows(self, *, pad_short: bool = False) -> Iterator[Row]:
        """All rows below the header in file order, in constant memory; rows without any content are left out.

        pad_short: rows with fewer cells than columns are filled up with empty cells instead of being reported.
        Raises UnreadableFile where the file turns out to be damaged on the way.
        """

    def sample(self, count: int = 500) -> list[list[str]]:
        """The cells of the first `count` rows without a problem."""
        return list(islice((row.cells for row in self.rows() if not row.problem), count))

    def close(self) -> None:  # noqa: B027  # readers that hold nothing open between rows need no own
        """Free what is held open. Harmless twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def fit(cells: list[str], width: int, least: int, max_cell: int) -> str:
    """Trim or fill `cells` in place to `width`; the sentence of the problem where that would lose or invent something.

    least: so many cells are enough, the rest is filled up.
    """
    count = len(cells)
    if count > width:
        if any(cell.strip() for cell in cells[width:]):
            return _("This row has %(count)d cells, the header has %(width)d: a value may hold an unquoted delimiter.") % {
                "count": count,
                "width": width,
            }
        del cells[width:]
    elif count < width:
        if count < least:
            return _("This row has only %(count)d of %(width)d cells: a delimiter or a line may be missing.") % {
                "count": count,
                "width": width,
            }
        cells.extend([""] * (width - count))
    for position, cell in enumerate(cells, 1):
        if len(cell) > max_cell:
            return _("The cell in column %(column)d holds more than %(limit)d characters: shorten it.") % {
                "column": position,
                "limit": max_cell,
            }
    return ""
