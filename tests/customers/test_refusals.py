"""Who does not want to be written to or called: said wherever the address or the number stands."""

import re
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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


def test_whoever_begins_an_email_or_a_call_reads_the_refusal_first(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer, email="elin@vattvik.se", do_not_email=True, do_not_call=True)
    page = alice_client.get(contact.get_absolute_url()).content.decode()
    said = {kind: text_of(f"<main{part}</main>".encode()) for kind, part in parts_of(page).items()}
    assert "Do not e-mail" in said["email"]
    assert "Do not call" in said["call"]
    assert "Do not" not in said["note"] + said["task"] + said["meeting"]
    assert "Do not call" in alice_client.get(f"/calls/new/?on=contact:{contact.pk}").content.decode()
    assert f"{contact} · Do not call" in parts_of(alice_client.get(customer.get_absolute_url()).content.decode())["call"]


def parts_of(page: str) -> dict[str, str]:
    """The composer's tabs by kind."""
    found = re.findall(r'id="compose-(\w+)"(.*?)</form>', page, re.DOTALL)
    return dict(found)


def test_the_age_stands_beside_the_birthday(alice: User, alice_client: Client) -> None:
    contact = make_contact(alice, birthday=date(1984, 2, 29))
    today = timezone.localdate()
    years = today.year - 1984 - ((today.month, today.day) < (2, 29))
    assert f"29 Feb 1984 · {years} years old" in text_of(alice_client.get(contact.get_absolute_url()).content)
