"""Nothing is made twice unawares, and a record is chosen by any part of its name: both without reading the whole table."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.once import form_token
from crm.views.similar import named_like, similar_records
from customers.actions import add_point
from customers.choices import PointKind
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer


def similar(user: User, key: str = "customer", **values: Any) -> list[str]:
    return [str(record) for record in similar_records(record_types[key], values, user)]


@pytest.mark.parametrize("typed", ["kuhne & söhne", "Kühne & Sohne AG", "KUHNE & SÖHNE GmbH & Co. KG", "Kühne & Söhne"])
def test_a_name_is_the_same_without_case_accents_and_legal_form(typed: str, alice: User) -> None:
    make_customer(alice, "Kühne & Söhne GmbH")
    make_customer(alice, "Kühne Logistik")
    assert similar(alice, name=typed) == ["Kühne & Söhne GmbH"]


@pytest.mark.parametrize("website", ["https://www.vattvik.se/", "http://shop.vattvik.se/om-oss"])
def test_two_addresses_of_one_domain_are_the_same_company(website: str, alice: User) -> None:
    make_customer(alice, "Vattvik Energi", website="https://vattvik.se")
    assert similar(alice, name="Something else", website=website) == ["Vattvik Energi"]


def test_an_address_is_the_same_in_capital_letters(alice: User) -> None:
    make_contact(alice, email="Karin.Ek@vattvik.se")
    assert len(similar(alice, "contact", email="karin.ek@VATTVIK.se")) == 1


def test_a_further_address_or_number_is_the_same_person(alice: User, dora: User) -> None:
    elin = make_contact(alice, email="elin@vattvik.se")
    add_point(elin, PointKind.EMAIL, "Elin.Holm@private.example", by=alice)
    add_point(elin, PointKind.PHONE, "+46701234567", by=alice)
    assert similar(alice, "contact", email="elin.holm@PRIVATE.example") == [str(elin)]
    assert similar(alice, "contact", phone="+46701234567") == [str(elin)]
    assert similar(dora, "contact", phone="+46701234567") == []


def test_the_name_of_a_contact_is_put_together_before_it_is_compared(alice: User) -> None:
    make_contact(alice, first_name="Søren", last_name="Møller")
    assert similar(alice, "contact", first_name="Soren", last_name="Moller") == ["Søren Møller"]


def test_dora_is_not_warned_of_what_she_does_not_see(alice: User, dora: User) -> None:
    make_customer(alice, "Nordhavn Brewing", website="https://nordhavn.dk", email="office@nordhavn.dk")
    assert similar(dora, name="Nordhavn Brewing", website="https://nordhavn.dk", email="office@nordhavn.dk") == []


def test_a_name_of_nothing_but_a_legal_form_stays_one() -> None:
    assert named_like("AB") == "ab"
    assert named_like("A.B. Volvo (publ)") == "ab volvo publ"


def suggested(client: Client, text: str) -> str:
    return client.get("/records/customer/suggest/", {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["No", "nordh", "brew", "nordhavn brew", "brewing nord", "havn"])
def test_a_record_is_suggested_by_any_part_of_its_name(text: str, alice: User, alice_client: Client) -> None:
    customer = make_customer(alice, "Nordhavn Brewing")
    assert f"Nordhavn Brewing #{customer.pk}" in suggested(alice_client, text)


def test_what_is_asked_for_suggestions_can_use_the_index(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Nordhavn Brewing")
    with CaptureQueriesContext(connection) as queries:
        suggested(alice_client, "nord")
    asked = [query["sql"] for query in queries if '"customers_customer"' in query["sql"]]
    assert asked
    assert not [sql for sql in asked if "LOWER(" in sql or "UPPER(" in sql or "LIKE" in sql]


def test_a_form_that_arrives_twice_at_once_makes_one_record(alice_client: Client) -> None:
    """The second one waits for the first: both ask for the lock of the form's token."""
    values = {"token": form_token(), "name": "Once", "kind": "company", "lifecycle": "lead"}
    with CaptureQueriesContext(connection) as queries:
        alice_client.post("/customers/new/", values)
    assert [query for query in queries if "pg_advisory_xact_lock" in query["sql"]]
    again = alice_client.post("/customers/new/", values)
    assert again.headers["Location"] == Customer.objects.get().get_absolute_url()
