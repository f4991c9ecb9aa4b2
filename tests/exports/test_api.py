"""Exports by program: the list that is asked for, as a file of one's own."""

from typing import Any

import pytest

from crm.exports.models import Export
from crm.users.models import User
from tests.api.program import program_of
from tests.factories.customers import make_customer


def fetched(answer: Any) -> str:
    return b"".join(answer).decode("utf-8-sig")


def test_alice_gets_her_list_as_a_file_and_throws_it_away(alice: User) -> None:
    make_customer(alice, "Fjord AS", billing_city="Bergen")
    make_customer(alice, "Halden", billing_city="Halden")
    program = program_of(alice)
    rule = {"field": "billing_city", "op": "is", "value": "Bergen"}
    asked = {"record_type": "customer", "filter": rule, "columns": ["name", "billing_city"], "sort": "name"}
    made = program.post("/exports", asked, **{"Idempotency-Key": "one"})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert (made.json()["is_ready"], made.json()["rows"]) == (True, 1)
    assert program.post("/exports", asked, **{"Idempotency-Key": "one"}).json()["id"] == pk
    file = fetched(program.get(f"/exports/{pk}/file"))
    assert "Fjord AS" in file
    assert "Halden" not in file
    assert [one["id"] for one in program.get("/exports").json()["data"]] == [pk]
    assert program.delete(f"/exports/{pk}").status_code == 204
    assert not Export.objects.exists()


def test_nobody_else_has_it(alice: User, ada: User, charlie: User) -> None:
    pk = program_of(alice).post("/exports", {"record_type": "customer"}).json()["id"]
    for person in (ada, charlie):
        assert program_of(person).get(f"/exports/{pk}").status_code == 404
        assert program_of(person).get(f"/exports/{pk}/file").status_code == 404


def test_sam_may_not_export(sam: User) -> None:
    assert program_of(sam).post("/exports", {"record_type": "customer"}).status_code == 403


def test_a_token_that_does_not_read_customers_exports_none(alice: User) -> None:
    assert program_of(alice, "exports:*").post("/exports", {"record_type": "customer"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"moon": 1}, "moon"),
        ({"record_type": 1}, "record_type"),
        ({"filter": {"field": "moon", "op": "is", "value": 1}}, "filter"),
        ({"filter": "x"}, "filter"),
        ({"sort": "moon"}, "sort"),
        ({"sort": ["name"]}, "sort"),
        ({"search": "\0"}, "search"),
        ({"columns": ["moon\0"]}, "columns"),
        ({"columns": "name"}, "columns"),
        ({"format": "pdf"}, "format"),
        ({"delimiter": "x"}, "delimiter"),
        ({"exact": "yes"}, "exact"),
    ],
)
def test_what_is_not_understood_is_said_by_field(alice: User, body: dict[str, Any], field: str) -> None:
    answer = program_of(alice).post("/exports", {"record_type": "customer", **body})
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == [field]
