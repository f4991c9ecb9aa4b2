"""Placeholder of the lead, replaced by the owner of crm/lib."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    street: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""


COUNTRIES = {"SE": "Sweden", "DK": "Denmark", "NO": "Norway", "FI": "Finland", "DE": "Germany", "AT": "Austria", "CH": "Switzerland", "NL": "Netherlands", "BE": "Belgium", "FR": "France", "ES": "Spain", "IT": "Italy", "PL": "Poland", "GB": "United Kingdom", "IE": "Ireland", "US": "United States", "CA": "Canada", "AU": "Australia", "JP": "Japan", "IN": "India"}


def country_choices() -> list[tuple[str, str]]:
    return sorted(COUNTRIES.items(), key=lambda item: item[1])


def country_code(text: str) -> str | None:
    word = text.strip()
    if word.upper() in COUNTRIES:
        return word.upper()
    return next((code for code, name in COUNTRIES.items() if name.casefold() == word.casefold()), None)
