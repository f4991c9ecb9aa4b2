"""An address that stands in one cell, taken apart: as maps, address books and forms write it."""

from __future__ import annotations

import re
from dataclasses import replace

from crm.lib.countries import Address, check_address, country_code
from crm.lib.regions import COUNTRIES_WITH_REGIONS, region_code

REGION_AND_CODE = re.compile(r"(?P<region>[A-Za-z][A-Za-z .'-]*?)\s+(?P<code>\d{5}(?:-\d{4})?|\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d)")
CODE_AND_CITY = re.compile(r"(?P<code>(?:[A-Z]{1,2}-)?\d{2,5}(?:[ -]\d{2,4})?(?: [A-Z]{2}(?= ))?) (?P<city>[^\d]{2,})")
CITY_AND_CODE = re.compile(
    r"(?P<city>[^\d]{2,}?) (?P<code>\d{4,6}(?:-\d{2,4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
)
CODE = re.compile(r"\d{4,6}(?:-\d{3,4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}")


def split_address(text: str, country: str = "") -> Address | None:
    """Its parts, or None where no city can be told from the street.

    `country` (alpha-2) is likely where the text names none: it counts where the postal code is one of that country.
    Parts that contradict each other are left out; nothing is invented.
    """
    parts = [part for part in (re.sub(r"\s+", " ", each).strip() for each in re.split(r"[\n,;]+", text)) if part]
    named = country_code(parts[-1]) if len(parts) > 1 else None
    if named:
        parts.pop()
    if named:
        found, rest = _town(Address(country=named), parts)
    else:
        found, rest = _town(Address(), parts)
        likely = _consistent(replace(found, country=country))
        found = likely if likely.postal_code else replace(found, country="")
    return _consistent(replace(found, street=", ".join(rest))) if found.city else None


def _town(found: Address, parts: list[str]) -> tuple[Address, list[str]]:
    """City, code and region off the end; what is left is the street."""
    last = parts[-1] if parts else ""
    if (
        found.country in COUNTRIES_WITH_REGIONS
        and (match := REGION_AND_CODE.fullmatch(last))
        and region_code(match["region"], found.country)
    ):
        return _city(replace(found, region=match["region"], postal_code=match["code"]), parts[:-1])
    for pattern in (CODE_AND_CITY, CITY_AND_CODE):
        if match := pattern.fullmatch(last):
            return _without_region(replace(found, city=match["city"].strip(), postal_code=match["code"])), parts[:-1]
    if CODE.fullmatch(last) and len(parts) > 1:
        found, parts = replace(found, postal_code=last), parts[:-1]
        last = parts[-1]
    if len(parts) > 2 and found.country in COUNTRIES_WITH_REGIONS and region_code(last, found.country):
        found, parts = replace(found, region=last), parts[:-1]
    return _city(found, parts)


def _without_region(found: Address) -> Address:
    """ "Toronto ON" is a city and its province."""
    city, _space, region = found.city.rpartition(" ")
    if city and found.country in COUNTRIES_WITH_REGIONS and len(region) <= 3 and region_code(region, found.country):
        return replace(found, city=city, region=region)
    return found


def _city(found: Address, parts: list[str]) -> tuple[Address, list[str]]:
    if len(parts) > (0 if found.country else 1) and not any(char.isdigit() for char in parts[-1]):
        return replace(found, city=parts[-1]), parts[:-1]
    return found, parts


def _consistent(found: Address) -> Address:
    for problem in check_address(found):
        wrong = "postal_code" if problem.field == "country" and not found.country else problem.field
        found = replace(found, **{wrong: ""})
    return found
