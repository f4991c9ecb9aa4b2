"""Dates and times as files write them: one format for a whole column, decided over all of its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

from django.utils.translation import gettext as _

from .months import MONTHS

TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
ZONE = r"(?P<zone>Z|UTC|GMT|[-+]\d{2}(?::?\d{2})?(?::\d{2})?)?(?:\s*\([\w ]+\)|\s+[A-Z]{3,4})?"
CLOCK = rf"(?:(?:,?\s+|T|,)(?:at\s+|um\s+)?{TIME}\s*{ZONE}(?:\s*Uhr)?)?"
WEEKDAY = r"(?:(?:[^\W\d_]{2,10})\.?,?\s+)?"
NUMERIC = re.compile(
    rf"^{WEEKDAY}(?P<a>\d{{1,4}})(?P<separator>[-/.]|\.\s|\s)(?P<b>\d{{1,2}})(?:(?P=separator))(?P<c>\d{{1,4}})\.?{CLOCK}$"
)
NAMED = re.compile(
    rf"^{WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-\s/]*(?:de\s+)?(?P<month>[^\W\d_]{{3,12}})\.?[-\s/,]*(?:de\s+)?(?P<year>\d{{4}}|\d{{2}}){CLOCK}$"
)
NAMED_FIRST = re.compile(
    rf"^{WEEKDAY}(?P<month>[^\W\d_]{{3,12}})\.?[-\s]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[-\s]+(?P<year>\d{{4}}|\d{{2}}){CLOCK}$"
)
NAMED_YEAR_FIRST = re.compile(rf"^(?P<year>\d{{4}})[-\s/](?P<month>[^\W\d_]{{3,12}})[-\s/](?P<day>\d{{1,2}}){CLOCK}$")
COMPACT = re.compile(
    r"^(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z)?)?(?P<fraction>)(?P<half>)$"
)
SERIAL = re.compile(r"^(\d{1,5})(?:[.,](\d+))?$")
EPOCH = re.compile(r"^(\d{9,10})(?:\.\d+)?$|^(\d{12,13})$")
UNSAID = "unsaid"
LATEST_SHORT_YEAR = 68


class Parts(NamedTuple):
    """A date taken apart: `orders` are the readings that are possible ("ymd", "dmy", "mdy", "ydm" do not all fit)."""

    numbers: tuple[int, int, int]
    orders: frozenset[str]
    separator: str
    clock: time | None
    zone: timezone | None


@dataclass(frozen=True)
class DateFormat:
    """How a column writes dates.

    order: "ymd", "dmy", "mdy", "serial" (days of a spreadsheet), "seconds" or "milliseconds" (since 1970).
    ambiguous: day and month could be either way round in every value; a person has to choose. has_time: some value has a time of day.
    """

    order: str
    ambiguous: bool = False
    has_time: bool = False

    def parse(self, text: str) -> date | datetime | None:
        """A date, or a datetime where the text has a time of day (aware where it has a zone); None for an empty text.

        Raises ValueError with a sentence.
        """
        value = text.strip()
        if not value or value.strip("0-/.: ") == "":
            return None
        try:
            if self.order in ("serial", "seconds", "milliseconds"):
                return self._counted(value)
            parts = split_date(value)
            if parts is None:
                return self._counted(value, other=True)
            return self._joined(parts, value)
        except (OverflowError, OSError) as error:
            raise _no_date(value) from error

    def _joined(self, parts: Parts, value: str) -> date | datetime:
        order = self.order
        if order not in parts.orders:
            # A year of four digits in front says its order itself, whatever the rest of the column does.
            if len(parts.orders) > 1 or (parts.separator != UNSAID and parts.numbers[0] < 100):
                message = _("“%(text)s” does not fit the other dates of the column: write it as %(pattern)s.")
                raise ValueError(message % {"text": value[:60], "pattern": self.pattern})
            order = next(iter(parts.orders))
        values = dict(zip(order, parts.numbers, strict=True))
        year = values["y"] if values["y"] > 99 else values["y"] + (2000 if values["y"] <= LATEST_SHORT_YEAR else 1900)
        try:
            day = date(year, values["m"], values["d"])
        except ValueError as error:
            raise _no_date(value) from error
        return day if parts.clock is None else datetime.combine(day, parts.clock, parts.zone)

    def _counted(self, value: str, other: bool = False) -> date | datetime:
        serial, epoch = SERIAL.match(value), EPOCH.match(value)
        if epoch and not (other and serial):
            number = int(epoch[1] or epoch[2])
            return datetime.fromtimestamp(number / 1000 if epoch[2] else number, UTC)
        if serial and self.order == "serial" and 1 <= int(serial[1]) <= 99999:
            seconds = round(float(f"0.{serial[2] or 0}") * 86400)
            moment = datetime(1899, 12, 30) + timedelta(days=int(serial[1]), seconds=seconds)
            return moment if serial[2] and seconds else moment.date()
        if self.order == "serial" and (parts := split_date(value)) and len(parts.orders) == 1:
            return DateFormat(next(iter(parts.orders))).parse(value) or date.min
        raise _no_date(value)

    @property
    def pattern(self) -> str:
        """An example of the format for people."""
        return {"ymd": "2026-02-23", "dmy": "23.02.2026", "mdy": "02/23/2026"}.get(self.order, "2026-02-23")


def _no_date(value: str) -> ValueError:
    return ValueError(_("“%(text)s” is not a date: write it as 2026-02-23.") % {"text": value[:60]})


def split_date(text: str) -> Parts | None:
    """The parts of a written date; None where the text is none (numbers without separators count only as 20260223)."""
    value = " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())
    if len(value) > 60 or not any(char.isdigit() for char in value):
        return None
    match = NUMERIC.match(value)
    if match:
        return _numeric(match)
    for pattern in (NAMED, NAMED_FIRST, NAMED_YEAR_FIRST):
        if (match := pattern.match(value)) and (month := MONTHS.get(match["month"].casefold().rstrip("."))):
            return _parts((int(match["year"]), month, int(match["day"])), frozenset({"ymd"}), UNSAID, match)
    match = COMPACT.match(value)
    if match:
        return _parts((int(match["year"]), int(match["month"]), int(match["day"])), frozenset({"ymd"}), UNSAID, match)
    return None


def _numeric(match: re.Match[str]) -> Parts | None:
    a, b, c = match["a"], match["b"], match["c"]
    separator = match["separator"].strip()
    if len(a) == 4:
        if len(c) > 2:
            return None
        orders = {"ymd"} if int(b) <= 12 else {"ydm"}
        return _parts((int(a), int(b), int(c)), frozenset(orders), separator, match) if int(c) <= 31 else None
    if len(a) == 3 or len(c) in (1, 3):
        return None
    orders = set()
    first, second, third = int(a), int(b), int(c)
    if 1 <= first <= 31 and 1 <= second <= 12:
        orders.add("dmy")
    if 1 <= first <= 12 and 1 <= second <= 31:
        orders.add("mdy")
    if len(a) == 2 and len(c) == 2 and 1 <= second <= 12 and 1 <= third <= 31 and separator != "/":
        orders.add("ymd")
    if not orders:
        return None
    return _parts((first, second, third), frozenset(orders), separator, match)


def _parts(numbers: tuple[int, int, int], orders: frozenset[str], separator: str, match: re.Match[str]) -> Parts | None:
    if match["hour"] is None:
        return Parts(numbers, orders, separator, None, None)
    hour, half = int(match["hour"]), (match["half"] or "").lower().replace(".", "").replace(" ", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    minute, second = int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    return Parts(numbers, orders, separator, time(hour, minute, second, micro), _zone(match["zone"]))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def guess_date_format(values: Iterable[str], *, prefer: str = "") -> DateFormat | None:
    """The one format of a column; None where most of its values are no dates.

    prefer: "dmy" or "mdy", used where the values leave it open, as the organization's own format would decide.
    """
    support: Counter[str] = Counter()
    separators: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    total = read = halves = 0
    has_time = False
    for text in values:
        value = text.strip()
        if not value or value.strip("0-/.: ") == "":
            continue
        total += 1
        parts = split_date(value)
        if parts is None:
            if kind := _kind_of_number(value):
                counted[kind] += 1
            continue
        read += 1
        has_time = has_time or parts.clock is not None
        halves += bool(re.search(r"(?i)\d\s*[ap]\.?m\.?", value))
        separators[parts.separator] += 1
        support.update(parts.orders)
    if not total:
        return None
    if counted and counted.total() > read:
        kind = counted.most_common(1)[0][0]
        return DateFormat(kind, has_time=kind != "serial") if counted.total() >= 0.8 * total else None
    if read < 0.6 * total:
        return None
    return _decided(support, separators, halves, has_time, prefer)


def _kind_of_number(value: str) -> str:
    epoch = EPOCH.match(value)
    if epoch:
        return "milliseconds" if epoch[2] else "seconds"
    serial = SERIAL.match(value)
    return "serial" if serial and 10_000 <= int(serial[1]) <= 80_000 else ""


def _decided(support: Counter[str], separators: Counter[str], halves: int, has_time: bool, prefer: str) -> DateFormat:
    """The order that most values allow; the others will be reported as not fitting."""
    best = max(support.values())
    possible = {order for order, count in support.items() if count == best}
    if len(possible) == 1:
        return DateFormat(possible.pop(), has_time=has_time)
    if not {"dmy", "mdy"} <= possible:
        return DateFormat(min(possible, key=["dmy", "mdy", "ymd", "ydm"].index), ambiguous=True, has_time=has_time)
    if separators["."]:
        return DateFormat("dmy", has_time=has_time)
    if prefer in ("dmy", "mdy"):
        return DateFormat(prefer, ambiguous=True, has_time=has_time)
    return DateFormat(
        "mdy" if separators["/"] and separators["/"] >= separators["-"] and (halves or not has_time) else "dmy",
        ambiguous=True,
        has_time=has_time,
    )
