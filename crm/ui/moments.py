"""How times read: relative up to seven days, then the date. Texts, never markup."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

WEEK = timedelta(days=7)
NEARLY_A_YEAR = 330

day_format: ContextVar[str] = ContextVar("day_format", default="j M Y")
"""Django's date format of the organization; set for each request by crm.ui.middleware."""


@dataclass(frozen=True)
class Clock:
    """A moment, and how its reader writes times. Asked once for a page, not once for a cell."""

    now: datetime
    zone: tzinfo
    language: str | None
    pattern: str

    @classmethod
    def current(cls, now: datetime | None = None) -> "Clock":
        return cls(now or timezone.now(), timezone.get_current_timezone(), get_language(), day_format.get())

    def day(self, value: date) -> str:
        """22 Nov 2026, the way the organization writes it."""
        local = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return _written(local, self.pattern, self.language)

    def short(self, value: date) -> str:
        """29 Jan; with its year where it is more than eleven months away."""
        if abs((value - self.now.astimezone(self.zone).date()).days) > NEARLY_A_YEAR:
            return self.day(value)
        return _written(value, pgettext("a day without its year, as in the format of Django's date filter", "j M"), self.language)

    def exact(self, value: datetime) -> str:
        """22 Nov 2026, 14:05 CET"""
        local = value.astimezone(self.zone)
        return f"{_written(local.date(), self.pattern, self.language)}, {local.hour:02}:{local.minute:02} {local.tzname()}"

    def moment(self, value: datetime) -> str:
        """22 Nov 2026, 14:05"""
        local = value.astimezone(self.zone)
        return f"{_written(local.date(), self.pattern, self.language)}, {local.hour:02}:{local.minute:02}"

    def relative(self, value: datetime) -> str:
        """2 h ago, yesterday, in 3 d; a date from seven days on."""
        distance = abs(value - self.now)
        if distance >= WEEK:
            return self.day(value)
        minutes = int(distance.total_seconds()) // 60
        days = (value.astimezone(self.zone).date() - self.now.astimezone(self.zone).date()).days
        if minutes < 12 * 60 or days == 0:
            return _within_a_day(minutes, value > self.now, self.language)
        return _near_day(days, self.language) if abs(days) < WEEK.days else self.day(value)

    def relative_day(self, value: date) -> str:
        """today, tomorrow, in 3 d, 4 d ago; the date from seven days on."""
        days = (value - self.now.astimezone(self.zone).date()).days
        return _near_day(days, self.language) if abs(days) < WEEK.days else self.day(value)

    def years_since(self, value: date) -> int:
        """How many whole years ago a day was. Who was born on 29 February is a year older on 1 March."""
        today = self.now.astimezone(self.zone).date()
        return today.year - value.year - ((today.month, today.day) < (value.month, value.day))


def duration(seconds: int) -> str:
    """660 → 11 min; 5400 → 1 h 30 min; what took no time at all is 0 min."""
    hours, rest = divmod(max(1, round(seconds / 60)) if seconds else 0, 60)
    if hours and rest:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest}
    return _("%(h)d h") % {"h": hours} if hours else _("%(m)d min") % {"m": rest}


# The language is part of the key: the texts are the translations of the active one.


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, language: str | None) -> str:
    return date_format(value, pattern)


@lru_cache(maxsize=4096)
def _within_a_day(minutes: int, ahead: bool, language: str | None) -> str:
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return (_("in %(n)s min") if ahead else _("%(n)s min ago")) % {"n": minutes}
    return (_("in %(n)s h") if ahead else _("%(n)s h ago")) % {"n": minutes // 60}


@lru_cache(maxsize=64)
def _near_day(days: int, language: str | None) -> str:
    named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    return named.get(days) or (_("in %(n)s d") if days > 0 else _("%(n)s d ago")) % {"n": abs(days)}
