"""vCard files as a Table: one row per card, as many e-mail and phone columns as the richest card needs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from .encoding import MARKING, UNDECODABLE, guess_encoding, with_byte_order
from .table import Limits, Row, Table, UnreadableFile
from .vcard_card import ADDRESS_PARTS, Card, read_card
from .vcard_lines import Line, content_lines

FIRST = [
    "Full name",
    "Prefix",
    "First name",
    "Middle name",
    "Last name",
    "Suffix",
    "Nickname",
    "Organization",
    "Department",
    "Job title",
    "Role",
]
LAST = ["Birthday", "Anniversary", "Note", "Categories", "Language", "Gender", "Kind", "UID"]
ALWAYS = {*FIRST, "Birthday", "Note", "Categories", "UID"}
MOST = 20
MOST_LINES = 5_000
SEVERAL = " ::: "


class VCardTable(Table):
    """Columns have fixed English names, which recognition knows: "E-mail 1", "E-mail 1 type", "Phone 1", "Home street", …"""

    kind = "vcard"

    def __init__(self, path: Path, limits: Limits, *, encoding: str | None = None) -> None:
        super().__init__(path, limits)
        guess = guess_encoding(path) if encoding is None else None
        self.encoding = guess.name if guess else with_byte_order(path, str(encoding))
        self.confidence = {"encoding": guess.confidence if guess else 1.0, "header": 1.0}
        try:
            "".encode(self.encoding)
        except (LookupError, UnicodeError, ValueError):
            raise UnreadableFile(_("There is no encoding “%(name)s”: choose one of the list.") % {"name": self.encoding}) from None
        self._measure()

    def _measure(self) -> None:
        """One pass over the cards to know which columns there are."""
        emails = phones = urls = 1
        used: set[str] = set()
        self._more = other = False
        count = 0
        for card, _problem in self._cards():
            count += 1
            emails, phones, urls = max(emails, len(card.emails)), max(phones, len(card.phones)), max(urls, len(card.urls))
            used.update(card.single)
            placed, more = _place(card)
            other, self._more = other or "Other" in placed, self._more or bool(more)
        if not count:
            raise UnreadableFile(_("The file holds no vCard: export the contacts again."))
        self._emails, self._phones, self._urls = min(emails, MOST), min(phones, MOST), min(urls, MOST)
        self._kinds = ["Home", "Work", *(["Other"] if other else [])]
        self._last = [name for name in LAST if name in ALWAYS or name in used]
        self.columns = [*FIRST, *(f"E-mail {n + 1}{part}" for n in range(self._emails) for part in ("", " type"))]
        self.columns += [f"Phone {n + 1}{part}" for n in range(self._phones) for part in ("", " type")]
        self.columns += [f"{kind} {part}" for kind in self._kinds for part in ADDRESS_PARTS]
        self.columns += ["More addresses"] if self._more else []
        self.columns += ["Website" if not n else f"Website {n + 1}" for n in range(self._urls)]
        self.columns += self._last

    def rows(self, *, pad_short: bool = False) -> Iterator[Row]:
        for number, (card, broken) in enumerate(self._cards(), 1):
            cells = self._cells(card)
            problem = broken or self._problem(cells)
            if problem or any(cells):
                yield Row(number, [cell.replace("\0", "").replace(UNDECODABLE, "\ufffd") for cell in cells], problem)

    def _problem(self, cells: list[str]) -> str:
        text = "".join(cells)
        if "\0" in text:
            return _("This card holds a NUL byte, which no text has: remove it from the file.")
        if UNDECODABLE in text:
            return _("This card holds bytes that are not %(encoding)s: choose another encoding.") % {"encoding": self.encoding.upper()}
        if any(len(cell) > self.limits.max_cell for cell in cells):
            return _("A value of this card is longer than %(limit)d characters: shorten it.") % {"limit": self.limits.max_cell}
        return ""

    def _cells(self, card: Card) -> list[str]:
        single = card.single
        cells = [single.get(name, "") for name in FIRST]
        for values, count in ((card.emails, self._emails), (card.phones, self._phones)):
            kept = values[:count]
            if len(values) > count:
                kept[-1] = (SEVERAL.join(value for value, _kind in values[count - 1 :]), kept[-1][1])
            for value, kind in kept:
                cells += [value, kind]
            cells += [""] * (2 * (count - len(kept)))
        placed, more = _place(card)
        for kind in self._kinds:
            cells += [placed.get(kind, {}).get(part, "") for part in ADDRESS_PARTS]
        if self._more:
            cells.append(SEVERAL.join(more))
        urls = card.urls[: self._urls - 1] + ([SEVERAL.join(card.urls[self._urls - 1 :])] if len(card.urls) >= self._urls else [])
        cells += urls + [""] * (self._urls - len(urls))
        return cells + [single.get(name, "") for name in self._last]

    def _cards(self) -> Iterator[tuple[Card, str]]:
        """Each card with the sentence of its problem, if it has one."""
        try:
            with self._open() as stream:
                for lines, ended in cards_of(content_lines(stream, self.limits.max_cell + 1000)):
                    size = sum(len(line.value) for line in lines)
                    problem = self._too_long(size) if ended else _("This card has no END:VCARD: the file may be cut off.")
                    yield read_card(lines if size <= self.limits.max_record else lines[:50]), problem
        except (UnicodeError, OSError) as error:
            raise UnreadableFile(_("The file cannot be read to its end: export it again.")) from error

    def _too_long(self, size: int) -> str:
        if size <= self.limits.max_record:
            return ""
        return _("This card is too long to be a contact: remove attachments from it.")

    def _open(self) -> io.TextIOWrapper:
        return self.path.open("r", encoding=self.encoding, errors=MARKING, newline="")


def _bound(line: Line) -> str:
    """BEGIN or END for the lines around a card, "" for all others."""
    return line.name if line.name in ("BEGIN", "END") and line.value.strip().upper() == "VCARD" else ""


def cards_of(lines: Iterable[Line]) -> Iterator[tuple[list[Line], bool]]:  # noqa: C901  # one small state machine
    """The lines of each card, and whether its end was found. A card within a card (AGENT) is left out."""
    card: list[Line] | None = None
    depth = 0
    for line in lines:
        bound = _bound(line)
        if bound == "BEGIN":
            if card and (depth > 1 or card[-1].name == "AGENT"):
                depth += 1
                continue
            if card is not None:
                yield card, False
            card, depth = [], 1
        elif card is not None:
            depth -= bound == "END"
            if not depth:
                yield card, True
                card = None
            elif depth == 1 and not bound:
                card += [line] if len(card) < MOST_LINES else []
    if card is not None:
        yield card, False


def _place(card: Card) -> tuple[dict[str, dict[str, str]], list[str]]:
    """One address each for Home, Work and Other; what finds no place as one line of text each."""
    placed: dict[str, dict[str, str]] = {}
    more: list[str] = []
    for kind, parts in card.addresses:
        column = kind.capitalize() if kind in ("home", "work") else "Other"
        if column in placed:
            column = "Other" if "Other" not in placed else ""
        if column:
            placed[column] = parts
        else:
            more.append(", ".join(part.replace("\n", ", ") for part in parts.values() if part))
    return placed, more
