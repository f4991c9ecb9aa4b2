from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from crm.lib.devices import device
from crm.ui import formats
from crm.ui.moments import Clock, day_format

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1904, "1,904"),
        (9999, "9,999"),
        (10_000, "10k"),
        (48_900, "49k"),
        (128_400, "128k"),
        (1_204_311, "1.2M"),
        (3_400_000_000, "3.4B"),
    ],
)
def test_large_counts_are_shortened(value: int, text: str) -> None:
    assert formats.number_short(value) == text


def test_germans_read_points_between_thousands() -> None:
    with translation.override("de"):
        assert formats.number(Decimal("1904.5"), 1) == "1.904,5"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0\u00a0B"), (999, "999\u00a0B"), (214_000, "214\u00a0kB"), (1_500_000, "1.5\u00a0MB"), (2_000_000_000, "2.0\u00a0GB")],
)
def test_file_sizes(size: int, text: str) -> None:
    assert formats.file_size(size) == text


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(seconds=-20), "now"),
        (timedelta(minutes=-35), "35 min ago"),
        (timedelta(hours=-2), "2 h ago"),
        (timedelta(hours=-25), "yesterday"),
        (timedelta(days=-4), "4 d ago"),
        (timedelta(days=-7), "15 Nov 2026"),
        (timedelta(minutes=25), "in 25 min"),
        (timedelta(hours=26), "tomorrow"),
        (timedelta(days=3), "in 3 d"),
        (timedelta(days=40), "1 Jan 2027"),
    ],
)
def test_times_are_relative_for_a_week(away: timedelta, text: str) -> None:
    with timezone.override("UTC"):
        assert Clock.current(NOON).relative(NOON + away) == text


def test_yesterday_is_the_readers_yesterday() -> None:
    late, now = datetime(2026, 11, 21, 22, 30, tzinfo=UTC), datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
    with timezone.override("UTC"):
        assert Clock.current(now).relative(late) == "yesterday"
    with timezone.override("Europe/Helsinki"):
        assert Clock.current(now).relative(late) == "14 h ago"


def test_days_without_a_time() -> None:
    with timezone.override("UTC"):
        clock = Clock.current(NOON)
    assert [clock.relative_day(date(2026, 11, day)) for day in (14, 21, 22, 23, 25)] == [
        "14 Nov 2026",
        "yesterday",
        "today",
        "tomorrow",
        "in 3 d",
    ]


def test_dates_are_written_the_way_of_the_organization() -> None:
    chosen = day_format.set("d.m.Y")
    try:
        with timezone.override("Europe/Stockholm"):
            assert formats.exact(NOON) == "22.11.2026, 13:00 CET"
    finally:
        day_format.reset(chosen)


def test_a_company_is_not_known_by_its_legal_form() -> None:
    assert formats.company_initials("Vattvik Energi AB") == "VE"
    assert formats.company_initials("Alder & Finch Foods") == "AF"


def test_a_name_keeps_its_colour() -> None:
    assert formats.hue("Maya Lindqvist") == formats.hue("Maya Lindqvist")
    assert len({formats.hue(f"Person {number}") for number in range(60)}) == len(formats.HUES)


@pytest.mark.parametrize(
    ("user_agent", "text"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", "curl"),
        ("", "?"),
    ],
)
def test_a_device_in_words(user_agent: str, text: str) -> None:
    assert device(user_agent) == text
