from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.typed_dates import InvalidDate, InvalidTime, format_day, format_time, near_day, parse_day, parse_moment, parse_time

WEDNESDAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PATTERNS = ["Y-m-d", "d.m.Y", "d/m/Y", "m/d/Y", "j M Y"]


@pytest.mark.parametrize(
    ("written", "pattern", "day"),
    [
        ("2026-11-22", "Y-m-d", "2026-11-22"),
        ("2026-11-22", "m/d/Y", "2026-11-22"),
        ("20261122", "d.m.Y", "2026-11-22"),
        ("2026/1/5", "d.m.Y", "2026-01-05"),
        ("22.11.2026", "d.m.Y", "2026-11-22"),
        ("22.11.2026", "Y-m-d", "2026-11-22"),
        ("22. 11. 2026", "d.m.Y", "2026-11-22"),
        ("3/4/2026", "d/m/Y", "2026-04-03"),
        ("3/4/2026", "m/d/Y", "2026-03-04"),
        ("3-4-26", "d/m/Y", "2026-04-03"),
        ("3.4.26", "m/d/Y", "2026-03-04"),
        ("12.03.85", "d.m.Y", "1985-03-12"),
        ("12.03.46", "d.m.Y", "2046-03-12"),
        ("12.03.47", "d.m.Y", "1947-03-12"),
        ("22 Nov 2026", "Y-m-d", "2026-11-22"),
        ("Nov 22, 2026", "d/m/Y", "2026-11-22"),
        ("November 22nd 2026", "d/m/Y", "2026-11-22"),
        ("22-Nov-26", "d/m/Y", "2026-11-22"),
        ("1st Dec", "d/m/Y", "2026-12-01"),
        ("1.12.", "d.m.Y", "2026-12-01"),
        ("24.11.", "d.m.Y", "2027-11-24"),
        ("25.11.", "d.m.Y", "2026-11-25"),
        ("29.2.", "d.m.Y", "2028-02-29"),
        ("today", "Y-m-d", "2026-11-25"),
        ("TOMORROW", "Y-m-d", "2026-11-26"),
        ("yesterday", "Y-m-d", "2026-11-24"),
        ("day after tomorrow", "Y-m-d", "2026-11-27"),
        ("next week", "Y-m-d", "2026-11-30"),
        ("next month", "Y-m-d", "2026-12-01"),
        ("next year", "Y-m-d", "2027-01-01"),
        ("end of month", "Y-m-d", "2026-11-30"),
        ("in 3 days", "Y-m-d", "2026-11-28"),
        ("3d", "Y-m-d", "2026-11-28"),
        ("+3 days", "Y-m-d", "2026-11-28"),
        ("in a week", "Y-m-d", "2026-12-02"),
        ("2 weeks ago", "Y-m-d", "2026-11-11"),
        ("in 3 months", "Y-m-d", "2027-02-25"),
        ("in one year", "Y-m-d", "2027-11-25"),
        ("thursday", "Y-m-d", "2026-11-26"),
        ("wednesday", "Y-m-d", "2026-12-02"),
        ("on Fri.", "Y-m-d", "2026-11-27"),
        ("next friday", "Y-m-d", "2026-12-04"),
    ],
)
def test_days_are_read_as_people_type_them(written: str, pattern: str, day: str) -> None:
    assert parse_day(written, pattern, today=WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "pattern", "hint"),
    [
        ("", "d.m.Y", "Write the date like 22.11.2026"),
        ("soon", "m/d/Y", "Write the date like 11/22/2026, or as “tomorrow”"),
        ("22/11/2026", "m/d/Y", "There is no month 22. Write the date like 11/22/2026"),
        ("11/22/2026", "d/m/Y", "There is no month 22. Write the date like 22/11/2026"),
        ("3/4/2026", "Y-m-d", "Write the date like 2026-11-22"),
        ("31.2.2026", "d.m.Y", "That month has no day 31"),
        ("30.2.", "d.m.Y", "That month has no day 30"),
        ("2026-13-01", "Y-m-d", "There is no month 13"),
        ("in 999999 years", "j M Y", "Write the date like 22 Nov 2026"),
        ("0999-01-01", "Y-m-d", "Write the date like"),
    ],
)
def test_bob_reads_how_to_mend_his_date(written: str, pattern: str, hint: str) -> None:
    with pytest.raises(InvalidDate, match=hint):
        parse_day(written, pattern, today=WEDNESDAY)


