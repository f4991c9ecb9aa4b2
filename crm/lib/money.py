"""Amounts with their currency: read as people type them, rounded as the currency has it, written long and short.

Decimals are written and read in the active language; a point, a comma, spaces and apostrophes between thousands are all understood.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from crm.lib.currency_table import CURRENCIES, MINOR_UNITS, SYMBOLS
from crm.lib.invalid import InvalidValue
from crm.lib.text import fold, names_in_all_languages

MAX_DIGITS = 19
DECIMAL_PLACES = 4
LARGEST = Decimal("999999999999999.9999")
SMALLEST_STEP = Decimal("0.0001")
MINUS = "\u2212"
NARROW_SPACE = "\u00a0"
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

GROUPING = str.maketrans("", "", " \u00a0\u2009\u202f'’_")
SHORT_UNITS = {"k": 3, "tsd": 3, "m": 6, "mn": 6, "mio": 6, "mln": 6, "million": 6, "millionen": 6, "b": 9, "bn": 9, "mrd": 9, "billion": 9}
AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[-+−–])?(?P<before>(?:rs|kr|s?fr)\.|[^\d.,()+−–-]{0,12}?)(?P<inner>[-+−–])?"
    r"(?P<number>[.,]?\d[\d.,]*)(?P<unit>[a-z]{1,9}\.?)?(?P<after>[^\d.,()+−–-]{0,12}?)(?P<trailing>[-−–])?(?P<close>\))?",
    re.I | re.ASCII,
)
OTHER_SIGNS = {
    "us$": "USD", "dollar": "USD", "dollars": "USD", "c$": "CAD", "au$": "AUD", "pound": "GBP", "pounds": "GBP",
    "eur": "EUR", "euros": "EUR", "yen": "JPY", "rmb": "CNY", "kc": "CZK", "zl": "PLN", "sfr": "CHF", "ft": "HUF",
}  # fmt: skip
SHARED_SIGNS = frozenset({"kr", "rs", "lei", "peso", "pesos", "fr"})


class InvalidAmount(InvalidValue):
    """The text is no amount, or none that fits numeric(19, 4)."""


@dataclass(frozen=True)
class Money:
    """An amount of one currency (ISO 4217, upper case)."""

    amount: Decimal
    currency: str

    def rounded(self) -> "Money":
        return Money(round_money(self.amount, self.currency), self.currency)

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)


def currency_code(text: str) -> str | None:
    """The code of a currency written as code, name or unmistakable symbol; None when nobody knows it."""
    return _codes_by_name().get(fold(text).rstrip("."))


def currency_name(code: str) -> str | Promise:
    """The name in the reader's language; an unknown code is its own name."""
    return CURRENCIES.get(code, code)


def currency_choices() -> list[tuple[str, str]]:
    """(code, "EUR – Euro"), sorted by code."""
    return [(code, f"{code} – {name}") for code, name in CURRENCIES.items()]


def minor_units(currency: str) -> int:
    """Digits after the decimal point: 2 for most and for unknown ones."""
    return MINOR_UNITS.get(currency, 2)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), context=EXACT)


def parse_amount(text: str, decimal_separator: str | None = None) -> Decimal:
    """What a person typed: "1.234,50", "1,234.50", "€ 184 200", "1.5M", "20k", "(300)", "5-". Rounded to 4 places.

    With one separator before exactly three digits ("1.234") it is the decimal one only where `decimal_separator` says so, by default the
    active language's. Raises InvalidAmount. A currency beside the number is skipped; `parse_money` reads it.
    """
    return _read(text, decimal_separator)[0]


def parse_money(text: str, currency: str, decimal_separator: str | None = None) -> Money:
    """As parse_amount; the currency is the one that stands beside the number, `currency` where there is none. Raises InvalidAmount."""
    amount, written = _read(text, decimal_separator)
    return Money(amount, written or currency)


def amount_text(amount: Decimal) -> str:
    """The amount to edit: no currency, no grouping, the active language's decimal separator. `parse_amount` reads the same amount back."""
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    whole, _point, decimals = text.partition(".")
    separator = _decimal_separator()
    return f"{whole}{separator}{decimals}" if decimals else whole


def format_money(amount: Decimal, currency: str) -> str:
    """€184,200; €12.50 below a thousand, €12 where there are no cents; 184.200 € where the reader's language has it behind."""
    rounded = round_money(amount, currency)
    places = 0 if abs(rounded) >= 1000 or rounded == rounded.to_integral_value() else minor_units(currency)
    return _signed(rounded, currency, _grouped(abs(rounded), places))


def format_money_exact(amount: Decimal, currency: str) -> str:
    """€184,200.00, with all minor units of the currency: for documents and sums that must add up."""
    rounded = round_money(amount, currency)
    return _signed(rounded, currency, _grouped(abs(rounded), minor_units(currency)))


def format_money_short(amount: Decimal, currency: str) -> str:
    """€96k, €1.04M, €3.2B: three digits that count; below a thousand without cents."""
    return _signed(amount, currency, _shortened(abs(amount)))


