from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.dates import (
    Repeat,
    add_months,
    day_in,
    fiscal_quarter,
    fiscal_year,
    fiscal_year_bounds,
    fiscal_year_name,
    local_to_utc,
    month_bounds,
    quarter_bounds,
    repeat_next,
    week_start,
)

BERLIN, NEW_YORK, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
months = st.integers(1, 12)


@pytest.mark.parametrize(
    ("rule", "day", "following"),
    [
        ("daily", "2026-02-28", "2026-03-01"),
        ("weekdays", "2026-11-26", "2026-11-27"),
        ("weekdays", "2026-11-27", "2026-11-30"),
        ("weekdays", "2026-11-28", "2026-11-30"),
        ("weekdays", "2026-11-29", "2026-11-30"),
        ("weekly", "2026-12-28", "2027-01-04"),
        ("monthly", "2026-01-31", "2026-02-28"),
        ("monthly", "2026-12-15", "2027-01-15"),
        ("yearly", "2024-02-29", "2025-02-28"),
    ],
)
def test_a_task_comes_again(rule: str, day: str, following: str) -> None:
    assert repeat_next(date.fromisoformat(day), rule) == date.fromisoformat(following)


def test_a_task_of_the_last_day_stays_at_the_end_of_the_month() -> None:
    anchor = day = date(2027, 1, 31)
    seen = [day := repeat_next(day, Repeat.MONTHLY, anchor) for _ in range(4)]
    assert seen == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    leap = date(2024, 2, 29)
    assert repeat_next(date(2027, 2, 28), Repeat.YEARLY, leap) == leap.replace(year=2028)


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="hourly"):
        repeat_next(date(2026, 1, 1), "hourly")


@given(days, st.sampled_from(Repeat))
def test_the_next_day_is_later(day: date, rule: Repeat) -> None:
    assert day < repeat_next(day, rule) <= day + timedelta(days=366)


@given(days, st.integers(-600, 600))
def test_months_are_added_without_leaving_the_month(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day <= day.day


@given(days, st.integers(0, 6))
def test_a_week_starts_within_seven_days(day: date, first: int) -> None:
    start = week_start(day, first)
    assert start.weekday() == first
    assert 0 <= (day - start).days < 7


@pytest.mark.parametrize(
    ("day", "start", "year", "quarter"),
    [
        ("2026-01-01", 1, 2026, 1),
        ("2026-12-31", 1, 2026, 4),
        ("2026-03-31", 4, 2026, 4),
        ("2026-04-01", 4, 2027, 1),
        ("2026-11-22", 10, 2027, 1),
        ("2026-02-15", 2, 2027, 1),
    ],
)
def test_fiscal_years_are_named_after_their_end(day: str, start: int, year: int, quarter: int) -> None:
    assert fiscal_quarter(date.fromisoformat(day), start) == (year, quarter)


def test_fiscal_years_have_names_and_bounds() -> None:
    assert fiscal_year_bounds(2027, 4) == (date(2026, 4, 1), date(2027, 3, 31))
    assert fiscal_year_bounds(2026) == (date(2026, 1, 1), date(2026, 12, 31))
    assert quarter_bounds(2027, 4, 4) == (date(2027, 1, 1), date(2027, 3, 31))
    assert fiscal_year_name(2027, 4) == "2026/27"
    assert fiscal_year_name(2000, 4) == "1999/00"
    assert fiscal_year_name(2026) == "2026"
    assert month_bounds(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))


@given(days, months)
def test_a_day_lies_in_its_fiscal_year_and_quarter(day: date, start: int) -> None:
    first, last = fiscal_year_bounds(fiscal_year(day, start), start)
    assert first <= day <= last
    year, quarter = fiscal_quarter(day, start)
    quarter_first, quarter_last = quarter_bounds(year, quarter, start)
    assert first <= quarter_first <= day <= quarter_last <= last


@given(st.integers(1900, 2200), months)
def test_quarters_and_years_follow_without_gap(year: int, start: int) -> None:
    bounds = [quarter_bounds(year, quarter, start) for quarter in (1, 2, 3, 4)] + [quarter_bounds(year + 1, 1, start)]
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in zip(bounds, bounds[1:], strict=False))


@pytest.mark.parametrize(
    ("day", "clock", "zone", "utc"),
    [
        ("2026-11-22", time(14, 30), BERLIN, "2026-11-22T13:30"),
        ("2026-07-22", time(14, 30), BERLIN, "2026-07-22T12:30"),
        ("2026-03-29", time(2, 30), BERLIN, "2026-03-29T01:30"),
        ("2026-10-25", time(2, 30), BERLIN, "2026-10-25T00:30"),
        ("2026-03-08", time(2, 30), NEW_YORK, "2026-03-08T07:30"),
        ("2026-10-04", time(2, 15), LORD_HOWE, "2026-10-03T15:45"),
        ("2026-11-22", time(0, 0), ZoneInfo("Pacific/Auckland"), "2026-11-21T11:00"),
    ],
)
def test_a_reminder_fires_at_its_minute_also_when_clocks_change(day: str, clock: time, zone: ZoneInfo, utc: str) -> None:
    assert local_to_utc(date.fromisoformat(day), clock, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(days, st.times(), st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kathmandu")]))
def test_the_way_to_utc_leads_back_to_the_same_day(day: date, clock: time, zone: ZoneInfo) -> None:
    moment = local_to_utc(day, clock, zone)
    assert moment.tzinfo is UTC
    back = moment.astimezone(zone)
    ahead = back.replace(tzinfo=None) - datetime.combine(day, clock)
    assert timedelta() <= ahead <= timedelta(hours=1)
    assert ahead or day_in(zone, moment) == day
