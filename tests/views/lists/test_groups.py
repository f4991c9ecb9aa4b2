"""Groups of filters, made and changed by links and plain forms alone: whoever shares the address shares the rule."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from crm.query.places import added, part_at, replaced
from crm.query.rules import Condition, Group, Not, RuleError
from crm.users.models import User
from crm.views.list_rows import ListRows
from crm.views.list_state import read_state
from customers.models import Customer
from tests.factories.customers import make_customer
from tests.views.lists.test_list import names

ONE, TWO, THREE = (Condition("name", "contains", letter) for letter in "abc")


def link(page: str, text: str, *, after: str = "") -> str:
    """The address behind the first link of this text, or of this label."""
    page = page[page.index(after) if after else 0 :]
    for address, inside in re.findall(r'<a [^>]*?href="([^"]*)"([^>]*>.*?)</a>', page, re.S):
        if text in re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>", "", inside)):
            return "/customers/" + html.unescape(address).removeprefix("/customers/")
    raise AssertionError(f"no link “{text}”")


def sent(client: Client, address: str, field: str, op: str, value: str) -> str:
    """The address after the filter's form that stands at this address has been sent, field first, then operator and value."""
    chosen = client.get(f"{address.replace('add=', f'add={field}')}").content.decode()
    form = re.search(r'<form class="stack tight filter-form".*?</form>', chosen, re.S)
    assert form
    hidden = [(name, html.unescape(value)) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0])]
    query = [*hidden, ("add", field), ("op", op), ("v", value)]
    data: dict[str, list[str]] = {}
    for name, one in query:
        data.setdefault(name, []).append(one)
    return str(client.get("/customers/", data).headers["Location"])


@pytest.fixture
def some(alice: User) -> None:
    for name, lifecycle, city in (
        ("Ada", "lead", "Bonn"),
        ("Bea", "customer", "Oslo"),
        ("Cia", "lead", "Oslo"),
        ("Dea", "partner", "Rome"),
    ):
        make_customer(alice, name, lifecycle=lifecycle, billing_city=city)


def test_a_group_is_made_changed_left_out_and_removed_without_scripts(some: None, alice_client: Client) -> None:
    def page(address: str) -> str:
        return alice_client.get(address).content.decode()

    start = page("/customers/?f=name:contains:a&sort=name&build=1")
    address = sent(alice_client, link(start, "Add group"), "lifecycle", "any_of", "lead")
    assert names(alice_client.get(address)) == ["Ada", "Cia"]
    assert "Any of" in page(address) or "In words" in page(address)
    inside = link(page(address), "Add filter", after='<ul>\n  <li><span class="chip"><span>Lifecycle')
    address = sent(alice_client, inside, "billing_city", "is", "Oslo")
    assert names(alice_client.get(address)) == ["Ada", "Bea", "Cia"]
    group = page(address)
    assert "Name contains a and (Lifecycle is any of Lead or Billing city is Oslo)" in html.unescape(group)
    assert names(alice_client.get(link(group, "All of", after="grp any"))) == ["Cia"]
    assert names(alice_client.get(link(group, "Exclude"))) == ["Dea"]
    assert names(alice_client.get(link(group, "Remove group"))) == ["Ada", "Bea", "Cia", "Dea"]


def test_a_filter_inside_a_group_is_changed_in_its_place(some: None, alice_client: Client) -> None:
    group = '{"any":[{"field":"lifecycle","op":"any_of","value":["lead"]},{"field":"billing_city","op":"is","value":"Rome"}]}'
    page = alice_client.get("/customers/", {"g": group, "sort": "name", "build": "1"})
    assert names(page) == ["Ada", "Cia", "Dea"]
    address = link(page.content.decode(), ">Rome", after="list-editor rules")
    assert sent_names(alice_client, address) == ["Ada", "Bea", "Cia"]


def sent_names(client: Client, address: str) -> list[str]:
    return names(client.get(sent(client, address, "billing_city", "is", "Oslo")))


def test_the_address_of_a_group_shows_bob_the_same_rows(some: None, alice: User, bob_client: Client) -> None:
    group = '{"not":{"any":[{"field":"lifecycle","op":"any_of","value":["lead"]},{"field":"billing_city","op":"is","value":"Rome"}]}}'
    page = bob_client.get("/customers/", {"g": group, "build": "1"})
    assert names(page) == ["Bea"]
    assert "Exclude" in page.content.decode()


@pytest.mark.parametrize("params", ["build=1&edit=0.0.0.9", "build=1&add=name&at=7.7", "build=1&at=x&add=", "edit=-1", "edit=²&build=1"])
def test_places_that_do_not_exist_are_no_error(params: str, some: None, alice_client: Client) -> None:
    assert alice_client.get(f"/customers/?f=name:contains:a&{params}").status_code == 200


def test_parts_of_a_rule_by_their_places() -> None:
    rule = Group("all", (ONE, Not(Group("any", (TWO, THREE)))))
    assert part_at(rule, "1.0.1") == THREE
    assert part_at(rule, "1.2") is None
    assert part_at(rule, "x") is None
    assert replaced(rule, "1.0.0", ONE) == Group("all", (ONE, Not(Group("any", (ONE, THREE)))))
    assert replaced(rule, "1.0", None) == Group("all", (ONE,))
    assert replaced(Group("all", (Group("any", (ONE,)),)), "0.0", None) is None
    assert added(rule, "1.0", ONE) == Group("all", (ONE, Not(Group("any", (TWO, THREE, ONE)))))
    with pytest.raises(RuleError):
        added(rule, "0", TWO)


def test_every_operator_of_every_field_can_be_asked_by_the_form(some: None, alice: User, alice_client: Client) -> None:
    """The form offers an input for what each operator takes, and its answer is a list without complaint."""
    from crm.fields.record_types import record_types  # noqa: PLC0415
    from crm.query.operators import Takes, operators_of  # noqa: PLC0415
    from crm.query.questions import filterable_fields  # noqa: PLC0415

    values: dict[str, Any] = {"options": None, "date": "2026-01-31", "number": "5", "text": "a", "reference": "Ada", "none": ""}
    for key, field in filterable_fields(record_types["customer"], alice).items():
        editor = alice_client.get("/customers/", {"add": key}).context["editor"]
        for operator, _chosen in editor.operators:
            value = editor.options[0].value if editor.control == "options" and editor.options else values.get(editor.control) or "1"
            data = {"field": key, "op": operator.key, "v": value, "v2": value, "days": "30"}
            if operator.takes in {Takes.MANY, Takes.ONE} and editor.control == "options" and not editor.options:
                continue
            answer = alice_client.get("/customers/", data)
            assert answer.status_code == 302, (key, operator.key)
            state, notices = read_state(QueryDict(urlsplit(answer.headers["Location"]).query), record_types["customer"], alice, [])
            rows = ListRows(state, record_types["customer"], alice)
            assert rows.count() <= Customer.objects.count(), (key, operator.key)  # the database took the question
            assert ([*notices, *rows.notices], len(state.rule.members)) == ([], 1), (key, operator.key)
        assert operators_of(field)
