"""How values read: short money, short numbers, relative time. Texts, never markup."""

import zlib
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

HUES = ("blue", "violet", "teal", "pink", "amber", "green", "red")
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩", "BRL": "R$", "CAD": "CA$", "AUD": "A$"}
EMPTY = "—"
MINUS = "\u2212"
WEEK = timedelta(days=7)

day_format: ContextVar[str] = ContextVar("day_format", default="j M Y")
"""Django's date format of the organization; set for each request by crm.ui.middleware."""


@lru_cache(maxsize=8192)
def hue(name: str) -> str:
    """The colour of a name, always the same one."""
    return HUES[zlib.crc32(name.encode()) % len(HUES)]


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """One or two capital letters: "Alder & Finch Foods" is AF."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1].upper() or "?"
    return (words[0][0] + (words[1][0] if len(words) > 1 else words[0][1:2])).upper()


def number(value: int | Decimal | float, places: int = 0) -> str:
    """1,904"""
    return number_format(value, places, force_grouping=True)


def number_short(value: int | Decimal | float) -> str:
    """1,904 below ten thousand, then 12k, 1.2M, 3.4B."""
    return number(value) if abs(value) < 10_000 else _shortened(Decimal(value), digits=2)


def money(amount: Decimal, currency: str) -> str:
    """€1,204; cents only below a thousand and only where there are some."""
    places = 0 if abs(amount) >= 1000 or amount == amount.to_integral_value() else 2
    return _with_symbol(amount, currency, number(abs(amount), places))


def money_short(amount: Decimal, currency: str) -> str:
    """€96k, €1.04M."""
    return _with_symbol(amount, currency, _shortened(abs(amount), digits=3))


def _with_symbol(amount: Decimal, currency: str, text: str) -> str:
    symbol = SYMBOLS.get(currency) or (f"{currency}\u00a0" if currency else "")
    return f"{MINUS if amount < 0 else ''}{symbol}{text}"


def _shortened(value: Decimal, digits: int) -> str:
    for unit, letter in ((10**9, pgettext("billion", "B")), (10**6, pgettext("million", "M")), (10**3, pgettext("thousand", "k"))):
        if abs(value) >= unit:
            scaled = value / unit
            places = max(0, digits - len(str(int(abs(scaled)))))
            rounded = round(scaled, places).normalize()
            return number(rounded, max(0, -int(rounded.as_tuple().exponent))) + letter
    return number(value.quantize(Decimal(1), ROUND_HALF_UP))


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
    """22 Nov 2026, the way the organization writes it."""
    return date_format(timezone.localtime(value) if isinstance(value, datetime) else value, day_format.get())


def exact(value: datetime) -> str:
    """22 Nov 2026, 14:05 CET"""
    local = timezone.localtime(value)
    return f"{date_format(local, day_format.get())}, {local:%H:%M} {local.tzname()}"


def relative(value: datetime, now: datetime | None = None) -> str:
    """2 h ago, yesterday, in 3 d; a date from seven days on."""
    now = now or timezone.now()
    distance = abs(value - now)
    if distance >= WEEK:
        return day(value)
    minutes = int(distance.total_seconds()) // 60
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return (_("in %(n)s min") if value > now else _("%(n)s min ago")) % {"n": minutes}
    days = (timezone.localtime(value).date() - timezone.localtime(now).date()).days
    if minutes < 24 * 60 and (minutes < 12 * 60 or days == 0):
        return (_("in %(n)s h") if value > now else _("%(n)s h ago")) % {"n": minutes // 60}
    return relative_day(days) or day(value)


def relative_day(days: int) -> str:
    """today, tomorrow, in 3 d, 4 d ago; empty from seven days on."""
    if abs(days) >= 7:
        return ""
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    return near.get(days) or (_("in %(n)s d") if days > 0 else _("%(n)s d ago")) % {"n": abs(days)}
