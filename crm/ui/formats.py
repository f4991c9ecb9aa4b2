"""How values read: names, numbers, money. Texts, never markup. Times are in moments.py."""

import zlib
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language, pgettext

from crm.lib.money import format_money
from crm.lib.text import initials
from crm.ui.moments import Clock

HUES = ("blue", "violet", "teal", "pink", "amber", "green", "red")
EMPTY = "—"


@lru_cache(maxsize=8192)
def hue(name: str) -> str:
    """The colour of a name, always the same one."""
    return HUES[zlib.crc32(name.encode()) % len(HUES)]


def company_initials(name: str) -> str:
    """Of the first two words: "Vattvik Energi AB" is VE, whatever the legal form."""
    words = [word for word in name.split() if any(map(str.isalnum, word))]
    return initials(" ".join(words[:2]))


def number(value: int | Decimal | float, places: int = 0) -> str:
    """1,904"""
    thousands, decimals, plain = _separators(get_language())
    if not plain:
        return number_format(value, places, force_grouping=True)
    text = f"{value:,.{places}f}"
    return text if thousands == "," and decimals == "." else text.translate({44: thousands, 46: decimals})


@lru_cache(maxsize=64)
def _separators(language: str | None) -> tuple[str, str, bool]:
    """Between thousands, before decimals, and whether groups are of three digits."""
    return (
        get_format("THOUSAND_SEPARATOR", language),
        get_format("DECIMAL_SEPARATOR", language),
        get_format("NUMBER_GROUPING", language) == 3,
    )


def number_short(value: int | Decimal | float) -> str:
    """1,904 below ten thousand, then 12k, 1.2M, 3.4B."""
    return number(value) if abs(Decimal(value)) < 10_000 else _shortened(Decimal(value), digits=2)


def _shortened(value: Decimal, digits: int) -> str:
    units = [(10**9, pgettext("billion", "B")), (10**6, pgettext("million", "M")), (10**3, pgettext("thousand", "k"))]
    for unit, letter in units:
        if abs(value) >= unit:
            scaled = value / unit
            places = max(0, digits - len(str(int(abs(scaled)))))
            rounded = round(scaled, places).normalize()
            return number(rounded, max(0, -int(rounded.as_tuple().exponent))) + letter
    return number(value.quantize(Decimal(1), ROUND_HALF_UP))


def money(amount: Decimal, currency: str) -> str:
    """See crm.lib.money.format_money."""
    return format_money(amount, currency)


def file_size(size: int) -> str:
    """214 kB; a thousand bytes are a kilobyte."""
    value, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, bigger
    places = 1 if value < 10 and unit != "B" else 0
    return f"{number(value, places)}\u00a0{unit}"


def day(value: date) -> str:
    """One date, see Clock.day; a page with many asks one clock."""
    return Clock.current().day(value)


def exact(value: datetime) -> str:
    """One moment, see Clock.exact."""
    return Clock.current().exact(value)
