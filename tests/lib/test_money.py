from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.currency_table import CURRENCIES, MINOR_UNITS, SYMBOLS
from crm.lib.money import (
    LARGEST,
    InvalidAmount,
    Money,
    amount_text,
    currency_choices,
    currency_code,
    format_money,
    format_money_exact,
    format_money_short,
    minor_units,
    parse_amount,
    parse_money,
    round_money,
)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1234.5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u202f567,5", "1234567.5"),
        ("1'234.50", "1234.50"),
        ("12,34,567.50", "1234567.50"),
        ("1,5", "1.5"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        (",5", "0.5"),
        ("5.", "5"),
        ("€ 184 200", "184200"),
        ("184.200 €", "184.2"),
        ("$1,234.56", "1234.56"),
        ("EUR 5", "5"),
        ("5 EUR", "5"),
        ("kr 500", "500"),
        ("Rs. 500", "500"),
        ("1.5M", "1500000"),
        ("€1.5M", "1500000"),
        ("20k", "20000"),
        ("20 Tsd. €", "20000"),
        ("1,2 Mio EUR", "1200000"),
        ("3.2bn", "3200000000"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("-€5", "-5"),
        ("€-5", "-5"),
        ("5-", "-5"),
        ("(1,234.50)", "-1234.50"),
        ("+5", "5"),
        ("0", "0"),
        ("-0", "0"),
        ("1.00005", "1.0001"),
        ("999999999999999.9999", "999999999999999.9999"),
    ],
)
def test_amounts_are_read_as_people_type_them(written: str, amount: str) -> None:
    with override("en"):
        assert parse_amount(written) == Decimal(amount)


@pytest.mark.parametrize(("language", "written", "amount"), [("en", "1,234", 1234), ("de", "1.234", 1234)])
def test_three_digits_after_the_mark_of_thousands_are_thousands(language: str, written: str, amount: int) -> None:
    with override(language):
        assert parse_amount(written) == amount
        assert parse_amount(written, decimal_separator="," if language == "en" else ".") == Decimal("1.234")


@pytest.mark.parametrize(
    "written",
    ["", "abc", "1.2.3", "1,2,3", "1.234,56,7", "--5", "-5-", "(5", "5)", "(-5)", "1e5", "NaN", "Infinity", "5 EURk", "€5$", "0x1F", "½"],
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with override("en"), pytest.raises(InvalidAmount, match="such as 1234.50"):
        parse_amount(written)
    with override("de"), pytest.raises(InvalidAmount, match="1234,50"):
        parse_amount(written)


@pytest.mark.parametrize("written", ["9" * 16, "9" * 50, "1000000bn", "999999999999999.99999"])
def test_an_amount_that_does_not_fit_is_refused(written: str) -> None:
    with pytest.raises(InvalidAmount, match="too large"):
        parse_amount(written)


def test_the_currency_beside_an_amount_wins() -> None:
    assert parse_money("$ 5", "EUR") == Money(Decimal(5), "USD")
    assert parse_money("5 PLN", "EUR") == Money(Decimal(5), "PLN")
    assert parse_money("5", "EUR") == Money(Decimal(5), "EUR")
    assert parse_money("5 kr", "SEK") == Money(Decimal(5), "SEK")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("EUR", "EUR"),
        ("eur", "EUR"),
        ("€", "EUR"),
        ("Euro", "EUR"),
        ("US dollar", "USD"),
        ("zł", "PLN"),
        ("CHF", "CHF"),
        ("xyz", None),
        ("", None),
    ],
)
def test_currencies_are_known_by_code_name_and_symbol(written: str, code: str | None) -> None:
    assert currency_code(written) == code


def test_the_tables_agree() -> None:
    assert set(MINOR_UNITS) | set(SYMBOLS) <= set(CURRENCIES)
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
    assert all(currency_code(symbol) == code for code, symbol in SYMBOLS.items())
    assert ("EUR", "EUR – Euro") in currency_choices()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("-1.005", "EUR", "-1.01"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("1.004", "XXX", "1.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert round_money(Decimal(amount), currency) == Decimal(rounded)
    assert -round_money(Decimal(amount), currency).as_tuple().exponent == minor_units(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "long", "short"),
    [
        ("184200", "EUR", "€184,200", "€184k"),
        ("1040000", "EUR", "€1,040,000", "€1.04M"),
        ("96000.49", "EUR", "€96,000", "€96k"),
        ("1234.5", "EUR", "€1,235", "€1.23k"),
        ("999.5", "EUR", "€999.50", "€1k"),
        ("12", "EUR", "€12", "€12"),
        ("12.5", "USD", "$12.50", "$13"),
        ("12.5", "CHF", "CHF\u00a012.50", "CHF\u00a013"),
        ("12.5", "JPY", "¥13", "¥13"),
        ("999999", "EUR", "€999,999", "€1M"),
        ("3200000000", "EUR", "€3,200,000,000", "€3.2B"),
        ("-184200", "EUR", "−€184,200", "−€184k"),
        ("-0.001", "EUR", "€0", "€0"),
        ("0", "EUR", "€0", "€0"),
    ],
)
def test_money_is_shown_long_and_short(amount: str, currency: str, long: str, short: str) -> None:
    with override("en"):
        assert format_money(Decimal(amount), currency) == long
        assert format_money_short(Decimal(amount), currency) == short


def test_documents_show_all_minor_units_in_the_readers_language() -> None:
    with override("en"):
        assert format_money_exact(Decimal("184200"), "EUR") == "€184,200.00"
        assert str(Money(Decimal("184200"), "EUR")) == "€184,200"
    with override("de"):
        assert format_money_exact(Decimal("184200"), "EUR") == "184.200,00\u00a0€"
        assert str(Money(Decimal("-1200000"), "CHF")) == "−1.200.000\u00a0CHF"
        assert format_money_short(Decimal("1200000"), "EUR") == "1,2\u00a0Mio.\u00a0€"


amounts = st.decimals(-LARGEST, LARGEST, places=4, allow_nan=False, allow_infinity=False)
languages = st.sampled_from(["en", "de", "fr", "es", "pl", "ar"])


@given(amounts, languages)
def test_an_amount_in_an_input_reads_back_as_itself(amount: Decimal, language: str) -> None:
    with override(language):
        assert parse_amount(amount_text(amount)) == amount


@given(st.decimals(-(10**14), 10**14, places=4), languages, st.sampled_from(["EUR", "USD", "CHF", "SEK"]))
def test_shown_money_reads_back(amount: Decimal, language: str, currency: str) -> None:
    with override(language):
        assert parse_money(format_money_exact(amount, currency), "XXX") == Money(round_money(amount, currency), currency)


@given(amounts, st.sampled_from([*CURRENCIES]))
def test_any_amount_can_be_shown(amount: Decimal, currency: str) -> None:
    format_money(amount, currency)
    assert len(format_money_short(amount, currency)) < 24


typed = st.one_of(st.text(), st.from_regex(r"[-(€]{0,2}[\d., ']{1,12}[kMB)€-]{0,2}", fullmatch=True))


@given(typed, languages)
def test_any_text_is_an_amount_or_refused(text: str, language: str) -> None:
    with override(language):
        try:
            amount = parse_amount(text)
        except InvalidAmount as error:
            assert str(error).endswith(".")
            return
        assert abs(amount) <= LARGEST
        assert parse_amount(amount_text(amount)) == amount