def _read(text: str, decimal_separator: str | None) -> tuple[Decimal, str]:
    bare = text.strip().translate(GROUPING)
    found = AMOUNT.fullmatch(bare) if len(bare) <= 60 else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise InvalidAmount(_not_an_amount())
    unit, currency = _unit_and_currency(found)
    amount = Decimal(_plain(found["number"], decimal_separator or _decimal_separator())).scaleb(unit, context=EXACT)
    if abs(amount) > LARGEST:
        raise InvalidAmount(_("The amount is too large. Write at most 15 digits before the decimals."))
    amount = amount.quantize(SMALLEST_STEP, context=EXACT)
    signs = [found[name] for name in ("open", "sign", "inner", "trailing") if found[name] not in {None, "+"}]
    if len(signs) > 1 or (found["sign"] and found["inner"]):
        raise InvalidAmount(_not_an_amount())
    return (-amount if signs and amount else amount), currency


def _unit_and_currency(found: re.Match[str]) -> tuple[int, str]:
    """The power of ten, and the currency's code: "1.5MEUR", "€1.5M", "5 EUR", "20 Tsd. €"."""
    letters = (found["unit"] or "") + (found["after"] or "")
    for length in range(len(letters), -1, -1):
        unit = SHORT_UNITS.get(letters[:length].lower().rstrip(".")) if length else 0
        currencies = [_currency_beside(part) for part in (found["before"] or "", letters[length:]) if part]
        if unit is not None and None not in currencies and len(currencies) <= 1:
            return unit, currencies[0] if currencies and currencies[0] else ""
    raise InvalidAmount(_not_an_amount())


def _currency_beside(text: str) -> str | None:
    """The code; empty for a sign that several currencies share, None for anything else."""
    return "" if fold(text).rstrip(".") in SHARED_SIGNS else currency_code(text)


def _plain(number: str, decimal: str) -> str:
    """The number with "." before its decimals and nothing between its thousands."""
    marks = [character for character in number if character in ".,"]
    if not marks:
        return number
    last = marks[-1]
    whole, _mark, decimals = number.rpartition(last)
    if len(set(marks)) == 2:
        if marks.count(last) > 1 or not _is_grouped(whole, marks[0]):
            raise InvalidAmount(_not_an_amount())
        return f"{re.sub('[.,]', '', whole)}.{decimals or 0}"
    if len(marks) > 1:
        if not _is_grouped(number, last):
            raise InvalidAmount(_not_an_amount())
        return number.replace(last, "")
    is_grouping = len(decimals) == 3 and 0 < len(whole) <= 3 and whole[0] != "0" and last != decimal
    return whole + decimals if is_grouping else f"{whole or 0}.{decimals or 0}"


def _is_grouped(number: str, mark: str) -> bool:
    """Thousands ("1.234.567"), or lakhs and crores ("12,34,567")."""
    groups = number.split(mark)
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(group) in {2, 3} for group in groups[1:])


def _not_an_amount() -> str:
    example = f"1234{_decimal_separator()}50"
    return _("This is not an amount. Write a number, such as %(example)s.") % {"example": example}


def _decimal_separator() -> str:
    return _separators(get_language())[1]


@lru_cache(maxsize=64)
def _separators(language: str | None) -> tuple[str, str]:
    """Between thousands, before decimals. Other marks than points and commas are read, but not written, so editing stays unambiguous."""
    decimal = str(get_format("DECIMAL_SEPARATOR", language))
    return str(get_format("THOUSAND_SEPARATOR", language)), decimal if decimal in {".", ","} else "."


def _grouped(value: Decimal, places: int) -> str:
    thousands, decimal = _separators(get_language())
    return f"{EXACT.quantize(value, Decimal(1).scaleb(-places)):,f}".translate({ord(","): thousands, ord("."): decimal})


def _signed(amount: Decimal, currency: str, text: str) -> str:
    minus = MINUS if amount < 0 and any(digit in text for digit in "123456789") else ""
    if currency and _is_behind(get_language()):
        return f"{minus}{text}{NARROW_SPACE}{SYMBOLS.get(currency, currency)}"
    symbol = SYMBOLS.get(currency) or (f"{currency}{NARROW_SPACE}" if currency else "")
    return f"{minus}{symbol}{text}"


def _is_behind(language: str | None) -> bool:
    """Whether the currency stands behind the amount: as each language's catalogue says."""
    return pgettext("Translate as: before, or behind", "currency before the amount") == "behind"


def _shortened(value: Decimal) -> str:
    letters = {9: pgettext("billion", "B"), 6: pgettext("million", "M"), 3: pgettext("thousand", "k")}
    value = EXACT.create_decimal(value)
    for power, letter in letters.items():
        scaled = _three_digits(value.scaleb(-power))
        if scaled >= 1:
            return _grouped(scaled, max(0, -int(scaled.normalize().as_tuple().exponent))) + letter
    return _grouped(value, 0)


def _three_digits(value: Decimal) -> Decimal:
    places = max(0, 2 - value.adjusted()) if value else 0
    return EXACT.quantize(value, Decimal(1).scaleb(-min(places, 2)))


@cache
def _codes_by_name() -> dict[str, str]:
    names = {fold(name): code for name, code in names_in_all_languages(CURRENCIES)}
    symbols = {fold(symbol): code for code, symbol in SYMBOLS.items()}
    return {**names, **symbols, **OTHER_SIGNS, **{code.lower(): code for code in CURRENCIES}}
