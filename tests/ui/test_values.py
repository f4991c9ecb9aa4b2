"""How one value reads to one person; what the role withholds or the person does not see is never in it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.fields.record_types import record_types
from crm.ui import bulk
from crm.ui.bulk import BulkAction
from crm.ui.drawing import draw
from crm.ui.values import Shown, Viewer, shown
from crm.users.models import User
from customers.models import Contact, Customer, Tag
from tests.factories.customers import make_contact, make_customer


def read(record: Any, key: str, user: User) -> Shown:
    return shown(record_types.of(record).fields[key], record, user)


def test_values_read_as_people_write_them(alice: User) -> None:
    customer = make_customer(
        alice, lifecycle="customer", annual_revenue=Decimal(184200), phone="+4687654321", website="https://www.vattvik.example/",
        email="office@vattvik.example", billing_country="SE", size=1904, source="",
    )  # fmt: skip
    expected = {
        "lifecycle": ("Customer", "", "green"), "annual_revenue": ("€184,200", "", ""),
        "website": ("vattvik.example", "https://www.vattvik.example/", ""),
        "email": ("office@vattvik.example", "mailto:office@vattvik.example", ""), "billing_country": ("Sweden", "", ""),
        "size": ("1,904", "", ""),
        "owner": ("Alice", "", ""), "team": ("North", "", ""),
    }  # fmt: skip
    for key, (text, url, hue) in expected.items():
        value = read(customer, key, alice)
        assert (value.state, value.text, value.url, value.hue) == ("value", text, url, hue)
    assert read(customer, "phone", alice).url == "tel:+4687654321"
    assert read(customer, "source", alice).state == "empty"
    assert draw(read(customer, "source", alice)) == '<span class="mut">—</span>'


def test_an_amount_in_the_records_own_currency(alice: User) -> None:
    assert read(make_customer(alice, annual_revenue=Decimal("12.5"), currency="USD"), "annual_revenue", alice).text == "$12.50"


def test_times_are_relative_with_the_exact_one_on_hover(alice: User) -> None:
    customer = make_customer(alice)
    customer.last_activity_at = timezone.now() - timedelta(hours=2)
    value = read(customer, "last_activity_at", alice)
    assert value.text == "2 h ago"
    assert str(customer.last_activity_at.year) in value.title


@pytest.mark.parametrize(("level", "state", "text"), [("hidden", "hidden", "Hidden by role"), ("masked", "masked", "••••")])
def test_what_the_role_withholds_does_not_even_tell_whether_it_is_empty(alice: User, level: str, state: str, text: str) -> None:
    rich, poor = make_customer(alice, "Rich", annual_revenue=Decimal(184200)), make_customer(alice, "Poor")
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": level, "name": level}}
    assert read(rich, "annual_revenue", alice) == read(poor, "annual_revenue", alice)
    assert (read(rich, "annual_revenue", alice).state, read(rich, "annual_revenue", alice).text) == (state, text)
    assert read(make_contact(alice, customer=rich), "customer.name", alice).state == state


def test_a_customer_that_bob_does_not_see_is_not_named(alice: User, bob: User, dora: User) -> None:
    secret = make_customer(dora, "Secret Brewing")
    contact = make_contact(alice)
    Contact.objects.filter(pk=contact.pk).update(customer=secret)
    contact.refresh_from_db()
    for key in ("customer", "customer.name"):
        value = read(contact, key, bob)
        assert (value.state, value.text, value.url) == ("unseen", "Not visible to you", "")
    assert read(contact, "customer", dora).text == "Secret Brewing"


def test_a_page_of_records_costs_one_statement_for_each_kind_of_relation(alice: User, django_assert_num_queries: Any) -> None:
    tag = Tag.objects.create(name="key account", hue="violet")
    for number in range(3):
        customer = make_customer(alice, f"Customer {number}", parent=make_customer(alice, f"Parent {number}"))
        customer.tags.add(tag, through_defaults={"organization_id": alice.organization_id})
    kind = record_types["customer"]
    list(Customer.objects.visible_to(alice)[:1])
    records = list(Customer.objects.order_by("pk"))
    with django_assert_num_queries(4):
        viewer = Viewer(alice, kind, records)
        for record in records:
            for key in ("name", "owner", "team", "created_by", "parent", "tags"):
                draw(viewer.show(kind.fields[key], record))
    assert "key account" in draw(viewer.show(kind.fields["tags"], records[1]))


@pytest.mark.parametrize("plain", [True, False])
def test_markup_in_a_value_stays_text(alice: User, plain: bool) -> None:
    nasty = "<b onclick='x'>&\""
    customer = make_customer(alice, nasty, billing_city=nasty, billing_street=nasty, description=nasty, topics=nasty)
    for key in ("name", "billing_city", "description", "topics"):
        assert "<b" not in draw(read(customer, key, alice), plain=plain)


def test_an_action_for_several_records_brings_the_bar(alice: User, alice_client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_actions", {})
    make_customer(alice)
    assert 'id="bulk"' not in alice_client.get("/customers/").content.decode()
    bulk.register(BulkAction("customer", "assign", "Assign", "user-plus", "customer-create"))
    page = alice_client.get("/customers/").content.decode()
    assert 'formaction="/customers/new/"' in page
    assert 'id="bulk"' not in alice_client.get("/contacts/").content.decode()
