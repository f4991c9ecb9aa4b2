"""Which delimiter, quote and escape a CSV file uses: every likely combination reads the beginning, the most table-like wins."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .mending import mend

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.97, "\x1f": 0.9, "\x01": 0.9, "^": 0.8, "~": 0.8, "¦": 0.8, ":": 0.45, " ": 0.3}
SAMPLE_RECORDS = 300
MAX_PREAMBLE = 15
MAX_CLOSING = 20
MOST_BROKEN = 100
TYPED = re.compile(
    r"""^\s*(?:
        [-+(]?[$€£¥]?\s*[-+]?\d[\d.,'\s]*%?\)?(?:\s*[$€£¥]|\s*[A-Z]{3})?   # numbers, money
      | [\w.+-]+@[\w-]+\.[\w.-]+                                          # e-mail
      | (?:https?://|www\.)\S+
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[\sT]\d{1,2}:\d{2}\S*(?:\s?[AaPp][Mm])?)?
      | \+?[\d\s()/.-]{6,}
      | [A-Za-z]{3,9}\.?\s\d{1,2},?\s\d{4} | \d{1,2}[-\s][A-Za-z]{3,9}[-,\s]+\d{2,4}
      | (?i:true|false|yes|no)
    )\s*$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Dialect:
    """delimiter "" is a single column; quote "" means quotes are ordinary characters; escape is "" or a backslash."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    skip_space: bool = False

    def reader(self, lines: Iterable[str]) -> Reader:
        """csv's reader in strict mode: broken quotes raise csv.Error, and reading goes on with the next line."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or "\x1f",
            quotechar=self.quote or None,
            escapechar=self.escape or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=self.skip_space,
            strict=True,
        )


def guess_dialect(
    text: str, *, complete: bool, delimiter: str | None = None, quote: str | None = None, escape: str | None = None
) -> tuple[Dialect, float]:
    """The dialect of the beginning of a file and how sure that is (0 to 1); what is given is not guessed.

    complete: `text` is the whole file; else its last line is left out of account.
    """
    lines = _lines(text, complete)
    gaps = [at for at, line in enumerate(lines) if not line.strip()] if complete else []
    closings = [at for at in gaps if at > 0 and len(lines) - at <= MAX_CLOSING]
    best, best_score, second = Dialect(delimiter if delimiter is not None else ""), 0.0, 0.0
    if quote is not None:
        best = replace(best, quote=quote)
    for candidate in _candidates(text, delimiter, quote, escape):
        score = _score(candidate, _without_closing(candidate, lines, closings))
        if score > best_score + 1e-9:
            if candidate.delimiter != best.delimiter:
                second = best_score
            best, best_score = candidate, score
        elif candidate.delimiter != best.delimiter:
            second = max(second, score)
    sureness = 1.0 if delimiter is not None else min(1.0, 0.4 + best_score * 0.4 + (best_score - second) * 0.5)
    return best, round(max(0.1, sureness), 2)


def _lines(text: str, complete: bool) -> list[str]:
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    return lines if complete or len(lines) < 3 else lines[:-1]


def _candidates(text: str, delimiter: str | None, quote: str | None, escape: str | None) -> Iterator[Dialect]:
    delimiters = [delimiter] if delimiter is not None else [*(char for char in DELIMITERS if char in text), ""]
    for char in delimiters:
        around = re.escape(char) if char else r"\x1f"
        quotes = [quote] if quote is not None else _quotes(text, around)
        for mark in quotes:
            spaced = bool(mark) and bool(char) and char != " " and bool(re.search(rf"{around} +{mark}", text))
            escapes = [escape] if escape is not None else [""]
            if escape is None and re.search(rf"\\[\"'\\]|\\{around}|\\[\r\n]", text):
                escapes.append("\\")
            for slash in escapes:
                yield Dialect(char, mark, slash, spaced)


def _quotes(text: str, around: str) -> list[str]:
    quotes = ['"']
    if re.search(rf"(?:^|{around} *)'[^'\r\n]*'(?:$| *{around})", text, re.MULTILINE):
        quotes.append("'")
    if '"' in text:
        quotes.append("")
    return quotes


def _read(dialect: Dialect, lines: list[str]) -> tuple[list[list[str]], int, int]:
    """Records, how many of them were mended, number of records that cannot be."""
    records: list[list[str]] = []
    broken = repaired = position = 0
    reader, offset = dialect.reader(iter(lines)), 0
    while len(records) + broken < SAMPLE_RECORDS and broken < MOST_BROKEN:
        begin = position
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            position = offset + reader.line_num
            mended = mend(lines[begin], dialect, 0)[0] if position == begin + 1 else None
            if mended is None or (len(mended) < 2 and dialect.delimiter):
                broken += 1
                position = offset = begin + 1
                reader = dialect.reader(iter(lines[offset:]))
                continue
            record = mended
            repaired += 1
        position = offset + reader.line_num
        if record and any(record):
            records.append(record)
    return records, repaired, broken


def _without_closing(dialect: Dialect, lines: list[str], closings: list[int]) -> list[str]:
    """The lines above what a report writes below its table: an empty line, then lines of one cell to the end."""
    for at in closings if dialect.delimiter else []:
        below, _repaired, broken = _read(dialect, lines[at:])
        if below and not broken and all(len(record) == 1 for record in below):
            return lines[:at]
    return lines


def closing_at(records: list[list[str]]) -> int:
    """Where a report's last lines begin among the records: an empty one, then only such of one cell; else the end."""
    at = end = len(records)
    while at and len(records) - at < MAX_CLOSING and (len(records[at - 1]) == 1 or not any(records[at - 1])):
        at -= 1
        if not any(records[at]):
            end = at
    return end if max(map(len, records[:end]), default=0) > 1 else len(records)


def _score(dialect: Dialect, lines: list[str]) -> float:
    records, repaired, broken = _read(dialect, lines)
    if not records:
        return 0.0
    width, preamble = table_shape(records)
    rows = records[preamble:]
    if width < 2:
        return _score_single(dialect, rows, broken) * (0.3 if _all_divided(lines) else 1.0)
    fitting = sum(1 for row in rows if len(row) == width or (len(row) > width and not any(row[width:])))
    consistency = (fitting - 0.15 * repaired) / (len(rows) + broken)
    if len(rows) > 3 and consistency < 0.5:
        consistency *= 0.5
    if dialect.delimiter == " " and (len(rows) < 3 or consistency < 1 or not dialect.quote):
        return 0.0
    score = consistency * _cleanness(rows[:60], dialect) * DELIMITERS.get(dialect.delimiter, 0.6)
    score *= 1 - 0.08 / width - 0.015 * preamble
    if dialect.escape:
        score *= 0.985
    if dialect.quote != '"':
        score *= 0.97 if dialect.quote else 0.85 if len(rows) > 9 else 0.5
    return score * (0.9 if len(rows) == 1 else 1.0)


def _score_single(dialect: Dialect, rows: list[list[str]], broken: int) -> float:
    if dialect.delimiter or dialect.quote not in ('"', "'"):
        return 0.0
    consistency = len(rows) / (len(rows) + broken)
    return 0.5 * consistency * (1.0 if dialect.quote == '"' else 0.99) * (0.98 if dialect.escape else 1.0)


def _all_divided(lines: list[str]) -> bool:
    """Whether nearly every line, the first too, holds the same delimiter outside of quotes: then one column is unlikely."""
    filled = [line for line in lines if line.strip()]
    first = filled[0] if filled else ""
    unquoted = [line for line in filled if not line.startswith('"')]
    return any(char in first and sum(1 for line in unquoted if char in line) >= 0.7 * len(filled) for char in ",;\t|")


def table_shape(records: list[list[str]]) -> tuple[int, int]:
    """The usual number of cells, and how many records come before the table begins."""
    counts = Counter(len(record) for record in records)
    most = max(counts.values())
    width = max(size for size, count in counts.items() if count == most)
    if counts[1] and width == 1 and len(counts) > 1:
        # A long preamble or many one-cell lines: a wider shape wins where it holds for the rest of the file.
        wider = max((size for size in counts if size > 1), key=lambda size: counts[size])
        if counts[wider] >= 0.4 * len(records) or (len(records[-1]) == wider and counts[wider] >= 2 and len(records) <= 2 * MAX_PREAMBLE):
            width = wider
    for position, record in enumerate(records[:MAX_PREAMBLE]):
        if len(record) >= width and (position == 0 or len(records) - position > 1):
            return width, position
    return width, 0


def _cleanness(rows: list[list[str]], dialect: Dialect) -> float:
    """How much the cells look like single values rather than torn or joined ones, 0 to 1."""
    total = points = 0.0
    foreign = [char for char in ";\t|" if char != dialect.delimiter]
    for row in rows:
        for cell in row:
            value = cell.strip()
            if not value:
                continue
            total += 1
            if TYPED.match(value):
                points += 1.0
            elif any(char in value for char in foreign):
                points += 0.6
            elif (value[0] in "\"'" or value[-1] in "\"'") and len(value) > 1:
                points += 0.45 if value[0] == value[-1] else 0.3
            elif value.count('"') % 2 or value.endswith("\\"):
                points += 0.6
            else:
                points += 0.95
    return points / total if total else 0.5
