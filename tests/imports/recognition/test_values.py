"""Dates, numbers, yes and no, and choices as files write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from crm.imports.recognition import guess_date_format, guess_number_format, match_choices, parse_yes_no

D, T = date, datetime


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["02/23/26 08:55 PM", "02/24/26"], [T(2026, 2, 23, 20, 55), D(2026, 2, 24)]),
        (["2026-02-23 20:55:00+00", "2026-02-23T20:55:00Z"], [T(2026, 2, 23, 20, 55, tzinfo=UTC)] * 2),
        (["2026-02-23T20:55:00.5+05:30"], [T(2026, 2, 23, 20, 55, 0, 500000, tzinfo=timezone(timedelta(hours=5, minutes=30)))]),
        (["45631.0", "45631.5"], [D(2024, 12, 5), T(2024, 12, 5, 12)]),
        (["13/02/2026", "01/02/2026"], [D(2026, 2, 13), D(2026, 2, 1)]),
        (["01/02/2026", "02/13/2026"], [D(2026, 1, 2), D(2026, 2, 13)]),
        (["01.02.2026", "3.4.26"], [D(2026, 2, 1), D(2026, 4, 3)]),
        (["2002/1/16"], [D(2002, 1, 16)]),
        (["90.01.01", "02.02.02", "04.12.13"], [D(1990, 1, 1), D(2002, 2, 2), D(2004, 12, 13)]),
        (["01 Jan 2023", "31-OCT-2023", "3-Nov-23"], [D(2023, 1, 1), D(2023, 10, 31), D(2023, 11, 3)]),
        (["Dec 8, 2022", "September 5, 2022"], [D(2022, 12, 8), D(2022, 9, 5)]),
        (["23. Februar 2026", "5 de marzo de 2024", "1 août 2025"], [D(2026, 2, 23), D(2024, 3, 5), D(2025, 8, 1)]),
        (["Mon, 23 Feb 2026 20:55:00 +0000"], [T(2026, 2, 23, 20, 55, tzinfo=UTC)]),
        (["1708700000", "1708700060"], [T(2024, 2, 23, 14, 53, 20, tzinfo=UTC), T(2024, 2, 23, 14, 54, 20, tzinfo=UTC)]),
        (["1708700000000"], [T(2024, 2, 23, 14, 53, 20, tzinfo=UTC)]),
        (["20260223"], [D(2026, 2, 23)]),
        (["2026-02-23", "", "0000-00-00"], [D(2026, 2, 23), None, None]),
    ],
)
def test_dates(values, expected):
    form = guess_date_format(values)
    assert form is not None
    assert not form.ambiguous
    assert [form.parse(value) for value in values] == expected


def test_dates_that_could_be_either_way_are_flagged_and_the_organization_decides():
    values = ["01/02/2026", "03/04/2026"]
    assert guess_date_format(values).ambiguous
    form = guess_date_format(values, prefer="dmy")
    assert (form.order, form.ambiguous, form.parse("01/02/2026")) == ("dmy", True, D(2026, 2, 1))
    assert not guess_date_format([*values, "25/12/2026"]).ambiguous


def test_the_majority_decides_and_the_others_are_refused_in_a_sentence():
    form = guess_date_format(["12/31/2025"] * 20 + ["31/12/2025"])
    assert form.order == "mdy"
    with pytest.raises(ValueError, match="does not fit"):
        form.parse("31/12/2025")
    assert form.parse("2025-12-31") == D(2025, 12, 31)


@pytest.mark.parametrize("text", ["2026-02-30", "31/02/2026", "yesterday", "99999999", "12:30", "1/2/3/4"])
def test_what_is_no_date_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="“"):
        guess_date_format(["2026-02-23", "01.02.2026"]).parse(text)


def test_numbers_and_names_are_no_dates():
    for values in (["5", "17", "3"], ["Ann", "Bob"], ["10 12345"], ["+49 228 1234567"], []):
        assert guess_date_format(values) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["$1,234.50", "$5.00"], [("1234.50", "USD"), ("5.00", "USD")]),
        (["1.234,50 €", "7"], [("1234.50", "EUR"), ("7", "")]),
        (["1'234.50", "CHF 1’000.-"], [("1234.50", ""), ("1000", "CHF")]),
        (["1 234,50", "1\u00a0000", "1\u202f000,5"], [("1234.50", ""), ("1000", ""), ("1000.5", "")]),
        (["(1,234.50)", "-$5.00", "5.25-"], [("-1234.50", ""), ("-5.00", "USD"), ("-5.25", "")]),
        (["1.234.567", "1.000"], [("1234567", ""), ("1000", "")]),
        (["R$ 1.234,00", "EUR 5,00"], [("1234.00", "BRL"), ("5.00", "EUR")]),
        (["25%", "12.5 %"], [("25", ""), ("12.5", "")]),
        (["12.5k", "1.2e3"], [("12500", ""), ("1200", "")]),
        (["1,23,456.00"], [("123456.00", "")]),
        (["", " - ", "n/a"], [(None, "")] * 3),
    ],
)
def test_numbers_and_money(values, expected):
    form = guess_number_format(values)
    assert [form.parse_money(value) for value in values] == [
        (Decimal(number) if number else None, currency) for number, currency in expected
    ]


def test_numbers_that_could_be_either_are_flagged():
    assert guess_number_format(["1,234", "5,678"]).ambiguous
    assert guess_number_format(["1,234", "5,678"]).parse("1,234") == 1234
    assert guess_number_format(["1.234"]).parse("1.234") == 1234
    assert not guess_number_format(["1,234", "5,6"]).ambiguous
    assert guess_number_format(["1,234", "5,6"]).parse("1,234") == Decimal("1.234")


@pytest.mark.parametrize("text", ["abc", "1,2,3", "12 apples", "33.4386,00", "--5", "1e9999999"])
def test_what_is_no_number_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="“"):
        guess_number_format(["1.234,50"]).parse(text)


def test_yes_and_no_in_several_languages():
    assert [parse_yes_no(text) for text in ("Yes", "TRUE", "1", "ja", "oui", "Sí", "x", "1.0")] == [True] * 8
    assert [parse_yes_no(text) for text in ("no", "FALSE", "0", "nein", "non", "falso", "N")] == [False] * 7
    assert parse_yes_no(" ") is None
    with pytest.raises(ValueError, match="neither yes nor no"):
        parse_yes_no("maybe")


INDUSTRIES = {
    "technology": "Technology",
    "nonprofit": "Non-profit",
    "food": "Food and beverages",
    "real_estate": "Real estate",
    "healthcare": "Healthcare",
}


def test_choices_are_matched_whatever_their_case_spaces_and_accents():
    found = match_choices(["TECHNOLOGY", " real-estate ", "Non Profit", "Téchnology", ""], INDUSTRIES)
    assert [(match.choice, match.suggested) for match in found] == [
        ("technology", False),
        ("real_estate", False),
        ("nonprofit", False),
        ("technology", False),
    ]


def test_near_choices_are_only_suggested():
    found = match_choices(["technolgy", "Food", "GTXPro", "astrology"], {**INDUSTRIES, "gtx_pro": "GTX Pro"})
    assert [(match.choice, match.suggested) for match in found[:3]] == [("technology", True), ("food", False), ("gtx_pro", True)]
    assert found[3].choice is None


def test_synonyms_of_choices():
    assert match_choices(["Trade Show"], {"event": "Event"}, {"trade show": "event"})[0] == ("Trade Show", "event", False, 1.0)


def test_real_sectors_and_products(real_data):
    sectors = {line.split(",")[1] for line in (real_data / "crm-sales/accounts.csv").read_text().splitlines()[1:]}
    found = {match.value: match for match in match_choices(sorted(sectors), INDUSTRIES)}
    assert (found["technolgy"].choice, found["technolgy"].suggested) == ("technology", True)
    products = {"gtx_pro": "GTX Pro", "gtx_basic": "GTX Basic"}
    assert match_choices(["GTXPro"], products)[0][1:3] == ("gtx_pro", True)
