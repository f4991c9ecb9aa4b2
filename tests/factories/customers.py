"""Customers and contacts, made through the actions as people make them."""

from typing import Any

from crm.records.actions import create_record
from crm.users.models import User
from customers.models import Contact, Customer


def make_customer(by: User, name: str = "Vattvik Energi AB", **facts: Any) -> Customer:
    return create_record(Customer, by=by, name=name, **facts)


def make_contact(by: User, first_name: str = "Elin", last_name: str = "Sjöberg", **facts: Any) -> Contact:
    return create_record(Contact, by=by, first_name=first_name, last_name=last_name, **facts)
