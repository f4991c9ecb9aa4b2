"""The six kinds of validation (field, range, format, uniqueness, consistency, type): in the form, in an import, and by the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client

from crm.records.actions import update_record
from crm.users.models import User
from customers.models import Contact, Customer
from customers.models.family import MOST_LEVELS
from tests.factories.customers import make_contact, make_customer
from tests.imports.conftest import _check as dry_run

Check = Callable[..., Any]


@dataclass(frozen=True)
class Wrong:
    """What somebody writes: in the form, under this header in a file, and, as SQL, past all of Python. `says` is how it is mended."""

    kind: str
    form: dict[str, str]
    header: str
    says: str
    sql: str
    noun: str = "customer"
    file: dict[str, str] = field(default_factory=dict)


WRONG = [
    Wrong("field", {"name": "x" * 201}, "Name", "Shorten it", "name = repeat('x', 201)"),
    Wrong("range", {"size": "10000001"}, "Employees", "Write 10000000 or less", "size = 10000001"),
    Wrong("range", {"annual_revenue": "-1"}, "Annual revenue", "Write 0 or more", "annual_revenue = -1"),
    Wrong("range", {"birthday": "1799-01-01"}, "Birthday", "1880", "birthday = '1799-01-01'", "contact"),
    Wrong("range", {"birthday": "2999-01-01"}, "Birthday", "in the future", "birthday = '2999-01-01'", "contact"),
    Wrong("format", {"email": "elin@vattvik"}, "E-mail", "Write it like name@example.com", "email = 'elin'", "contact"),
    Wrong("format", {"phone": "12"}, "Phone", "like +49 30 901820", "phone = '12'", "contact"),
    Wrong("format", {"website": "javascript:alert(1)"}, "Website", "Begin with https", "website = 'javascript:alert(1)'"),
    Wrong("type", {"size": "many"}, "Employees", "number", "size = 'many'"),
    Wrong(
        "consistency",
        {"shipping_same_as_billing": "on", "billing_city": "Oslo", "shipping_city": "Bergen"},
        "Shipping same as billing",
        "Empty it, or untick",
        "shipping_same_as_billing = true, shipping_city = 'Bergen'",
        file={"Shipping same as billing": "yes", "Billing city": "Oslo", "Shipping city": "Bergen"},
    ),
]
POINT = "INSERT INTO customers_contactpoint (organization_id, contact_id, kind, label, value, key)"
IDS = [f"{wrong.kind}-{'-'.join(next(iter(wrong.form.items())))[:30]}" for wrong in WRONG]
LABELS = {"contact": {"email_label": "work", "phone_label": "work"}, "customer": {"kind": "company", "lifecycle": "lead"}}
NAMES = {"contact": {"last_name": "Ek"}, "customer": {"name": "Vattvik"}}
HEADERS = {"contact": {"Last name": "Ek"}, "customer": {"Name": "Vattvik"}}


@pytest.mark.parametrize("wrong", WRONG, ids=IDS)
def test_the_form_says_how_to_mend_it(wrong: Wrong, alice_client: Client) -> None:
    answer = alice_client.post(f"/{wrong.noun}s/new/", {**NAMES[wrong.noun], **LABELS[wrong.noun], **wrong.form, "confirmed": "1"})
    assert answer.status_code == 422
    assert wrong.says in answer.content.decode()


@pytest.mark.parametrize("wrong", WRONG, ids=IDS)
def test_the_import_refuses_the_row_and_says_the_same(wrong: Wrong, alice: User, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = {**HEADERS[wrong.noun], **(wrong.file or {wrong.header: next(iter(wrong.form.values()))})}
    text = ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n"
    run = dry_run(text, by=alice, kind=wrong.noun, match=[])
    refused = run.staged.get()
    assert refused.action == "r"
    assert wrong.says in str(refused.remarks)


@pytest.mark.parametrize("wrong", WRONG, ids=IDS)
def test_the_database_refuses_it_whoever_writes(wrong: Wrong, alice: User) -> None:
    record = make_contact(alice) if wrong.noun == "contact" else make_customer(alice, billing_city="Oslo")
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE customers_{wrong.noun} SET {wrong.sql} WHERE id = %s", [record.pk])  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "owner_id = NULL",
        "lifecycle = 'wrong'",
        "billing_country = 'se'",
        "currency = 'EURO'",
        "name = ''",
        "name = '  '",
        "annual_revenue = 'NaN'",
        "shipping_same_as_billing = true",
    ],
)
def test_the_database_holds_what_every_customer_has(statement: str, alice: User) -> None:
    customer = make_customer(alice)
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE customers_customer SET {statement} WHERE id = %s", [customer.pk])  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        f"{POINT} VALUES (%(o)s, %(k)s, 'email', 'work', '', '')",
        f"{POINT} VALUES (%(o)s, %(k)s, 'fax', 'work', '1', '1')",
        "INSERT INTO customers_relationship (organization_id, customer_id, other_id, kind, note, created_at) "
        "SELECT %(o)s, %(c)s, id, 'cousin', '', now() FROM customers_customer WHERE id <> %(c)s",
        "INSERT INTO customers_tag (organization_id, name, hue) VALUES (%(o)s, ' ', 'grey')",
        "INSERT INTO customers_tag (organization_id, name, hue) VALUES (%(o)s, 'Fair', 'mauve')",
    ],
)
def test_the_database_holds_what_hangs_on_them(statement: str, alice: User) -> None:
    facts = {"o": alice.organization_id, "k": make_contact(alice).pk, "c": make_customer(alice).pk}
    make_customer(alice, "Another")
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, facts)


def test_goods_go_to_the_billing_address_when_it_is_said_so(alice: User) -> None:
    customer = make_customer(alice, billing_street="Storgata 1", billing_city="Oslo", shipping_same_as_billing=True)
    assert customer.shipping_address.city == "Oslo"
    with pytest.raises(ValidationError, match="no billing address"):
        make_customer(alice, "Nordhavn", shipping_same_as_billing=True)
    with pytest.raises(ValidationError, match="of its own"):
        update_record(customer, by=alice, shipping_city="Bergen")


@pytest.mark.parametrize(
    ("amount", "currency", "says"), [("10.5", "JPY", "Write 11"), ("1.005", "EUR", "2 decimals"), ("1.0005", "KWD", "3")]
)
def test_a_revenue_has_no_smaller_parts_than_its_currency(amount: str, currency: str, says: str, alice: User) -> None:
    with pytest.raises(ValidationError, match=says):
        make_customer(alice, annual_revenue=Decimal(amount), currency=currency)


def test_somebody_owns_each_customer_and_a_hand_over_is_in_its_history(alice: User, bob: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    version = {"version": customer.version, "name": customer.name, "team": customer.team_id, **LABELS["customer"]}
    answer = alice_client.post(f"/customers/{customer.pk}/edit/", {**version, "owner": ""})
    assert answer.status_code == 422
    assert alice_client.post(f"/customers/{customer.pk}/edit/", {**version, "owner": bob.pk}).status_code == 302
    history = alice_client.get(f"/records/customer/{customer.pk}/history/")
    assert history.status_code == 200
    line = " ".join(history.content.decode().partition("<main")[2].split())
    assert "Alice" in line
    assert "Bob" in line


def line_of(alice: User, levels: int) -> list[Customer]:
    line: list[Customer] = []
    for level in range(levels):
        line.append(make_customer(alice, f"Level {level}", parent=line[-1] if line else None))
    return line


def test_no_customer_is_below_itself_and_no_family_is_too_deep(alice: User) -> None:
    line = line_of(alice, MOST_LEVELS)
    with pytest.raises(ValidationError, match="circle"):
        update_record(line[0], by=alice, parent=line[-1])
    with pytest.raises(ValidationError, match="circle"):
        update_record(line[3], by=alice, parent=line[3])
    with pytest.raises(ValidationError, match=f"more than {MOST_LEVELS} levels"):
        make_customer(alice, "One too many", parent=line[-1])
    with pytest.raises(ValidationError, match=f"more than {MOST_LEVELS} levels"):
        update_record(line[0], by=alice, parent=make_customer(alice, "Above them all"))


def test_the_family_is_a_tree_and_what_dora_does_not_see_stays_unnamed(alice: User, dora: User, client_of: Any) -> None:
    top = make_customer(alice, "Zanzibar Holding")
    middle = make_customer(dora, "Nordhavn Group")
    Customer.objects.filter(pk=middle.pk).update(parent=top)
    below = make_customer(dora, "Nordhavn Brewing", parent=middle)
    page = client_of(dora).get(below.get_absolute_url()).content.decode()
    assert "Parent not visible to you" in page
    assert "Zanzibar" not in page
    assert "Nordhavn Group" in page


def test_a_number_belongs_to_the_country_of_the_contacts_customer(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice, billing_country="DK")
    form = {"last_name": "Ek", **LABELS["contact"], "customer": f"{customer} #{customer.pk}", "phone": "33 12 34 56"}
    assert alice_client.post("/contacts/new/", form).status_code == 302
    assert Contact.objects.get().phone == "+4533123456"
