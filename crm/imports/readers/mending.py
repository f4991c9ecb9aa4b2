"""Rows whose quotes break the rules, read as a person would read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dialect import Dialect


def mend(text: str, dialect: Dialect, width: int) -> tuple[list[str] | None, bool]:
    """The cells of one record that csv refuses, and whether a quote is still open at its end.

    Two readings are tried, the first that gives `width` cells wins: a quote closes only before a delimiter or the end
    (`"the "big" one"`); a cell whose text goes on after its closing quote is taken literally (`"ANTON" GmbH`).
    """
    text = text.rstrip("\r\n")
    strict, is_open = _split(text, dialect, literal_first=False)
    if not is_open and (not width or len(strict) == width):
        return strict, False
    literal, literal_open = _split(text, dialect, literal_first=True)
    if not literal_open and (not width or len(literal) == width):
        return literal, False
    return (None if is_open else strict), is_open and literal_open


def _split(text: str, dialect: Dialect, *, literal_first: bool) -> tuple[list[str], bool]:
    delimiter, quote = dialect.delimiter or "\x1f", dialect.quote or '"'
    cells: list[str] = []
    position, end = 0, len(text)
    while position <= end:
        start = position
        while dialect.skip_space and start < end and text[start] == " ":
            start += 1
        stop = text.find(delimiter, position)
        stop = end if stop < 0 else stop
        if not text.startswith(quote, start):
            cells.append(text[position:stop])
            position = stop + 1
            continue
        segment = text[start:stop]
        closes_late = not segment.endswith(quote) or len(segment) == 1
        if literal_first and closes_late and segment.count(quote) % 2 == 0:
            cells.append(segment)
            position = stop + 1
            continue
        value, after = _quoted(text, start + 1, delimiter, quote)
        if after < 0:
            return cells, True
        cells.append(value)
        position = after + 1
    return cells, False


def _quoted(text: str, position: int, delimiter: str, quote: str) -> tuple[str, int]:
    """The value that begins behind an opening quote, and the place of the delimiter behind it; -1 where it never closes."""
    parts: list[str] = []
    inner = 0
    end = len(text)
    while True:
        found = text.find(quote, position)
        if found < 0:
            return "", -1
        parts.append(text[position:found])
        doubled = text.startswith(quote, found + 1)
        after = found + 2 if doubled else found + 1
        closing = after == end or text.startswith(delimiter, after)
        if closing and (not doubled or inner % 2 == 1):
            if doubled:
                parts.append(quote)
            return "".join(parts), after
        parts.append(quote)
        inner += 0 if doubled else 1
        position = after
