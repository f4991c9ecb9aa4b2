"""What the values of a column look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crm.lib.countries import country_code

from .booleans import BOOLEANS
from .dates import guess_date_format, split_date
from .headers import normal
from .numbers import NUMBERISH

EMAIL = re.compile(r"^(?:[^<>]*<)?[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}>?$")
URL = re.compile(r"^(?:https?://\S+|www\.\S+\.\S+)$", re.IGNORECASE)
DOMAIN = re.compile(r"^(?!.*@)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}/?$", re.IGNORECASE)
PHONE = re.compile(r"^\+?[\d\s()./-]{6,25}(?:\s*(?:x|ext\.?|extension)\s*\d{1,6})?$", re.IGNORECASE)
SALUTATIONS = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "rev", "herr", "frau", "herrn", "dipl ing", "m",
    "mme", "mlle", "madame", "monsieur",
    "sr", "sra", "srta", "don", "dona", "prof dr", "dr ing", "mr and mrs", "firma",
}  # fmt: skip


def is_phone(value: str) -> bool:
    return bool(PHONE.match(value)) and 6 <= sum(char.isdigit() for char in value) <= 15 and not split_date(value)


TESTS: dict[str, Callable[[str], bool]] = {
    "email": lambda value: bool(EMAIL.match(value)),
    "url": lambda value: bool(URL.match(value)) or bool(DOMAIN.match(value)),
    "domain": lambda value: bool(DOMAIN.match(value)),
    "phone": is_phone,
    "date": lambda value: split_date(value) is not None,
    "number": lambda value: bool(NUMBERISH.match(value)),
    "yes_no": lambda value: normal(value) in BOOLEANS,
    "country": lambda value: country_code(value) is not None,
    "salutation": lambda value: normal(value) in SALUTATIONS,
}


class Shape:
    """The filled values of one column and which share of them is of a kind."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = [value.strip() for value in values if value.strip()]
        self._shares: dict[str, float] = {}

    @property
    def empty(self) -> bool:
        return not self.values

    def share(self, kind: str) -> float:
        """0 to 1; of the first of several values where " ::: " separates them."""
        if kind not in self._shares:
            test = TESTS[kind]
            hits = sum(1 for value in self.values if test(value.split(" ::: ")[0].strip()))
            self._shares[kind] = hits / len(self.values) if self.values else 0.0
        return self._shares[kind]

    def share_with(self, test: Callable[[str], bool]) -> float:
        return sum(1 for value in self.values if test(value)) / len(self.values) if self.values else 0.0

    def kind(self) -> str:
        """ "email", "url", "phone", "date", "yes_no", "country", "number" or "text"; "" for an empty column."""
        if self.empty:
            return ""
        for kind in ("email", "url", "date", "yes_no", "phone", "number", "country"):
            if self.share(kind) >= 0.8:
                if kind == "phone" and self.share("number") >= 0.9 and not self.share_with(lambda value: len(value) >= 9):
                    continue
                return kind
        return "date" if guess_date_format(self.values[:200]) else "text"
