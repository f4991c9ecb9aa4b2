"""XLSX: text as text, numbers as numbers, days as days. Written as it comes, so that a million rows need no more memory than a thousand."""

import re
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from django.db import connection

from crm.exports import xlsx_parts as parts
from crm.exports.expressions import RISKY
from crm.exports.rows import Statement
from crm.exports.zip_parts import ZipParts

MOST_ROWS = 1_048_575
"""Of a sheet, below its header."""
MOST_BYTES = 3_500_000_000
MOST_CHARACTERS, MOST_DIGITS = 32_767, 15
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EMPTY = "<c/>"
FETCHED = 2_000


class XlsxFile:
    """`state` is what is kept between chunks: the parts of the zip file, the headers, the row that comes next."""

    def __init__(self, *, title: str, date_format: str) -> None:
        self._title, self._date_format = title, date_format

    def head(self, file: BinaryIO, headers: Sequence[str], state: dict[str, Any]) -> None:
        state.update(headers=list(headers), sheets=0, row=0)
        self._begin(ZipParts(file, state), state)

    def rows(self, file: BinaryIO, wanted: Statement, forms: Sequence[str], state: dict[str, Any]) -> int:
        """Returns how many."""
        archive, cells = ZipParts(file, state), [CELLS[form] for form in forms]
        count = 0
        with connection.cursor() as cursor:
            cursor.execute(*wanted)
            while found := cursor.fetchmany(FETCHED):
                count += len(found)
                self._write(archive, [_row(cells, values) for values in found], state)
        return count

    def foot(self, file: BinaryIO, state: dict[str, Any]) -> None:
        archive = ZipParts(file, state)
        self._end(archive)
        names = [parts.sheet_name(self._title, number) for number in range(1, state["sheets"] + 1)]
        for name, content in parts.around(names, self._date_format).items():
            archive.whole(name, content.encode())
        archive.finish()

    def _write(self, archive: ZipParts, lines: list[str], state: dict[str, Any]) -> None:
        room = MOST_ROWS - state["row"]
        if archive.size > MOST_BYTES:
            room = 0
        here, rest = lines[:room], lines[room:]
        if here:
            archive.write("".join(here).encode())
            state["row"] += len(here)
        if rest:
            self._end(archive)
            self._begin(archive, state)
            self._write(archive, rest, state)

    def _begin(self, archive: ZipParts, state: dict[str, Any]) -> None:
        state.update(sheets=state["sheets"] + 1, row=0)
        archive.begin(parts.sheet_path(state["sheets"]))
        titles = "".join(text_cell(header, parts.BOLD) for header in state["headers"])
        archive.write(f"{parts.sheet_head(len(state['headers']))}<row>{titles}</row>".encode())

    def _end(self, archive: ZipParts) -> None:
        archive.write(parts.SHEET_FOOT.encode())
        archive.end()


def _row(cells: Sequence[Callable[[str], str]], values: Sequence[str | None]) -> str:
    written = [EMPTY if value is None else cell(value) for cell, value in zip(cells, values, strict=True)]
    return f"<row>{''.join(written)}</row>"


def text_cell(value: str, style: int = 0) -> str:
    """A cell that is text, and stays text when somebody edits it."""
    if len(value) > MOST_CHARACTERS:
        value = value[:MOST_CHARACTERS]
    if not value.isprintable():
        value = NOT_IN_XML.sub("", value)
    style = style or (parts.QUOTED if value.startswith(RISKY) else 0)
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f'<c t="inlineStr"{_styled(style)}><is><t{space}>{escaped}</t></is></c>'


def _styled(style: int) -> str:
    return f' s="{style}"' if style else ""


def number_cell(value: str) -> str:
    """Sheets count with fifteen digits: a longer number is kept as text."""
    if len(value.lstrip("-").replace(".", "").lstrip("0")) > MOST_DIGITS:
        return text_cell(value)
    return f"<c><v>{value}</v></c>"


def day_cell(value: str) -> str:
    return f'<c s="{parts.DAY}"><v>{value}</v></c>' if value.isdecimal() else text_cell(value)


def time_cell(value: str) -> str:
    """A day alone has no fraction, days before the calendar of sheets are negative."""
    if value.startswith("-"):
        return text_cell(value)
    return f'<c s="{parts.TIME}"><v>{value}</v></c>' if "." in value else day_cell(value)


CELLS: dict[str, Callable[[str], str]] = {"text": text_cell, "number": number_cell, "day": day_cell, "time": time_cell}
