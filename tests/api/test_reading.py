"""Lists and records: what each person gets of them, and what is refused."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.records.actions import delete_record, share_record, update_record
from crm.users.models import Role, User
from customers.models import Tag
from tests.api.program import Program, program_of
from tests.factories.customers import make_contact, make_customer


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def levels(person: User, **fields: str) -> None:
    """What the person's role may do with fields of customers."""
    Role.objects.filter(pk=person.role_id).update(levels={"customer": fields})


def test_everybody_lists_what_they_see(
    alice: User, dora: User, as_alice: Program, as_bob: Program, as_mona: Program, as_ada: Program, as_charlie: Program
) -> None:
    make_customer(alice, "Hers")
    make_customer(dora, "Theirs")
    assert names(as_alice.get("/customers")) == ["Hers"]
    assert names(as_bob.get("/customers")) == ["Hers"]
    assert names(as_mona.get("/customers")) == ["Theirs", "Hers"]
    assert names(as_ada.get("/customers")) == ["Theirs", "Hers"]
    assert names(as_charlie.get("/customers")) == []


def test_invisible_deleted_and_foreign_are_404_alike(alice: User, dora: User, as_alice: Program, as_charlie: Program) -> None:
    theirs, gone = make_customer(dora, "Theirs"), make_customer(alice, "Gone")
    delete_record(gone, by=alice)
    answers = [as_alice.get(f"/customers/{pk}") for pk in (theirs.pk, gone.pk, 2**40, 2**63, 10**30)]
    answers.append(as_charlie.get(f"/customers/{theirs.pk}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_share_opens_the_record_for_dora(alice: User, dora: User) -> None:
    customer, program = make_customer(alice), program_of(dora)
    assert program.get(f"/customers/{customer.pk}").status_code == 404
    share_record(customer, dora, by=alice)
    assert program.get(f"/customers/{customer.pk}").status_code == 200
    assert names(program.get("/customers")) == [customer.name]


def test_values_are_written_as_programs_read_them(alice: User, as_alice: Program) -> None:
    tag = Tag.objects.create(name="reference")
    customer = make_customer(alice, annual_revenue="184200.5", currency="SEK", size=48, lifecycle="lead", tags=[tag])
    contact = make_contact(alice, customer=customer, birthday=date(1980, 2, 29))
    answer = as_alice.get(f"/customers/{customer.pk}")
    row = answer.json()
    assert row["annual_revenue"] == {"amount": "184200.50", "currency": "SEK"}
    assert row["owner"] == {"id": alice.pk, "label": "Alice"}
    assert row["tags"] == [{"id": tag.pk, "label": "reference"}]
    assert (row["size"], row["lifecycle"], row["phone"]) == (48, "lead", None)
    assert row["created_at"].endswith("Z")
    assert "T" in row["created_at"]
    assert answer["ETag"] == '"1"'
    row = as_alice.get(f"/contacts/{contact.pk}").json()
    assert row["birthday"] == "1980-02-29"
    assert row["customer"] == {"id": customer.pk, "label": customer.name}


def test_amounts_without_a_currency_are_in_the_organizations(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice, annual_revenue="1250")
    assert as_alice.get(f"/customers/{customer.pk}").json()["annual_revenue"] == {"amount": "1250.00", "currency": "EUR"}


def test_a_reference_out_of_sight_tells_neither_id_nor_name(alice: User, dora: User, ada: User) -> None:
    contact = make_contact(ada, customer=make_customer(ada, "Ada's"))
    share_record(contact, dora, by=ada)
    row = program_of(dora).get(f"/contacts/{contact.pk}").json()
    assert row["customer"] == {"id": None, "label": "Not visible to you"}


def test_hidden_fields_are_absent_and_masked_ones_null(alice: User) -> None:
    customer = make_customer(alice, email="post@vattvik.example", phone="+46812345678")
    levels(alice, email="hidden", phone="masked")
    program = program_of(alice)
    for row in (program.get(f"/customers/{customer.pk}").json(), program.get("/customers").json()["data"][0]):
        assert "email" not in row
        assert row["phone"] is None
    row = program.get("/customers", {"fields": "name,email,phone"}).json()["data"][0]
    assert set(row) == {"id", "version", "name", "phone"}


@pytest.mark.parametrize("params", [{"email": "post@vattvik.example"}, {"sort": "email"}, {"f": "phone:is_not_empty"}, {"phone": ""}])
def test_what_is_withheld_cannot_be_asked_for(alice: User, params: dict[str, str]) -> None:
    make_customer(alice, email="post@vattvik.example", phone="+46812345678")
    levels(alice, email="hidden", phone="masked")
    answer = program_of(alice).get("/customers", params)
    assert answer.status_code == 400
    assert "role" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"billing_city": "Berlin"}, ["Spree"]),
        ({"billing_city": "berlin"}, ["Spree"]),
        ({"billing_city": ""}, ["Bare"]),
        ({"lifecycle": ["lead", "partner"]}, ["Spree", "Fjord"]),
        ({"size": "48"}, ["Fjord"]),
        ({"shipping_same_as_billing": "true"}, []),
        ({"f": "size:above:40"}, ["Fjord"]),
        ({"f": ["billing_city:is:Berlin", "size:above:40"], "match": "any"}, ["Fjord", "Spree"]),
        (
            {"filter": '{"any": [{"field": "size", "op": "above", "value": 40}, {"field": "name", "op": "is", "value": "bare"}]}'},
            ["Bare", "Fjord"],
        ),
        ({"filter": '{"not": {"field": "billing_city", "op": "is_empty"}}', "lifecycle": "lead"}, ["Spree"]),
        ({"q": "fjor"}, ["Fjord"]),
        ({"sort": "name"}, ["Bare", "Fjord", "Spree"]),
        ({"sort": "-size"}, ["Fjord", "Spree", "Bare"]),
    ],
)
def test_a_list_is_filtered_searched_and_sorted(alice: User, as_alice: Program, params: dict[str, str], found: list[str]) -> None:
    make_customer(alice, "Spree", billing_city="Berlin", billing_country="DE", lifecycle="lead", size=12)
    make_customer(alice, "Fjord", billing_city="Bergen", billing_country="NO", lifecycle="partner", size=48)
    make_customer(alice, "Bare")
    answer = names(as_alice.get("/customers", params))
    assert answer == found if "sort" in params else sorted(answer) == sorted(found)


