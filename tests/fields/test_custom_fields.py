"""Fields that an administrator adds stand where the model's own ones stand, for those who may, and for nobody else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from crm.audit.models import LogEntry
from crm.fields.models import CustomField, CustomValue
from crm.fields.record_types import record_types
from crm.query.compiling import to_q
from crm.query.rules import parse
from crm.records.actions import Conflict, FieldNotEditable, create_record, delete_record, restore_record, update_record
from crm.setup.actions import change_field, create_field, move_field, remove_field, restore_field
from crm.users.actions import change_role
from crm.users.models import User
from customers.models import Contact, Customer

VALUES = {
    "text": ("Site", "Halle 3"),
    "long_text": ("Directions", "First left,\nthen right"),
    "decimal": ("Machines", Decimal("12.5")),
    "money": ("Credit limit", Decimal("25000")),
    "date": ("Warranty until", date(2027, 3, 31)),
    "yes_no": ("Framework contract", True),
    "choice": ("Tier", "gold"),
    "choices": ("Interests", ["pumps", "valves"]),
    "url": ("Portal", "https://portal.example/a"),
    "email": ("Invoices to", "invoices@nordlys.example"),
    "phone": ("Hotline", "+4921112345"),
    "person": ("Engineer", None),
}
OPTIONS = {
    "choice": [{"label": "Gold", "hue": "amber"}, {"label": "Silver"}],
    "choices": [{"label": "Pumps"}, {"label": "Valves"}, {"label": "Seals"}],
}


def make(kind: str, by: User, on: str = "customer", **facts: Any) -> CustomField:
    facts = {"label": VALUES[kind][0], **({"options": OPTIONS[kind]} if kind in OPTIONS else {}), **facts}
    return create_field(record_types[on], kind, by=by, **facts)


def asked(rule: dict[str, Any], user: User, model: Any = Customer) -> list[str]:
    kind = record_types.of(model)
    return sorted(str(one) for one in model.objects.visible_to(user).filter(to_q(parse(rule), kind, user)))


@pytest.mark.parametrize("kind", VALUES)
def test_alice_writes_and_reads_a_value_of_each_kind(kind: str, ada: User, alice: User, bob: User) -> None:
    row = make(kind, ada)
    value = bob if kind == "person" else VALUES[kind][1]
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: value})
    again = Customer.objects.visible_to(alice).get(pk=customer.pk)
    assert getattr(again, row.key) == value
    assert getattr(again, f"custom__{row.name}") == value
    update_record(again, by=alice, version=again.version, **{row.key: None})
    assert getattr(Customer.objects.get(pk=customer.pk), row.key) is None
    assert Customer.objects.get(pk=customer.pk).custom == {}


def test_a_value_that_is_the_same_costs_nothing(ada: User, alice: User, bob: User) -> None:
    keys = {make(kind, ada).key: (bob if kind == "person" else value) for kind, (_label, value) in VALUES.items()}
    customer = create_record(Customer, by=alice, name="Nordlys", **keys)
    update_record(Customer.objects.get(pk=customer.pk), by=alice, **keys)
    assert Customer.objects.get(pk=customer.pk).version == 1


def test_history_tells_old_and_new_by_field(ada: User, alice: User) -> None:
    row = make("decimal", ada)
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: Decimal(3)})
    update_record(customer, by=alice, **{row.key: Decimal("4.25")})
    entry = LogEntry.objects.filter(object_id=customer.pk, verb="customer.updated").get()
    assert entry.changes == {"custom.machines": ["3", "4.25"]}


def test_two_windows_that_change_different_fields_do_not_collide(ada: User, alice: User) -> None:
    site, tier = make("text", ada), make("choice", ada)
    customer = create_record(Customer, by=alice, name="Nordlys")
    update_record(Customer.objects.get(pk=customer.pk), by=alice, version=1, **{site.key: "Halle 3"})
    update_record(Customer.objects.get(pk=customer.pk), by=alice, version=1, **{tier.key: "gold"})
    assert Customer.objects.get(pk=customer.pk).custom == {"site": "Halle 3", "tier": "gold"}
    with pytest.raises(Conflict):
        update_record(Customer.objects.get(pk=customer.pk), by=alice, version=1, **{site.key: "Halle 4"})


RULES = [
    ("text", "is", "halle 3", "Halle 3"),
    ("text", "begins", "HAL", "Halle 3"),
    ("text", "contains", "le", "Halle 3"),
    ("long_text", "contains", "LEFT", "First left"),
    ("decimal", "above", "12", Decimal("12.5")),
    ("decimal", "is", "12.5", Decimal("12.5")),
    ("money", "between", ["20000", "30000"], Decimal(25000)),
    ("date", "before", "2027-04-01", date(2027, 3, 31)),
    ("date", "between", ["2027-03-01", "2027-03-31"], date(2027, 3, 31)),
    ("yes_no", "yes", None, True),
    ("choice", "any_of", ["gold"], "gold"),
    ("choice", "is", "gold", "gold"),
    ("choices", "has_any", ["pumps", "seals"], ["pumps"]),
    ("choices", "has_all", ["pumps", "valves"], ["pumps", "valves"]),
    ("url", "contains", "portal", "https://portal.example"),
    ("email", "is", "Invoices@nordlys.example", "invoices@nordlys.example"),
    ("phone", "begins", "+49211", "+4921112345"),
]


@pytest.mark.parametrize(("kind", "op", "value", "held"), RULES)
def test_alice_filters_by_it(kind: str, op: str, value: Any, held: Any, ada: User, alice: User) -> None:
    row = make(kind, ada)
    create_record(Customer, by=alice, name="With", **{row.key: held})
    create_record(Customer, by=alice, name="Without")
    condition = {"field": row.key, "op": op, **({"value": value} if value is not None else {})}
    assert asked(condition, alice) == ["With"]
    assert asked({"not": condition}, alice) == ["Without"]
    if kind != "yes_no":
        assert asked({"field": row.key, "op": "is_empty"}, alice) == ["Without"]
        assert asked({"field": row.key, "op": "is_not_empty"}, alice) == ["With"]


def test_alice_filters_by_a_person(ada: User, alice: User, bob: User) -> None:
    row = make("person", ada)
    create_record(Customer, by=alice, name="Mine", **{row.key: alice})
    create_record(Customer, by=alice, name="Bobs", **{row.key: bob})
    assert asked({"field": row.key, "op": "is_me"}, alice) == ["Mine"]
    assert asked({"field": row.key, "op": "my_team"}, alice) == ["Bobs", "Mine"]
    assert asked({"field": row.key, "op": "any_of", "value": [bob.pk]}, alice) == ["Bobs"]


def test_a_filter_follows_each_change(ada: User, alice: User) -> None:
    row = make("choice", ada)
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "gold"})
    gold = {"field": row.key, "op": "any_of", "value": ["gold"]}
    update_record(customer, by=alice, **{row.key: "silver"})
    assert asked(gold, alice) == []
    update_record(customer, by=alice, **{row.key: "gold"})
    delete_record(customer, by=ada)
    assert CustomValue.objects.count() == 0
    restore_record(customer, by=ada)
    assert asked(gold, alice) == ["Nordlys"]


BAD = [
    ("decimal", {"minimum": "1", "maximum": "10"}, "11"),
    ("decimal", {}, "many"),
    ("date", {"minimum": "2026-01-01"}, "2025-12-31"),
    ("text", {"pattern": r"[A-Z]{2}-\d+", "pattern_help": "Two letters, a dash, a number."}, "AB12"),
    ("choice", {}, "Platinum"),
    ("choices", {}, "Pumps, Rockets"),
    ("email", {}, "nobody"),
    ("phone", {}, "call me"),
    ("url", {}, "not a site"),
    ("text", {"required": True}, ""),
    ("text", {}, "x" * 401),
]


@pytest.mark.parametrize(("kind", "facts", "raw"), BAD)
def test_what_does_not_fit_is_refused_beside_its_field(kind: str, facts: Any, raw: str, ada: User, alice_client: Client) -> None:
    row = make(kind, ada, **facts)
    answer = alice_client.post(
        "/customers/new/", {"name": "Nordlys", "kind": "company", "lifecycle": "lead", "currency": "EUR", row.key: raw}
    )
    assert answer.status_code == 422
    assert row.key in answer.context["form"].errors
    assert not Customer.objects.exists()


def test_a_default_is_there_unless_somebody_says_otherwise(ada: User, alice: User) -> None:
    row = make("choice", ada, default="Silver")
    assert getattr(create_record(Customer, by=alice, name="A"), row.key) == "silver"
    assert getattr(create_record(Customer, by=alice, name="B", **{row.key: "gold"}), row.key) == "gold"


def test_only_one_record_has_a_unique_value(ada: User, alice: User) -> None:
    row = make("text", ada, unique=True)
    first = create_record(Customer, by=alice, name="A", **{row.key: "SN-1"})
    with pytest.raises(ValidationError) as refused:
        create_record(Customer, by=alice, name="B", **{row.key: "sn-1"})
    assert list(refused.value.message_dict) == [row.key]
    delete_record(first, by=ada)
    second = create_record(Customer, by=alice, name="B", **{row.key: "SN-1"})
    with pytest.raises(ValidationError):
        restore_record(first, by=ada)
    update_record(second, by=alice, **{row.key: "SN-2"})
    restore_record(first, by=ada)


def test_a_field_becomes_unique_only_where_no_value_is_shared(ada: User, alice: User) -> None:
    row = make("text", ada)
    create_record(Customer, by=alice, name="A", **{row.key: "same"})
    other = create_record(Customer, by=alice, name="B", **{row.key: "Same"})
    with pytest.raises(ValidationError, match="1 values stand in several records"):
        change_field(row, by=ada, unique=True)
    update_record(other, by=alice, **{row.key: "other"})
    change_field(row, by=ada, unique=True)
    with pytest.raises(ValidationError):
        update_record(other, by=alice, **{row.key: "SAME"})


def test_a_hidden_field_is_nowhere_for_alice(ada: User, alice: User, alice_client: Client) -> None:
    row = make("text", ada, searchable=True)
    customer = create_record(Customer, by=ada, name="Nordlys", owner=alice, **{row.key: "Zanzibar"})
    assert b"Nordlys" in alice_client.get("/search/?q=zanzibar").content
    change_role(alice.role, by=ada, levels={"customer": {row.key: "hidden"}})
    alice = User.objects.get(pk=alice.pk)
    assert b"Zanzibar" not in alice_client.get(f"/customers/{customer.pk}/").content
    listed = alice_client.get(f"/customers/?cols=name,{row.key}&f={row.key}:is:zanzibar&sort={row.key}")
    assert b"Zanzibar" not in listed.content and b"Nordlys" in listed.content
    assert b"Nordlys" not in alice_client.get("/search/?q=zanzibar").content
    with pytest.raises(FieldNotEditable):
        update_record(Customer.objects.get(pk=customer.pk), by=alice, **{row.key: "x"})
    assert b"Zanzibar" not in alice_client.get(f"/records/customer/{customer.pk}/history/").content


def test_charlies_organization_has_none_of_it(ada: User, charlie: User, charlie_client: Client) -> None:
    make("text", ada)
    answer = charlie_client.get("/customers/new/")
    assert b"Site" not in answer.content
    assert b"custom.site" not in charlie_client.get("/customers/?choose=columns").content


def test_only_administrators_add_fields(alice: User) -> None:
    with pytest.raises(PermissionDenied):
        make("text", alice)


def test_a_removed_field_comes_back_with_its_values(ada: User, alice: User, alice_client: Client) -> None:
    row = make("choice", ada)
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "gold"})
    remove_field(row, by=ada)
    assert row.key not in record_types["customer"].fields
    assert b"Tier" not in alice_client.get(f"/customers/{customer.pk}/").content
    update_record(Customer.objects.get(pk=customer.pk), by=alice, name="Nordlys AB")
    restore_field(CustomField.objects.get(pk=row.pk), by=ada)
    assert asked({"field": row.key, "op": "any_of", "value": ["gold"]}, alice) == ["Nordlys AB"]


def test_the_field_stands_in_form_page_and_list(ada: User, alice: User, alice_client: Client) -> None:
    row = make("choice", ada, section="@name", help="From the framework contract")
    form = alice_client.get("/customers/new/").content.decode()
    assert "From the framework contract" in form and 'name="custom.tier"' in form
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "gold"})
    assert "Gold" in alice_client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Gold" in alice_client.get("/customers/?cols=name,custom.tier").content.decode()
    assert "Gold" in alice_client.get("/customers/?cols=name,custom.tier&sort=-custom.tier").content.decode()


def test_alice_edits_it_in_its_cell_and_takes_it_back(ada: User, alice: User, alice_client: Client) -> None:
    row = make("choice", ada)
    customer = create_record(Customer, by=alice, name="Nordlys", **{row.key: "gold"})
    address = f"/customers/{customer.pk}/cell/{row.key}/"
    editor = alice_client.get(address, headers={"HX-Request": "true"})
    assert editor.status_code == 200 and b"Silver" in editor.content
    saved = alice_client.post(address, {row.key: "silver", "version": "1"}, headers={"HX-Request": "true"})
    assert saved.status_code == 200 and b"Silver" in saved.content
    undo = next(part for part in saved.headers["HX-Trigger"].split('"') if part.startswith("/customers/"))
    alice_client.post(undo)
    assert Customer.objects.get(pk=customer.pk).custom == {"tier": "gold"}


def test_a_list_of_fields_is_moved_within_its_section(ada: User) -> None:
    first, second = make("text", ada), make("date", ada)
    move_field(second, up=True, by=ada)
    keys = [key for key in record_types["customer"].fields if key.startswith("custom.")]
    assert keys == [second.key, first.key]


def test_contacts_and_tasks_have_fields_of_their_own(ada: User, alice: User) -> None:
    row = make("text", ada, on="contact")
    contact = create_record(Contact, by=alice, last_name="Hansen", **{row.key: "Halle 3"})
    assert asked({"field": row.key, "op": "is", "value": "halle 3"}, alice, Contact) == [str(contact)]
    assert row.key not in record_types["customer"].fields


def test_hundreds_of_fields_are_chosen_on_a_page_of_their_own(ada: User, alice_client: Client) -> None:
    for number in range(60):
        create_field(record_types["customer"], "text", by=ada, label=f"Field {number}")
    page = alice_client.get("/customers/").content
    assert b"choose=columns" in page and b"Field 59" not in page
    assert b"Field 59" in alice_client.get("/customers/?choose=columns").content


def test_what_was_hidden_stays_hidden_in_the_history_of_a_removed_field(
    ada: User, alice: User, alice_client: Client, ada_client: Client
) -> None:
    row = make("text", ada)
    customer = create_record(Customer, by=ada, name="Nordlys", owner=alice, **{row.key: "Zanzibar"})
    assert alice.role is not None
    change_role(alice.role, by=ada, levels={"customer": {row.key: "hidden"}})
    remove_field(row, by=ada)
    address = f"/records/customer/{customer.pk}/history/"
    assert b"Zanzibar" not in alice_client.get(address).content
    assert b"Zanzibar" in ada_client.get(address).content
