"""Arithmetic with days: months, weeks, fiscal years and quarters, repeats, and the way from a clock on the wall to UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SATURDAY = 5


class Repeat(StrEnum):
    """How often a task comes again."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


def add_months(day: date, months: int, *, day_of_month: int | None = None) -> date:
    """The same day that many months later, or the month's last one where it is shorter. Raises OverflowError outside years 1–9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("The date is outside the calendar.")
    return date(year, month + 1, min(day_of_month or day.day, monthrange(year, month + 1)[1]))


def repeat_next(day: date, rule: Repeat | str, anchor: date | None = None) -> date:
    """The next day after `day`. `anchor` is the first day of all: a task of 31 January comes on 28 February and again on 31 March."""
    first = anchor or day
    match Repeat(rule):
        case Repeat.DAILY:
            return day + timedelta(days=1)
        case Repeat.WEEKDAYS:
            following = day + timedelta(days=1)
            return following + timedelta(days=7 - following.weekday() if following.weekday() >= SATURDAY else 0)
        case Repeat.WEEKLY:
            return day + timedelta(days=7)
        case Repeat.MONTHLY:
            return add_months(day, 1, day_of_month=first.day)
        case Repeat.YEARLY:
            return add_months(day, 12, day_of_month=first.day)


def week_start(day: date, first_weekday: int = 0) -> date:
    """The first day of its week; weekdays count from Monday, 0."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def fiscal_year(day: date, start_month: int = 1) -> int:
    """The fiscal year of a day, named after the calendar year in which it ends: April 2026 to March 2027 is 2027."""
    return day.year + (1 if start_month > 1 and day.month >= start_month else 0)


def fiscal_quarter(day: date, start_month: int = 1) -> tuple[int, int]:
    """(fiscal year, 1–4)"""
    return fiscal_year(day, start_month), (day.month - start_month) % 12 // 3 + 1


def fiscal_year_bounds(year: int, start_month: int = 1) -> tuple[date, date]:
    """First and last day."""
    return _span(_fiscal_start(year, start_month), 12)


def quarter_bounds(year: int, quarter: int, start_month: int = 1) -> tuple[date, date]:
    """First and last day of a quarter, 1–4, of a fiscal year."""
    return _span(add_months(_fiscal_start(year, start_month), 3 * (quarter - 1)), 3)


def month_bounds(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    return _span(day.replace(day=1), 1)


def fiscal_year_name(year: int, start_month: int = 1) -> str:
    """ "2026" where it is the calendar year, otherwise "2026/27"."""
    return str(year) if start_month == 1 else f"{year - 1}/{year % 100:02d}"


def local_to_utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment when clocks in `zone` show that time, in UTC.

    A time that the spring change skips counts on from before it (02:30 is 03:30); of one that comes twice in autumn, the first.
    """
    return datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone).astimezone(UTC)


def day_in(zone: ZoneInfo, moment: datetime) -> date:
    """The date on calendars in `zone` at an aware moment."""
    return moment.astimezone(zone).date()


def _fiscal_start(year: int, start_month: int) -> date:
    return date(year if start_month == 1 else year - 1, start_month, 1)


def _span(first: date, months: int) -> tuple[date, date]:
    last = add_months(first, months - 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])
