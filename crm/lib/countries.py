"""Placeholder of the lead, replaced by the owner of crm/lib."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    street: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""
