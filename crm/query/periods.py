"""Spans of days as an organization counts them: its time zone, its fiscal year."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from crm.tenancy.models import Organization


@dataclass(frozen=True)
class Calendar:
    """The organization's day at one moment. Spans are (first day, day after the last one)."""

    now: datetime
    zone: ZoneInfo
    fiscal_start: int = 1

    @classmethod
    def of(cls, organization: Organization | None, now: datetime | None = None) -> "Calendar":
        zone, start = (organization.time_zone, organization.fiscal_year_start) if organization else ("UTC", 1)
        return cls(now or timezone.now(), ZoneInfo(zone), start)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def span(self, name: str) -> tuple[date, date]:
        """today, this_week (from Monday), this_month, this_quarter and this_year (both fiscal)."""
        today = self.today
        if name == "today":
            return today, today + timedelta(days=1)
        if name == "this_week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=7)
        months = {"this_month": 1, "this_quarter": 3, "this_year": 12}[name]
        since = (today.month - self.fiscal_start) % months if months > 1 else 0
        first = _months_on(today.replace(day=1), -since)
        return first, _months_on(first, months)

    def moment(self, day: date) -> datetime:
        """When the day begins here."""
        return datetime.combine(day, time(), self.zone)


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
