"""Dates and times as people type them, and the words for near days.

Patterns are the organization's date formats, in Django's letters: "Y-m-d", "d.m.Y", "d/m/Y", "m/d/Y", "j M Y".
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, MONTHS_3, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from crm.lib.dates import add_months, local_to_utc, week_start
from crm.lib.invalid import InvalidValue
from crm.lib.text import fold

ISO = "Y-m-d"
MONTH_FIRST = "m/d/Y"
EARLIEST_YEAR, LATEST_YEAR = 1000, 9998
YEARS_AHEAD = 20
EXAMPLE = date(2026, 11, 22)

YEAR_FIRST_TEXT = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
THREE_NUMBERS = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})\.?", re.ASCII)
TWO_NUMBERS = re.compile(r"(\d{1,2})\s*([/.])\s*(\d{1,2})\.?", re.ASCII)
DAY_THEN_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[. -]*([^\W\d_]+)[., -]*(\d{4}|'?\d{2})?")
MONTH_THEN_DAY = re.compile(r"([^\W\d_]+)[. -]*(\d{1,2})(?:st|nd|rd|th)?(?:[., ]+(\d{4}|'\d{2}))?")
DISTANCE = re.compile(r"(?P<ahead>in |\+ ?)?(?P<number>\d{1,6}|\w+)? ?(?P<unit>[^\W\d_]+)(?P<ago> \w+)?")
CLOCK = re.compile(r"(\d{1,2})(?:[:.h ](\d{2}))?(?::\d{2}(?:\.\d+)?)? ?(?:uhr|h)?", re.ASCII)
HALF_DAY = re.compile(r"(\d{1,2})(?:[:. ](\d{2}))? ?([ap])\.? ?m\.?", re.ASCII)
FOUR_DIGITS = re.compile(r"(\d{2})(\d{2})", re.ASCII)


class InvalidDate(InvalidValue):
    """The text is no date that can be told."""


class InvalidTime(InvalidValue):
    """The text is no time of day."""


def parse_day(text: str, pattern: str = ISO, *, today: date) -> date:
    """The day that was typed: in the pattern, in ISO 8601, with a month's name, or as "tomorrow", "monday", "in 3 days", "next week".

    Numbers follow the pattern's order, whatever stands between them; two digits are a year of the hundred that ends in 20 years; without a
    year it is the next such day. "monday" is the next one after today, "next monday" that of the next week. Raises InvalidDate.
    """
    words = fold(text).strip(",")
    for read in (_by_word, _by_distance, _by_weekday, _year_first, _by_month_name, _by_numbers):
        if (day := read(words, today, pattern)) is not None:
            return _in_range(day, pattern)
    raise InvalidDate(_not_a_date(pattern))


def parse_time(text: str) -> time:
    """A time of day: "14:30", "2:30 pm", "14h30", "1430", "9", "noon". Raises InvalidTime."""
    words = fold(text)
    if words in {"noon", "midday", fold(_("noon"))}:
        return time(12)
    if words in {"midnight", fold(_("midnight"))}:
        return time(0)
    if found := HALF_DAY.fullmatch(words):
        return _half_day(int(found[1]), int(found[2] or 0), found[3])
    if found := FOUR_DIGITS.fullmatch(words) or CLOCK.fullmatch(words):
        return _clock(int(found[1]), int(found[2] or 0))
    raise InvalidTime(_not_a_time())


def parse_moment(text: str, pattern: str = ISO, *, zone: ZoneInfo, now: datetime, default: time = time(9)) -> datetime:
    """A day and a time in `zone`, as aware UTC: "tomorrow 14:30", "22.11.2026 9 am", ISO 8601. `default` where there is no time.

    A time alone is its next occurrence. Raises InvalidDate, or InvalidTime where the day is clear.
    """
    if found := _iso_moment(text.strip(), zone):
        return found
    words, today = fold(text).replace(" at ", " ").replace(", ", " "), now.astimezone(zone).date()
    for cut in _cuts(words):
        day, clock = _try_day(words[:cut], pattern, today), _try_time(words[cut:])
        if day and clock:
            return _moment(day, clock, zone, pattern)
    if day := _try_day(words, pattern, today):
        return _moment(day, default, zone, pattern)
    if clock := _try_time(words):
        moment = _moment(today, clock, zone, pattern)
        return moment if moment > now else _moment(today + timedelta(days=1), clock, zone, pattern)
    raise InvalidDate(_("Write the day and the time, like %(day)s 14:30.") % {"day": format_day(EXAMPLE, pattern)})


def format_day(day: date, pattern: str = ISO) -> str:
    """In the organization's format and the reader's language; `parse_day` reads it back."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}" if pattern == ISO else date_format(day, pattern)


