"""Columns of a file go into the fields that an organization added, as into any other."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from crm.fields.models import CustomField, CustomValue
from crm.fields.record_types import record_types
from crm.records.actions import create_record
from crm.setup.actions import create_field
from crm.users.models import User
from customers.models import Customer
from tests.imports.conftest import commit, counts, remarks, undo

Check = Callable[..., Any]
FILE = (
    "Name,Machine number,Tier,Interests,Warranty until,Credit limit,Engineer\n"
    'Nordlys,SN-1,Gold,"Pumps, Valves",2027-03-31,25000.50,Bob\n'
    "Halden,SN-2,silver,Pumps; Rockets,2026-01-01,,bob@halden.example\n"
)


def make_fields(ada: User) -> dict[str, CustomField]:
    customer = record_types["customer"]
    return {
        "serial": create_field(customer, "text", by=ada, label="Machine number", unique=True),
        "tier": create_field(customer, "choice", by=ada, label="Tier", options=[{"label": "Gold"}, {"label": "Silver"}]),
        "interests": create_field(customer, "choices", by=ada, label="Interests", options=[{"label": "Pumps"}, {"label": "Valves"}]),
        "warranty": create_field(customer, "date", by=ada, label="Warranty until"),
        "limit": create_field(customer, "money", by=ada, label="Credit limit"),
        "engineer": create_field(customer, "person", by=ada, label="Engineer"),
    }


def test_a_file_fills_added_fields_by_their_labels(ada: User, alice: User, bob: User, check: Check) -> None:
    fields = make_fields(ada)
    run = check(FILE, by=alice)
    assert counts(run) == (2, 0, 0, 0)
    assert [sentence for _row, _column, sentence in remarks(run)] == ["“Rockets” is none of the choices and was left out."]
    commit(run, alice)
    nordlys = Customer.objects.get(name="Nordlys")
    held = {name: getattr(nordlys, row.key) for name, row in fields.items()}
    assert held == {
        "serial": "SN-1",
        "tier": "gold",
        "interests": ["pumps", "valves"],
        "warranty": date(2027, 3, 31),
        "limit": Decimal("25000.5"),
        "engineer": bob,
    }
    assert CustomValue.objects.filter(record_id=nordlys.pk).count() == 7


def test_the_same_file_again_changes_nothing_and_undo_takes_it_back(ada: User, alice: User, check: Check) -> None:
    make_fields(ada)
    run = check(FILE, by=alice)
    commit(run, alice)
    again = check(FILE, by=alice, match=["name"])
    assert counts(again) == (0, 0, 2, 0)
    undo(run, alice)
    assert not Customer.objects.filter(deleted_at=None).exists()
    assert not CustomValue.objects.exists()


def test_changed_values_come_back_with_the_undo(ada: User, alice: User, bob: User, check: Check) -> None:
    fields = make_fields(ada)
    values = {fields["tier"].key: "silver", fields["engineer"].key: alice, fields["interests"].key: ["valves"]}
    create_record(Customer, by=alice, name="Nordlys", **values)
    run = check(FILE, by=alice, match=["name"])
    assert counts(run) == (1, 1, 0, 0)
    commit(run, alice)
    assert getattr(Customer.objects.get(name="Nordlys"), fields["engineer"].key) == bob
    undo(run, alice)
    nordlys = Customer.objects.get(name="Nordlys")
    assert {key: getattr(nordlys, key) for key in values} == values
    assert getattr(nordlys, fields["serial"].key) is None


def test_unique_values_are_watched_in_the_file_and_beside_the_records(ada: User, alice: User, check: Check) -> None:
    fields = make_fields(ada)
    create_record(Customer, by=alice, name="First", **{fields["serial"].key: "SN-9"})
    run = check("Name,Machine number\nA,SN-1\nB,sn-1\nC,SN-9\n", by=alice)
    assert counts(run) == (1, 0, 0, 2)
    sentences = [sentence for _row, _column, sentence in remarks(run)]
    assert sentences == [
        "Row 2 of the file has the same value already.",
        "Another record has this value already, and only one may have it.",
    ]


def test_rules_and_defaults_hold_for_rows_too(ada: User, alice: User, check: Check) -> None:
    customer = record_types["customer"]
    code = create_field(customer, "text", by=ada, label="Code", pattern="[A-Z]{2}", required=True)
    grade = create_field(customer, "decimal", by=ada, label="Grade", default="3")
    run = check("Name,Code\nA,AB\nB,ABC\nC,\n", by=alice)
    assert counts(run) == (1, 0, 0, 2)
    commit(run, alice)
    made = Customer.objects.get()
    assert (getattr(made, code.key), getattr(made, grade.key)) == ("AB", Decimal(3))
    assert CustomValue.objects.filter(record_id=made.pk).count() == 2
