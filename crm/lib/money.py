"""Amounts and currencies. (First, small form.)"""

import re
from decimal import Decimal, InvalidOperation

CURRENCIES = {"EUR": "Euro", "USD": "US dollar", "GBP": "Pound sterling", "SEK": "Swedish krona", "NOK": "Norwegian krone", "DKK": "Danish krone", "CHF": "Swiss franc", "PLN": "Polish zloty", "JPY": "Yen"}


def currency_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in CURRENCIES.items()]


def currency_code(text: str) -> str | None:
    code = text.strip().upper()
    return code if code in CURRENCIES else None


def parse_amount(text: str) -> Decimal:
    """Read what a person typed: 1,234.50 or 1.234,50 or 1 234,5."""
    plain = re.sub(r"[^\d,.\-]", "", text)
    if "," in plain and "." in plain:
        decimal = max(plain.rfind(","), plain.rfind("."))
        plain = re.sub(r"[,.]", "", plain[:decimal]) + "." + plain[decimal + 1 :]
    elif "," in plain:
        head, _, tail = plain.rpartition(",")
        plain = f"{head}.{tail}" if len(tail) != 3 or head == "" else head.replace(",", "") + tail
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError("Write an amount, such as 1250 or 1,250.50.") from None