def test_a_german_organization_types_german_and_english() -> None:
    with override("de"):
        assert format_day(date(2026, 3, 4), "j M Y") == "4 Mär 2026"
        assert parse_day("4. März 2026", today=WEDNESDAY) == date(2026, 3, 4)
        assert parse_day("4 March 2026", today=WEDNESDAY) == date(2026, 3, 4)
        assert parse_day("Freitag", today=WEDNESDAY) == parse_day("friday", today=WEDNESDAY) == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("14:30", time(14, 30)),
        ("14:30:59", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14.30 Uhr", time(14, 30)),
        ("1430", time(14, 30)),
        ("9", time(9)),
        ("9 Uhr", time(9)),
        ("2pm", time(14)),
        ("2:30 p.m.", time(14, 30)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("Midnight", time(0)),
    ],
)
def test_times_are_read_as_people_type_them(written: str, clock: time) -> None:
    assert parse_time(written) == clock


@pytest.mark.parametrize("written", ["", "25:00", "14:60", "13 pm", "0 am", "soon", "2460", "123"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(InvalidTime, match="like 14:30"):
        parse_time(written)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("tomorrow 14:30", "2026-11-26T13:30"),
        ("tomorrow at 2 pm", "2026-11-26T13:00"),
        ("22.11.2026 9", "2026-11-22T08:00"),
        ("22 Nov 2026, 14:30", "2026-11-22T13:30"),
        ("in 3 days 9:30 am", "2026-11-28T08:30"),
        ("2026-11-22T14:30", "2026-11-22T13:30"),
        ("2026-11-22 14:30:15", "2026-11-22T13:30:15"),
        ("2026-11-22T14:30+00:00", "2026-11-22T14:30"),
        ("2026-07-22T14:30:00Z", "2026-07-22T14:30"),
        ("monday", "2026-11-30T08:00"),
        ("15:00", "2026-11-25T14:00"),
        ("9:00", "2026-11-26T08:00"),
    ],
)
def test_a_reminder_is_typed_as_day_and_time(written: str, utc: str) -> None:
    moment = parse_moment(written, "d.m.Y", zone=BERLIN, now=NOW)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("written", ["", "soon", "tomorrow 25:00", "2026-13-01T10:00", "2026-11-22T99:00"])
def test_what_is_no_moment_is_refused(written: str) -> None:
    with pytest.raises((InvalidDate, InvalidTime)):
        parse_moment(written, "d.m.Y", zone=BERLIN, now=NOW)


@pytest.mark.parametrize(
    ("day", "words"),
    [(25, "today"), (26, "tomorrow"), (24, "yesterday"), (28, "in 3 days"), (23, "2 days ago"), (30, "in 5 days"), (18, "")],
)
def test_near_days_have_words(day: int, words: str) -> None:
    assert near_day(date(2026, 11, day), WEDNESDAY) == words
    if words:
        assert parse_day(words, today=WEDNESDAY) == date(2026, 11, day)


days = st.dates(date(1000, 1, 1), date(9998, 12, 31))


@given(days, st.sampled_from(PATTERNS), st.sampled_from(["en", "de", "fr", "es", "it", "nl", "pl"]))
def test_a_day_that_is_shown_can_be_typed_back(day: date, pattern: str, language: str) -> None:
    with override(language):
        assert parse_day(format_day(day, pattern), pattern, today=WEDNESDAY) == day


@given(st.times())
def test_a_time_that_is_shown_can_be_typed_back(clock: time) -> None:
    assert parse_time(format_time(clock)) == clock.replace(second=0, microsecond=0)


typed = st.one_of(
    st.text(),
    st.from_regex(r"\d{1,4}[./ -]\d{1,2}[./ -](\d{1,4})?( \d{1,2}[:.]\d{2})?", fullmatch=True),
    st.from_regex(r"(in |\+|next )?(\d{1,9}|a)? ?(days?|weeks|month|year|y|friday)( ago)?", fullmatch=True),
)


@given(typed, st.sampled_from(PATTERNS), days)
def test_any_text_is_a_day_or_refused(text: str, pattern: str, today: date) -> None:
    try:
        day = parse_day(text, pattern, today=today)
    except InvalidDate as error:
        assert str(error).endswith(".")
        return
    assert parse_day(format_day(day, pattern), pattern, today=today) == day


@given(typed, st.sampled_from(PATTERNS))
def test_any_text_is_a_moment_or_refused(text: str, pattern: str) -> None:
    try:
        assert parse_moment(text, pattern, zone=BERLIN, now=NOW).tzinfo is UTC
    except (InvalidDate, InvalidTime) as error:
        assert str(error).endswith(".")


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        parse_time(text)
    except InvalidTime as error:
        assert str(error).endswith(".")
