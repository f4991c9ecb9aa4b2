"""Countries by their names and codes; addresses and the rules that hold between their parts."""

import re
from dataclasses import dataclass, fields
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.country_names import OTHER_NAMES
from crm.lib.country_table import ALPHA_3, COUNTRIES, EU_MEMBERS
from crm.lib.postal_codes import POSTAL_CODES, WITHOUT_POSTAL_CODES
from crm.lib.regions import COUNTRIES_WITH_REGIONS, region_code
from crm.lib.text import fold, names_in_all_languages

DROPPED = str.maketrans("", "", "'.")
PUNCTUATION = re.compile(r"[^\w\s]|_")
PART_LABELS = {
    "street": gettext_lazy("street"),
    "city": gettext_lazy("city"),
    "postal_code": gettext_lazy("postal code"),
    "region": gettext_lazy("region"),
    "country": gettext_lazy("country"),
}


@dataclass(frozen=True)
class Address:
    """Where post or goods go. `country` is alpha-2, everything else as written; empty text where unknown."""

    street: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, part.name).strip() for part in fields(self))

    def one_line(self) -> str:
        """ "Hauptstr. 1, 10115 Berlin, Germany": the postal code where the country's letters have it; empty for an empty address."""
        street = ", ".join(line.strip() for line in self.street.splitlines() if line.strip())
        country = str(country_name(self.country)) if self.country else ""
        return ", ".join(part for part in (street, *self._town(), country) if part)

    def _town(self) -> tuple[str, ...]:
        city, code, region = self.city.strip(), self.postal_code.strip(), self.region.strip()
        if self.country in COUNTRIES_WITH_REGIONS:
            return city, " ".join(part for part in (region, code) if part)
        if self.country in {"GB", "IE"}:
            return city, region, code
        return " ".join(part for part in (code, city) if part), region


@dataclass(frozen=True)
class Problem:
    """What does not fit in an address: the part's name in `Address`, and a translated sentence how to mend it."""

    field: str
    message: str


def country_code(text: str) -> str | None:
    """The alpha-2 code of a name or code in any usual spelling ("Deutschland", "uk", "USA", "España"); None when nobody knows it."""
    return _codes_by_name().get(_name_key(text))


def country_name(code: str) -> str | Promise:
    """The name in the reader's language; an unknown code is its own name."""
    return COUNTRIES.get(code.upper(), code)


def country_choices() -> list[tuple[str, str | Promise]]:
    """(code, name), sorted by name."""
    return sorted(COUNTRIES.items(), key=lambda choice: fold(str(choice[1])))


def is_in_eu(code: str) -> bool:
    return code.upper() in EU_MEMBERS


def normalise_postal_code(text: str, country: str) -> str:
    """As the country writes it: upper case, with its space or hyphen ("SW1A 1AA", "00-950"). What does not fit is only trimmed."""
    written = " ".join(text.split())
    rule = POSTAL_CODES.get(country)
    return rule.normalise(written) if rule else written


def check_address(address: Address) -> list[Problem]:
    """What is inconsistent between the parts, nothing for an empty address. A partial address is fine while no part contradicts another."""
    problems = [_unknown_country(address), _postal_code(address), _region(address), _street_without_city(address)]
    return [problem for problem in problems if problem]


def _unknown_country(address: Address) -> Problem | None:
    if address.country and address.country not in COUNTRIES:
        return Problem("country", _("“%(code)s” is not a country code. Choose the country from the list.") % {"code": address.country})
    return None


def _postal_code(address: Address) -> Problem | None:
    code, country = " ".join(address.postal_code.split()), address.country
    if not code:
        return None
    if not country:
        return Problem("country", _("There is a postal code but no country. Choose the country."))
    facts = {"code": code, "country": country_name(country)}
    if country in WITHOUT_POSTAL_CODES:
        return None
    rule = POSTAL_CODES.get(country)
    if rule is None or rule.matches(code):
        return None
    message = _("“%(code)s” is not a postal code of %(country)s. Write it like %(example)s, or change the country.")
    return Problem("postal_code", message % {**facts, "example": rule.example})


def _region(address: Address) -> Problem | None:
    region, country = address.region.strip(), address.country
    if not region or country not in COUNTRIES_WITH_REGIONS or region_code(region, country):
        return None
    facts = {"region": region, "country": country_name(country), "example": COUNTRIES_WITH_REGIONS[country]}
    return Problem("region", _("“%(region)s” is not a state or province of %(country)s. Write its code, like %(example)s.") % facts)


def _street_without_city(address: Address) -> Problem | None:
    if address.street.strip() and not address.city.strip() and address.country not in {"SG", "GI", "MC", "VA"}:
        return Problem("city", _("There is a street but no city. Fill in the city."))
    return None


def missing_parts(address: Address) -> list[Problem]:
    """What a letter to this address would lack; for documents that are posted, not for saving a record."""
    needed = ["street", "city", "country"]
    if address.country in POSTAL_CODES:
        needed.append("postal_code")
    if address.country in COUNTRIES_WITH_REGIONS:
        needed.append("region")
    return [
        Problem(part, _("Fill in the %(part)s.") % {"part": PART_LABELS[part]}) for part in needed if not getattr(address, part).strip()
    ]


def _name_key(text: str) -> str:
    """Folded, without apostrophes, full stops, other punctuation and "the"."""
    return " ".join(word for word in PUNCTUATION.sub(" ", fold(text).translate(DROPPED)).split() if word != "the")


@cache
def _codes_by_name() -> dict[str, str]:
    """Every known spelling, folded. Codes last: "IS" is Iceland whatever a name says."""
    by_name = {_name_key(name): code for name, code in names_in_all_languages(COUNTRIES)}
    by_name.update({_name_key(name): code for code, names in OTHER_NAMES.items() for name in names})
    by_name.update({alpha_3.lower(): code for alpha_3, code in ALPHA_3.items()})
    return {**by_name, **{code.lower(): code for code in COUNTRIES}}
