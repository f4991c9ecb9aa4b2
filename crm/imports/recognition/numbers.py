"""Numbers and amounts of money as files write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

SIGNS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₪": "ILS", "₴": "UAH",
    "zł": "PLN", "Kč": "CZK", "R$": "BRL", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "Fr.": "CHF", "SFr.": "CHF", "kr": "SEK",
}  # fmt: skip
SIGN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
DIGITS = r"\d[\d.,'’ʼ\s\u00a0\u202f\u2009]*|[.,]\d+"
NUMBERISH = re.compile(
    rf"^\s*[-+−(]?\s*(?:(?P<before>{SIGN}|[A-Z]{{3}})\s*[-+−]?)?(?P<digits>{DIGITS})(?:[eE](?P<exponent>[-+]?\d{{1,3}}))?"
    rf"\s*(?P<scale>[kKmM]|[mM]io\.?|[bB]n)?\s*(?P<after>{SIGN}|[A-Z]{{3}}|%)?\s*[)-]?\s*$"
)
SCALES = {"k": 3, "m": 6, "mio": 6, "bn": 9}


@dataclass(frozen=True)
class NumberFormat:
    """decimal: "." or ",". ambiguous: the values fit both and nothing decided."""

    decimal: str = "."
    ambiguous: bool = False

    def parse(self, text: str) -> Decimal | None:
        """The number without its currency; None for an empty text; 25% is 25. Raises ValueError with a sentence."""
        return self.parse_money(text)[0]

    def parse_money(self, text: str) -> tuple[Decimal | None, str]:
        """The amount and its ISO currency code, "" where the text names none. Raises ValueError with a sentence."""
        value = re.sub(r"[.,][-–—]{1,2}(?=\D*$)", "", text.strip())
        if not value or value in ("-", "–", "n/a", "N/A"):
            return None, ""
        match = NUMBERISH.match(value)
        if not match:
            raise ValueError(_("“%(text)s” is not a number: write digits only.") % {"text": value[:60]})
        number = self._digits(match["digits"], value)
        if match["exponent"]:
            number = number.scaleb(int(match["exponent"]))
        if match["scale"]:
            number = number.scaleb(SCALES[match["scale"].lower().rstrip(".")])
        if (
            value[0] in "-−"
            or re.match(r"^\D*[-−]", value[: match.start("digits")] or " ")
            or (value[0] == "(" and value[-1] == ")")
            or value[-1] == "-"
        ):
            number = -number
        mark = match["before"] or match["after"] or ""
        return number, "" if mark == "%" else SIGNS.get(mark, mark)

    def _digits(self, digits: str, whole: str) -> Decimal:
        thousands = "." if self.decimal == "," else ","
        plain = re.sub(r"['’ʼ\s]", "", digits)
        repeated = plain.count(self.decimal) > 1 and thousands not in plain
        if repeated:
            # 1.234.567 in a column with decimal points: the mark repeats, so it separates thousands here.
            thousands = self.decimal
        if thousands in plain:
            decimals = "" if repeated else rf"(?:{re.escape(self.decimal)}\d*)?"
            if not re.search(rf"^\d{{1,3}}(?:{re.escape(thousands)}\d{{2,3}})+{decimals}$", plain):
                message = _("“%(text)s” has a comma or point in an unusual place: write it like the other rows.")
                raise ValueError(message % {"text": whole[:60]})
        try:
            return Decimal(plain.replace(thousands, "").replace(self.decimal, ".") or "x")
        except InvalidOperation:
            raise ValueError(_("“%(text)s” is not a number: write digits only.") % {"text": whole[:60]}) from None


def guess_number_format(values: Iterable[str]) -> NumberFormat:
    """Decide over all values whether the comma or the point separates decimals."""
    point = comma = 0
    doubtful = {".": 0, ",": 0}
    for value in values:
        match = NUMBERISH.match(value.strip())
        if not match:
            continue
        digits = re.sub(r"['’ʼ\s]", "", match["digits"])
        verdict = _verdict(digits)
        point += verdict == "."
        comma += verdict == ","
        if verdict == "?":
            doubtful["." if "." in digits else ","] += 1
    if point or comma:
        return NumberFormat("," if comma > point else ".")
    # Only values like 1,234 or 1.234: three digits behind one mark are thousands far more often than decimals.
    if any(doubtful.values()):
        return NumberFormat("," if doubtful["."] > doubtful[","] else ".", ambiguous=True)
    return NumberFormat(".")


def _verdict(digits: str) -> str:
    """The decimal mark that this number proves; "?" where it may be either, "" where it has no mark."""
    last_point, last_comma = digits.rfind("."), digits.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        return "." if last_point > last_comma else ","
    mark = "." if last_point >= 0 else "," if last_comma >= 0 else ""
    if not mark:
        return ""
    other = "," if mark == "." else "."
    if digits.count(mark) > 1:
        return other
    behind = len(digits) - digits.rfind(mark) - 1
    before = digits[: digits.rfind(mark)]
    if behind == 3 and before and len(before) <= 3 and not before.startswith("0"):
        return "?"
    return mark
