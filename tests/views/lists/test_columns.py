"""Columns in the order that a person wants, kept in the address and in views, without scripts."""

import re
from typing import Any

from django.test import Client

from crm.users.models import Role, User
from tests.factories.customers import make_customer


def heads(answer: Any) -> list[str]:
    return [heading.key for heading in answer.context["headings"]]


def test_columns_stand_in_the_order_of_the_form(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    answer = alice_client.get("/customers/", {"columns": "1", "c": ["owner", "lifecycle", "phone"], "sort": "name"})
    assert answer.headers["Location"] == "/customers/?sort=name&cols=name,owner,lifecycle,phone"
    assert heads(alice_client.get(answer.headers["Location"])) == ["name", "owner", "lifecycle", "phone"]


def test_the_usual_columns_in_another_order_are_another_list(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    usual = heads(alice_client.get("/customers/"))
    other = [usual[0], *reversed(usual[1:])]
    answer = alice_client.get("/customers/", {"columns": "1", "c": other[1:]})
    assert heads(alice_client.get(answer.headers["Location"])) == other


def test_a_button_moves_a_column_and_the_form_stays_open(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    answer = alice_client.get("/customers/", {"columns": "1", "c": ["owner", "lifecycle", "phone"], "up": "phone"})
    assert answer.headers["Location"] == "/customers/?cols=name,owner,phone,lifecycle&choose=columns"
    page = alice_client.get(answer.headers["Location"]).content.decode()
    assert page.index('value="phone" checked') < page.index('value="lifecycle" checked')
    assert re.search(r'name="down" value="phone"', page)


def test_moving_beyond_either_end_changes_nothing(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    for button, key in (("up", "owner"), ("down", "phone"), ("up", "name"), ("up", "nonsense")):
        answer = alice_client.get("/customers/", {"columns": "1", "c": ["owner", "phone"], button: key})
        assert heads(alice_client.get(answer.headers["Location"])) == ["name", "owner", "phone"]


def test_a_hidden_column_cannot_be_asked_for(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    role: Role = alice.role  # type: ignore[assignment]
    role.levels = {**role.levels, "customer": {"annual_revenue": "hidden"}}
    role.save()
    answer = alice_client.get("/customers/", {"columns": "1", "c": ["annual_revenue", "owner"]})
    assert heads(alice_client.get(answer.headers["Location"])) == ["name", "owner"]
