"""Ticked rows as a file: the bar of a list, and ids by program."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from crm.users.models import User
from tests.api.program import program_of
from tests.factories.customers import make_customer

Table = Callable[..., list[list[str]]]


def ticked(*keys: object, query: str = "?cols=name&sort=name", **more: str) -> str:
    return "?" + urlencode([("list", query), *[("pk", str(key)) for key in keys], *more.items()])


def test_alice_exports_the_rows_that_she_ticked(alice: User, table: Table) -> None:
    kept = [make_customer(alice, name).pk for name in ("Nordlys", "Aurora", "Halden Fisk")][1:]
    assert table(alice, "customer", ticked(*kept)) == [["Name"], ["Aurora"], ["Halden Fisk"]]


def test_all_that_match_is_the_whole_list(alice: User, table: Table) -> None:
    ticks = [make_customer(alice, name).pk for name in ("Nordlys", "Aurora")][:1]
    assert table(alice, "customer", ticked(*ticks, every_match="1")) == [["Name"], ["Aurora"], ["Nordlys"]]


def test_a_tick_on_what_is_not_hers_brings_nothing(alice: User, dora: User, table: Table) -> None:
    own, other = make_customer(alice, "Nordlys"), make_customer(dora, "Secret")
    assert table(alice, "customer", ticked(own.pk, other.pk, 2**62, "x", "-1")) == [["Name"], ["Nordlys"]]


def test_the_page_says_how_many_before(alice: User, alice_client: Client) -> None:
    keys = [make_customer(alice, name).pk for name in ("Nordlys", "Aurora", "Halden Fisk")][:2]
    page = alice_client.get("/exports/new/customer/" + ticked(*keys)).content.decode()
    assert "2 ticked records" in page
    assert "the whole list" not in page


def test_the_bar_below_a_list_leads_there_where_one_may_export(alice: User, alice_client: Client) -> None:
    make_customer(alice)
    assert 'formaction="/exports/new/customer/"' in alice_client.get("/customers/").content.decode()
    role = alice.role
    assert role is not None
    role.reaches = {**role.reaches, "customer": {**role.reaches.get("customer", {}), "export": "none"}}
    role.save()
    assert 'formaction="/exports/new/customer/"' not in alice_client.get("/customers/").content.decode()


@pytest.mark.parametrize("ids", [[], "1", [0], [True], [1.5], [2**70], ["1"], list(range(1, 1002))])
def test_ids_by_program_are_ids(ids: Any, alice: User) -> None:
    answer = _asked(alice, ids)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["ids"]


def test_alice_exports_two_by_program(alice: User, dora: User) -> None:
    keys = [make_customer(alice, name).pk for name in ("Nordlys", "Aurora", "Halden Fisk")][:2]
    answer = _asked(alice, [*keys, make_customer(dora).pk])
    assert (answer.status_code, answer.json()["rows"], answer.json()["words"]) == (201, 2, "2 ticked records")


def _asked(person: User, ids: Any) -> Any:
    return program_of(person).post("/exports", {"record_type": "customer", "ids": ids})