def format_time(clock: time) -> str:
    """14:05, on 24 hours, in every language."""
    return f"{clock.hour:02d}:{clock.minute:02d}"


def near_day(day: date, today: date) -> str:
    """In words up to six days away ("today", "in 3 days", "2 days ago"); empty beyond."""
    days = (day - today).days
    named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in named:
        return named[days]
    if abs(days) >= 7:
        return ""
    count = {"count": abs(days)}
    return (
        ngettext("in %(count)d day", "in %(count)d days", days) if days > 0 else ngettext("%(count)d day ago", "%(count)d days ago", -days)
    ) % count


def _by_word(words: str, today: date, pattern: str) -> date | None:
    return found(today) if (found := _words(get_language()).get(words)) else None


def _by_distance(words: str, today: date, pattern: str) -> date | None:
    found = DISTANCE.fullmatch(words)
    unit = _units(get_language()).get(found["unit"]) if found else None
    if found is None or unit is None:
        return None
    number = _number(found["number"])
    backwards = found["ago"] is not None and found["ago"].strip() in {"ago", "before"}
    if number is None or (found["ago"] and not backwards) or not (found["ahead"] or found["number"]):
        return None
    try:
        return _moved(today, unit, -number if backwards else number)
    except OverflowError:
        raise InvalidDate(_not_a_date(pattern)) from None


def _number(text: str | None) -> int | None:
    if text is None or text in {"a", "an", "one"}:
        return 1
    return int(text) if text.isdecimal() else None


def _moved(today: date, unit: str, number: int) -> date:
    if unit in {"month", "year"}:
        return add_months(today, number * (12 if unit == "year" else 1))
    return today + timedelta(days=number * (7 if unit == "week" else 1))


