"""Added fields by program: read, written, filtered and refused as the model's own."""

from typing import Any

import pytest

from crm.records.actions import create_record
from crm.users.actions import change_role
from crm.users.models import User
from customers.models import Customer
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.fields.test_custom_fields import make

WRITTEN: list[tuple[str, Any, Any]] = [
    ("text", "Halle 3", "Halle 3"),
    ("long_text", "First left,\nthen right", "First left,\nthen right"),
    ("decimal", "12.5", "12.5"),
    ("date", "2027-03-31", "2027-03-31"),
    ("yes_no", True, True),
    ("choice", "gold", "gold"),
    ("choices", ["pumps", "valves"], ["pumps", "valves"]),
    ("url", "https://portal.example/a", "https://portal.example/a"),
    ("email", "invoices@nordlys.example", "invoices@nordlys.example"),
    ("phone", "+49 211 12345", "+4921112345"),
]


@pytest.mark.parametrize(("kind", "sent", "read"), WRITTEN)
def test_alices_program_writes_and_reads_each_kind(kind: str, sent: Any, read: Any, ada: User, as_alice: Program) -> None:
    row = make(kind, ada)
    made = as_alice.post("/customers", {"name": "Nordlys", row.key: sent})
    assert made.status_code == 201, made.content
    answer = as_alice.get(f"/customers/{made.json()['id']}").json()
    assert answer[row.key] == read


def test_a_person_goes_in_by_key_and_comes_with_a_name(ada: User, bob: User, as_alice: Program) -> None:
    row = make("person", ada)
    made = as_alice.post("/customers", {"name": "Nordlys", row.key: {"id": bob.pk}})
    assert made.status_code == 201, made.content
    answer = as_alice.get(f"/customers/{made.json()['id']}").json()
    assert answer[row.key]["id"] == bob.pk and answer[row.key]["label"] == "Bob"


def test_money_says_its_currency(ada: User, as_alice: Program) -> None:
    row = make("money", ada)
    made = as_alice.post("/customers", {"name": "Nordlys", "currency": "NOK", row.key: "25000"})
    assert made.status_code == 201, made.content
    assert made.json()[row.key]["amount"] in {"25000", "25000.00"}


def test_what_does_not_fit_is_named(ada: User, as_alice: Program) -> None:
    row = make("choice", ada)
    answer = as_alice.post("/customers", {"name": "Nordlys", row.key: "platinum"})
    assert [each["field"] for each in is_problem(answer, 422)["errors"]] == [row.key]


def test_programs_filter_and_sort_by_it(ada: User, alice: User, as_alice: Program) -> None:
    row = make("choice", ada)
    for name, value in (("A", "gold"), ("B", "silver")):
        create_record(Customer, by=alice, name=name, **{row.key: value})
    found = as_alice.get(f"/customers?{row.key}=gold&sort={row.key}")
    assert found.status_code == 200, found.content
    assert b'"A"' in found.content and b'"B"' not in found.content


def test_a_hidden_field_is_absent(ada: User, alice: User) -> None:
    row = make("text", ada)
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "Halle 3"})
    assert alice.role is not None
    change_role(alice.role, by=ada, levels={"customer": {row.key: "hidden"}})
    program = program_of(User.objects.get(pk=alice.pk))
    answer = program.get(f"/customers/{customer.pk}")
    assert row.key not in answer.json() and b"Halle 3" not in answer.content
    assert program.get(f"/customers?{row.key}=Halle 3").status_code >= 400
