"""Who does not want to be written to or called: said wherever the address or the number stands."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.users.models import User
from customers.models import Contact
from tests.factories.customers import make_contact, make_customer


def text_of(page: bytes) -> str:
    """The page's own part, without the choice of columns."""
    main = page.decode().split("<main", 1)[1].split("</main>")[0]
    table = main.split("<tbody", 1)[-1].split("</tbody>")[0] if "<tbody" in main else main
    return " ".join(re.sub(r"<[^>]+>", " ", table).split())


def test_do_not_call_stands_beside_the_number(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer, email="elin@vattvik.se", phone="+46701234567", do_not_call=True)
    listed = alice_client.get("/contacts/").content
    assert text_of(listed).count("Do not call") == 1
    assert "Do not e-mail" not in text_of(listed)
    assert "Do not call" in text_of(alice_client.get(contact.get_absolute_url()).content)
    assert "Do not call" in text_of(alice_client.get(customer.get_absolute_url()).content)


def test_nobody_reads_a_refusal_that_the_role_hides(alice: User, alice_client: Client) -> None:
    make_contact(alice, phone="+46701234567", do_not_call=True)
    alice.role.levels = {"contact": {"do_not_call": "hidden"}}  # type: ignore[union-attr]
    alice.role.save()  # type: ignore[union-attr]
    assert "Do not call" not in text_of(alice_client.get("/contacts/").content)


def test_a_list_of_refusals_costs_no_statement_more(alice: User, alice_client: Client) -> None:
    for number in range(10):
        make_contact(alice, last_name=f"Ek {number}", phone=f"+4670123456{number}")
    alice_client.get("/contacts/")
    with CaptureQueriesContext(connection) as before:
        alice_client.get("/contacts/")
    Contact.objects.update(do_not_call=True)
    with CaptureQueriesContext(connection) as after:
        assert text_of(alice_client.get("/contacts/").content).count("Do not call") == 10
    assert len(after) == len(before)