def _by_weekday(words: str, today: date, pattern: str) -> date | None:
    last = words.rpartition(" ")
    weekday = _weekdays(get_language()).get(last[2].rstrip("."))
    if weekday is None or last[0] not in {"", "on", "this", "next", fold(_("next"))}:
        return None
    if last[0] in {"next", fold(_("next"))}:
        return week_start(today) + timedelta(days=7 + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _year_first(words: str, today: date, pattern: str) -> date | None:
    found = YEAR_FIRST_TEXT.fullmatch(words)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    return _day(year, month, day, pattern)


def _by_month_name(words: str, today: date, pattern: str) -> date | None:
    months = _months(get_language())
    if (found := DAY_THEN_MONTH.fullmatch(words)) and found[2] in months:
        return _with_year(found[3], months[found[2]], int(found[1]), today, pattern)
    if (found := MONTH_THEN_DAY.fullmatch(words)) and found[1] in months:
        return _with_year(found[3], months[found[1]], int(found[2]), today, pattern)
    return None


def _by_numbers(words: str, today: date, pattern: str) -> date | None:
    found = THREE_NUMBERS.fullmatch(words) or TWO_NUMBERS.fullmatch(words)
    if not found:
        return None
    if pattern == ISO and found[2] != ".":
        raise InvalidDate(_not_a_date(pattern))
    first, second = int(found[1]), int(found[3])
    day, month = (second, first) if pattern == MONTH_FIRST else (first, second)
    return _with_year(found[4] if found.re is THREE_NUMBERS else None, month, day, today, pattern)


def _with_year(year: str | None, month: int, day: int, today: date, pattern: str) -> date:
    """A year of two digits, or none at all, filled in."""
    if year is None:
        return _next_such_day(month, day, today, pattern)
    number = int(year.lstrip("'"))
    if len(year.lstrip("'")) == 2:
        latest = today.year + YEARS_AHEAD
        number = latest - (latest - number) % 100
    return _day(number, month, day, pattern)


def _next_such_day(month: int, day: int, today: date, pattern: str) -> date:
    """Within eight years, since 29 February can be that far."""
    for year in range(today.year, min(today.year + 9, LATEST_YEAR + 1)):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return _day(today.year, month, day, pattern)


def _day(year: int, month: int, day: int, pattern: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    facts = {"month": month, "day": day, "example": format_day(EXAMPLE, pattern)}
    if not 1 <= month <= 12:
        raise InvalidDate(_("There is no month %(month)d. Write the date like %(example)s.") % facts)
    raise InvalidDate(_("That month has no day %(day)d. Write the date like %(example)s.") % facts)


def _in_range(day: date, pattern: str) -> date:
    if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return day
    raise InvalidDate(_not_a_date(pattern))


def _half_day(hour: int, minute: int, half: str) -> time:
    if not 1 <= hour <= 12:
        raise InvalidTime(_not_a_time())
    return _clock(hour % 12 + (12 if half == "p" else 0), minute)


def _clock(hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:
        raise InvalidTime(_not_a_time())
    return time(hour, minute)


def _iso_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """ISO 8601 with a time, as programs and browsers write it."""
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text, re.ASCII):
        return None
    try:
        found = datetime.fromisoformat(text)
        if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            return None
        return found.astimezone(UTC) if found.tzinfo else local_to_utc(found.date(), found.time(), zone)
    except (ValueError, OverflowError):
        return None


def _cuts(words: str) -> Iterable[int]:
    """Where the time may begin: the last space, the one before."""
    return [match.end() for match in re.finditer(" ", words)][-1:-4:-1]


def _try_day(words: str, pattern: str, today: date) -> date | None:
    try:
        return parse_day(words, pattern, today=today)
    except InvalidDate:
        return None


def _try_time(words: str) -> time | None:
    try:
        return parse_time(words)
    except InvalidTime:
        return None


def _moment(day: date, clock: time, zone: ZoneInfo, pattern: str) -> datetime:
    try:
        return local_to_utc(day, clock, zone)
    except OverflowError:
        raise InvalidDate(_not_a_date(pattern)) from None


def _not_a_date(pattern: str) -> str:
    return _("Write the date like %(example)s, or as “tomorrow”, “monday” or “in 3 days”.") % {"example": format_day(EXAMPLE, pattern)}


def _not_a_time() -> str:
    return _("Write the time like 14:30.")


@lru_cache(maxsize=32)
def _words(language: str | None) -> dict[str, Callable[[date], date]]:
    """Words for days, in English and in the language."""
    meanings: dict[str, Callable[[date], date]] = {
        "today": lambda day: day,
        "tomorrow": lambda day: day + timedelta(days=1),
        "day after tomorrow": lambda day: day + timedelta(days=2),
        "yesterday": lambda day: day - timedelta(days=1),
        "next week": lambda day: week_start(day) + timedelta(days=7),
        "next month": lambda day: add_months(day, 1, day_of_month=1),
        "next year": lambda day: date(day.year + 1, 1, 1),
        "end of month": lambda day: add_months(day, 1, day_of_month=1) - timedelta(days=1),
    }
    translated = {
        _("today"): "today",
        _("tomorrow"): "tomorrow",
        _("day after tomorrow"): "day after tomorrow",
        _("yesterday"): "yesterday",
        _("next week"): "next week",
        _("next month"): "next month",
        _("next year"): "next year",
        _("end of month"): "end of month",
    }
    return {**{fold(word): meanings[meaning] for word, meaning in translated.items()}, **meanings}


@lru_cache(maxsize=32)
def _units(language: str | None) -> dict[str, str]:
    english = {"d": "day", "w": "week", "m": "month", "y": "year"} | {
        f"{unit}{s}": unit for unit in ("day", "week", "month", "year") for s in ("", "s")
    }
    translated = {
        _("day"): "day", _("days"): "day", _("week"): "week", _("weeks"): "week",
        _("month"): "month", _("months"): "month", _("year"): "year", _("years"): "year",
    }  # fmt: skip
    return {**{fold(word): unit for word, unit in translated.items()}, **english}


@lru_cache(maxsize=32)
def _weekdays(language: str | None) -> dict[str, int]:
    return _names(WEEKDAYS, WEEKDAYS_ABBR)


@lru_cache(maxsize=32)
def _months(language: str | None) -> dict[str, int]:
    return {**_names(MONTHS, MONTHS_3, MONTHS_AP), "sept": 9}


def _names(*tables: dict[int, str]) -> dict[str, int]:
    """Folded names of the active language, then English ones, to their numbers."""
    names = {fold(str(name)).rstrip("."): number for table in tables for number, name in table.items()}
    with override("en"):
        english = {fold(str(name)).rstrip("."): number for table in tables for number, name in table.items()}
    return {**english, **names}