@pytest.mark.parametrize(
    "params",
    [
        {"colour": "red"},
        {"lifecycle": "moon"},
        {"size": "many"},
        {"f": "size:above"},
        {"f": "moon:is:1"},
        {"filter": "{"},
        {"filter": '{"all": 3}'},
        {"filter": "[" * 3000},
        {"sort": "moon"},
        {"sort": "tags"},
        {"fields": "name,moon"},
        {"fields": ""},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "²"},
        {"cursor": "moon"},
        {"cursor": "WzEsMV0"},
        {"name": ["a", "b"]},
        {"owner": "99999999999999999999"},
    ],
)
def test_a_question_that_is_not_understood_is_refused_with_the_reason(alice: User, as_alice: Program, params: Any) -> None:
    answer = as_alice.get("/customers", params)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert len(answer.json()["detail"]) > 10


@pytest.mark.parametrize("sort", ["", "name", "-updated_at", "updated_at", "-annual_revenue", "owner"])
def test_pages_follow_each_other_without_gap_or_double(alice: User, as_alice: Program, sort: str) -> None:
    for number in range(7):
        make_customer(alice, f"Customer {number % 3}", **({"annual_revenue": number} if number % 2 else {}))
    params, found, pages = {"limit": "3", **({"sort": sort} if sort else {})}, [], 0
    while pages < 5:
        data = as_alice.get("/customers", params).json()
        found += [row["id"] for row in data["data"]]
        pages += 1
        if data["next_cursor"] is None:
            break
        params["cursor"] = data["next_cursor"]
    assert (len(found), len(set(found)), pages) == (7, 7, 3)


def test_a_retrieve_takes_fields_and_nothing_else(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice)
    assert as_alice.get(f"/customers/{customer.pk}", {"fields": "name"}).json() == {"id": customer.pk, "version": 1, "name": customer.name}
    assert as_alice.get(f"/customers/{customer.pk}", {"moon": "1"}).status_code == 400


def test_a_role_without_reach_is_told_so(alice: User, as_alice: Program) -> None:
    Role.objects.filter(pk=alice.role_id).update(reaches={})
    answer = as_alice.get("/customers")
    assert answer.status_code == 403
    assert "does not include" in answer.json()["detail"]


def counted(ask: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert ask().status_code == 200
    return len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]])


def test_a_list_costs_the_same_with_many_rows(alice: User, bob: User, as_alice: Program) -> None:
    """Token, tenant, role, principals, rows, people, teams, parents, tags, and the note of the request with its tenant."""
    parent, tag = make_customer(alice, "Parent"), Tag.objects.create(name="reference")
    make_customer(alice, "One", parent=parent, tags=[tag])
    as_alice.get("/customers")
    few = counted(lambda: as_alice.get("/customers"))
    for number in range(12):
        make_customer((alice, bob)[number % 2], f"Customer {number}", parent=parent, tags=[tag])
    assert counted(lambda: as_alice.get("/customers")) == few
    assert few <= 20


def test_a_record_costs_few_statements(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice, parent=make_customer(alice, "Parent"))
    update_record(customer, by=alice, name="Renamed")
    as_alice.get(f"/customers/{customer.pk}")
    assert counted(lambda: as_alice.get(f"/customers/{customer.pk}")) <= 19
