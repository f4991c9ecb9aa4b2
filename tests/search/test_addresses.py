"""Web addresses are searched by what they lead to, and what is called so stands before what only belongs to it."""

import pytest

from crm.search.find import find
from crm.users.models import User
from tests.factories.customers import make_contact, make_customer


@pytest.mark.parametrize(
    "text", ["www.vattvik.se", "https://vattvik.se", "https://www.vattvik.se/kontakt?x=1", "http://VATTVIK.se/", "vattvik.se", "vattvik"]
)
def test_a_pasted_address_finds_the_customer(text: str, alice: User) -> None:
    make_customer(alice, "Energi AB", website="https://vattvik.se")
    assert [str(found.record) for found in find(text, alice).found] == ["Energi AB"]


def test_the_customer_of_both_words_stands_before_its_people(alice: User) -> None:
    customer = make_customer(alice, "Vattvik Energi")
    make_contact(alice, first_name="Karin", last_name="Ek", customer=customer)
    found = find("energ vatt", alice).found
    assert [str(one.record) for one in found] == ["Vattvik Energi", "Karin Ek"]
