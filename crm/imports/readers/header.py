"""Where the header of a table stands, and the names of its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from .dialect import MAX_PREAMBLE, TYPED, table_shape

KnowsHeader = Callable[[str], bool]


class HeaderGuess(NamedTuple):
    """at: position of the header among the records, -1 without one; start: of the first data record; width: of the data."""

    at: int
    start: int
    width: int
    confidence: float


MOST_REPEATED = 5


def find_header(records: list[list[str]], knows: KnowsHeader) -> HeaderGuess:
    """Judge the first records of a table (empty ones included): preamble first, then header or not.

    knows: whether a text is a header some system is known to write; that is the strongest evidence.
    """
    filled = [(index, record) for index, record in enumerate(records) if any(cell.strip() for cell in record)]
    if not filled:
        return HeaderGuess(-1, len(records), 0, 0.1)
    width, preamble = table_shape([record for _index, record in filled])
    best = _best_known(filled, width, knows)
    if best is not None:
        index, record = filled[best]
        return HeaderGuess(index, index + 1, max(width, len(record)), 0.98)
    preamble = _skip_comments(filled, preamble)
    index, record = filled[preamble]
    score, sure = _votes(record, [row for _i, row in filled[preamble + 1 : preamble + 200]])
    if score >= 0:
        return HeaderGuess(index, index + 1, width, sure)
    return HeaderGuess(-1, index, width, sure)


def _best_known(filled: list[tuple[int, list[str]]], width: int, knows: KnowsHeader) -> int | None:
    """Which of the first records is made of known headers for a good part."""
    for position, (_index, record) in enumerate(filled[:MAX_PREAMBLE]):
        cells = [cell for cell in record if cell.strip()]
        known = sum(1 for cell in cells if len(cell) < 60 and knows(cell))
        enough = known >= 2 or (known == 1 and width == 1)
        if enough and known >= 0.3 * len(cells) and not any(_kind(cell) for cell in cells if not knows(cell)) and 2 * len(record) > width:
            return position
    return None


def _skip_comments(filled: list[tuple[int, list[str]]], preamble: int) -> int:
    while (
        preamble < len(filled) - 1
        and filled[preamble][1][0].lstrip().startswith("#")
        and len(filled[preamble][1]) < len(filled[preamble + 1][1])
    ):
        preamble += 1
    return preamble


def _kind(cell: str) -> str:
    value = cell.strip()
    if not value or not TYPED.match(value):
        return ""
    if "@" in value:
        return "email"
    if re.match(r"(?i)https?:|www\.", value):
        return "url"
    return "number" if any(char.isdigit() for char in value) else "word"


def _votes(first: list[str], rows: list[list[str]]) -> tuple[int, float]:
    """Above 0: the first record differs from what stands below it as a header does; below 0: it is like the rest."""
    if not rows:
        return (-1 if any(_kind(cell) for cell in first) else 0), 0.5
    score = 0
    for column, cell in enumerate(first):
        below = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        if below:
            score += _vote(cell.strip(), below)
    texts = [cell.strip() for cell in first if cell.strip()]
    if score <= 0 and len(texts) > 1 and len(set(texts)) <= len(texts) // 2:
        score -= 1
    return score, round(min(0.95, 0.6 + 0.1 * abs(score)), 2)


def _vote(cell: str, below: list[str]) -> int:
    usual, count = Counter(_kind(value) for value in below).most_common(1)[0]
    own = _kind(cell)
    if own:
        return -2 if own == usual else 0 if usual else -1
    if cell and usual and count > 0.6 * len(below):
        return 2
    return -1 if cell and below.count(cell) > max(1, len(below) // 4) else 0


def column_names(header: list[str], width: int) -> list[str]:
    """Unique names that are never empty: "Column 3" for an unnamed one, "Name (2)" for the second of the same name."""
    names: list[str] = []
    taken: set[str] = set()
    for position in range(width):
        raw = header[position] if position < len(header) else ""
        name = " ".join(raw.replace("\0", "").replace("\udcff", "\ufffd").split()) or _("Column %(number)d") % {"number": position + 1}
        unique, count = name, 1
        while unique.casefold() in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique.casefold())
        names.append(unique)
    return names


def repeated(header: list[str], names: list[str]) -> list[str]:
    """A sentence where several columns have the same name: how they are told apart."""
    alike: dict[str, list[str]] = {}
    for raw, name in zip(header, names, strict=False):
        if key := " ".join(raw.split()).casefold():
            alike.setdefault(key, []).append(name)
    return [
        _("Several columns have the same name. They are told apart as %(names)s.") % {"names": ", ".join(f"“{name}”" for name in several)}
        for several in alike.values()
        if len(several) > 1
    ][:MOST_REPEATED]
