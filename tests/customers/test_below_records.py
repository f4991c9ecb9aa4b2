"""What hangs below customers and contacts: relationships, roles, further addresses. Said twice it is refused, never doubled."""

import secrets
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.records.actions import Conflict, create_record, delete_record, restore_record, update_record
from crm.users.models import User
from customers.actions import (
    add_affiliation,
    add_point,
    below,
    change_affiliation,
    change_point,
    create_tag,
    make_main,
    make_primary,
    relate,
)
from customers.choices import PointKind, PointLabel
from customers.models import Affiliation, Contact, ContactPoint, Relationship, Tag
from tests.factories.customers import make_contact, make_customer


def relate_twice(alice: User) -> None:
    customer, other = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    for _time in range(2):
        relate(customer, "supplier", other, by=alice)


def relate_from_both_sides(alice: User) -> None:
    customer, other = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    relate(customer, "partner", other, by=alice)
    relate(other, "partner", customer, by=alice)


def give_a_role_twice(alice: User) -> None:
    contact, customer = make_contact(alice), make_customer(alice)
    for _time in range(2):
        add_affiliation(contact, customer, role="Adviser", by=alice)


def test_a_contact_comes_back_to_a_role_after_some_years(alice: User) -> None:
    contact, customer = make_contact(alice), make_customer(alice)
    first = add_affiliation(contact, customer, role="CFO", since=date(2015, 1, 1), until=date(2018, 12, 31), by=alice)
    add_affiliation(contact, customer, role="CFO", since=date(2024, 2, 1), by=alice)
    with pytest.raises(ValidationError, match="already, at the same time"):
        add_affiliation(contact, customer, role="CFO", since=date(2018, 12, 31), until=date(2019, 1, 1), by=alice)
    with pytest.raises(ValidationError, match="already, at the same time"):
        change_affiliation(first, role="CFO", since=date(2015, 1, 1), until=None, by=alice)
    assert contact.affiliations.count() == 2


def add_a_number_twice(alice: User) -> None:
    contact = make_contact(alice)
    for _time in range(2):
        add_point(contact, PointKind.PHONE, "+46701234567", by=alice)


def add_an_address_twice(alice: User) -> None:
    contact = make_contact(alice)
    add_point(contact, PointKind.EMAIL, "Elin@Vattvik.se", by=alice)
    add_point(contact, PointKind.EMAIL, "elin@vattvik.se", by=alice)


TWICE = [relate_twice, relate_from_both_sides, give_a_role_twice, add_a_number_twice, add_an_address_twice]


@pytest.mark.parametrize("twice", TWICE)
@pytest.mark.parametrize("at_the_same_moment", [False, True], ids=["one after the other", "at the same moment"])
def test_what_is_said_twice_is_refused(twice: Any, at_the_same_moment: bool, alice: User, monkeypatch: Any) -> None:
    """At the same moment both have checked before either has written: the database tells, and its answer is the same sentence."""
    if at_the_same_moment:
        monkeypatch.setattr(below, "check_constraints", lambda row, exclude: None)
    with pytest.raises(ValidationError, match="already"):
        twice(alice)
    assert Relationship.objects.count() + Affiliation.objects.count() + ContactPoint.objects.count() == 1


@pytest.mark.parametrize("at_the_same_moment", [False, True])
def test_ada_adds_no_tag_twice(at_the_same_moment: bool, ada: User, monkeypatch: Any) -> None:
    create_tag("Key account", by=ada)
    if at_the_same_moment:
        monkeypatch.setattr(below, "check_constraints", lambda row, exclude: None)
    with pytest.raises(ValidationError, match="There is a tag of this name already"):
        create_tag(" KEY  account ", by=ada)
    assert Tag.objects.count() == 1


def test_a_form_sent_twice_makes_one_row_and_leads_to_the_same_page(alice: User, alice_client: Client) -> None:
    customer, other = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    form = {"direction": "partner", "other": f"Nordhavn Brewing #{other.pk}", "token": secrets.token_hex(8)}
    for _time in range(2):
        answer = alice_client.post(f"/customers/{customer.pk}/relationships/", form)
        assert answer.status_code == 302
    assert Relationship.objects.count() == 1
    again = alice_client.post(f"/customers/{customer.pk}/relationships/", {**form, "token": secrets.token_hex(8)})
    assert again.status_code == 422
    assert "related in this way already" in again.content.decode()


def test_each_side_names_the_relationship_in_its_own_words(alice: User, alice_client: Client) -> None:
    vattvik, nordhavn = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    alice_client.post(f"/customers/{vattvik.pk}/relationships/", {"direction": "turned-supplier", "other": nordhavn.name})
    assert "Supplier of" in alice_client.get(vattvik.get_absolute_url()).content.decode()
    assert "Supplied by" in alice_client.get(nordhavn.get_absolute_url()).content.decode()


def test_a_relationship_is_removed_from_either_page(alice: User, alice_client: Client) -> None:
    customer, other = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    one = relate(customer, "partner", other, by=alice)
    assert alice_client.post(f"/customers/{other.pk}/relationships/{one.pk}/remove/").status_code == 302
    assert not Relationship.objects.exists()


def test_a_role_ends_after_it_began(alice: User, alice_client: Client) -> None:
    contact, customer = make_contact(alice), make_customer(alice)
    form = {"customer": customer.name, "role": "Adviser", "since": "2026-05-01", "until": "2026-04-30"}
    answer = alice_client.post(f"/contacts/{contact.pk}/roles/", form)
    assert answer.status_code == 422
    assert "Swap the dates" in answer.content.decode()
    assert alice_client.post(f"/contacts/{contact.pk}/roles/", {**form, "until": "2026-05-01"}).status_code == 302
    assert Affiliation.objects.get().until == date(2026, 5, 1)


def test_a_role_is_changed_and_its_past_stays_in_the_history(alice: User) -> None:
    contact, customer = make_contact(alice), make_customer(alice)
    role = add_affiliation(contact, customer, role="Adviser", by=alice)
    change_affiliation(role, role="Chair", since=date(2020, 1, 1), until=None, by=alice)
    changes = LogEntry.objects.filter(object_pk=contact.pk).order_by("-pk").first()
    assert changes is not None
    assert "Adviser" in str(changes.changes)
    assert "Chair" in str(changes.changes)


def test_another_customer_becomes_the_main_one_and_the_former_stays_known(alice: User) -> None:
    vattvik, nordhavn = make_customer(alice), make_customer(alice, "Nordhavn Brewing")
    contact = make_contact(alice, customer=vattvik)
    make_main(add_affiliation(contact, nordhavn, role="Head", by=alice), by=alice)
    contact.refresh_from_db()
    assert contact.customer == nordhavn
    assert {one.customer for one in contact.affiliations.all()} == {vattvik, nordhavn}


def test_a_role_that_is_over_does_not_become_the_main_one(alice: User) -> None:
    contact, customer = make_contact(alice), make_customer(alice)
    role = add_affiliation(contact, customer, until=timezone.localdate() - timedelta(days=1), by=alice)
    with pytest.raises(ValidationError, match="has ended"):
        make_main(role, by=alice)


def test_dora_sees_no_role_at_a_customer_out_of_her_sight(alice: User, sam: User, dora: User, client_of: Any) -> None:
    secret = make_customer(alice, "Zanzibar Holding")
    contact = make_contact(dora)
    Affiliation.objects.create(organization_id=dora.own_organization_id, contact=contact, customer=secret, role="Adviser")
    assert "Zanzibar" not in client_of(dora).get(contact.get_absolute_url()).content.decode()
    role = contact.affiliations.get()
    assert client_of(dora).post(f"/contacts/{contact.pk}/roles/{role.pk}/remove/").status_code == 404


def test_a_number_is_corrected_and_typed(alice: User, alice_client: Client) -> None:
    contact = make_contact(alice, country="SE")
    point = add_point(contact, PointKind.PHONE, "+46701234567", by=alice)
    answer = alice_client.post(f"/contacts/{contact.pk}/points/{point.pk}/", {"label": "mobile", "value": "070-765 43 21"})
    assert answer.status_code == 302
    point.refresh_from_db()
    assert (point.value, point.key, point.label) == ("+46707654321", "+46707654321", "mobile")


def test_a_number_belongs_to_the_country_of_the_customer(alice: User, alice_client: Client) -> None:
    contact = make_contact(alice, customer=make_customer(alice, billing_country="DK"))
    alice_client.post(f"/contacts/{contact.pk}/points/", {"kind": "phone", "label": "work", "value": "33 12 34 56"})
    assert ContactPoint.objects.get().value == "+4533123456"


def test_the_primary_address_cannot_be_a_further_one_too(alice: User) -> None:
    contact = make_contact(alice, email="elin@vattvik.se")
    point = add_point(contact, PointKind.EMAIL, "elin@home.se", by=alice)
    with pytest.raises(ValidationError, match="primary one"):
        change_point(point, "Elin@Vattvik.se", label=PointLabel.WORK, by=alice)
    make_primary(ContactPoint.objects.get(), by=alice)
    contact = Contact.objects.get(pk=contact.pk)
    assert contact.email == "elin@home.se"
    assert contact.points.get().value == "elin@vattvik.se"


def test_what_is_refused_stands_beside_the_field_where_it_is_mended(alice: User, alice_client: Client, ada: User, client_of: Any) -> None:
    customer, contact = make_customer(alice), make_contact(alice)
    itself = alice_client.post(f"/customers/{customer.pk}/relationships/", {"direction": "partner", "other": customer.name})
    assert "cannot be related to itself" in " ".join(itself.context["form"].errors["other"])
    add_point(contact, PointKind.EMAIL, "elin@vattvik.se", by=alice)
    twice = alice_client.post(f"/contacts/{contact.pk}/points/", {"kind": "email", "label": "work", "value": "elin@vattvik.se"})
    assert "has this one already" in " ".join(twice.context["form"].errors["value"])
    create_tag("Fair", by=ada)
    again = client_of(ada).post("/setup/tags/", {"name": "FAIR", "hue": "red"})
    assert "a tag of this name already" in " ".join(again.context["form"].errors["name"])


def test_a_change_beside_the_record_hides_no_conflict(alice: User, bob: User) -> None:
    """Bob changes the phone, then gives a second address: Alice, whose form is older than both, must hear of the phone."""
    contact = make_contact(alice, phone="+46701234567")
    seen = contact.version
    update_record(Contact.objects.get(pk=contact.pk), by=bob, phone="+46707654321")
    add_point(Contact.objects.get(pk=contact.pk), PointKind.EMAIL, "elin@home.se", by=bob)
    add_affiliation(Contact.objects.get(pk=contact.pk), make_customer(alice), role="Adviser", by=bob)
    with pytest.raises(Conflict):
        update_record(Contact.objects.get(pk=contact.pk), by=alice, version=seen, phone="+46700000000")


def test_what_changed_beside_the_record_is_named_in_its_history(alice: User, alice_client: Client) -> None:
    contact, customer = make_contact(alice), make_customer(alice, "Vattvik Energi AB")
    add_point(contact, PointKind.EMAIL, "elin@home.se", by=alice)
    add_affiliation(contact, customer, role="Adviser", by=alice)
    for address in (contact.get_absolute_url(), f"/records/contact/{contact.pk}/history/"):
        page = alice_client.get(address).content.decode()
        assert "urther e-mail" in page
        assert "ole at a customer" in page
        assert "Adviser, Vattvik Energi AB" in page
        assert "your role hides" not in page
    assert "Restore further e-mail" not in page
    alice.role.levels = {"contact": {"customer": "hidden"}}  # type: ignore[union-attr]
    alice.role.save()  # type: ignore[union-attr]
    assert "Adviser, Vattvik" not in alice_client.get(f"/records/contact/{contact.pk}/history/").content.decode()


def test_a_further_address_counts_where_addresses_are_unique(alice: User, alice_client: Client) -> None:
    elin, kari = make_contact(alice, "Elin", "Ek", email="elin@x.example"), make_contact(alice, "Kari", "Moe", email="kari@x.example")
    point = add_point(elin, PointKind.EMAIL, "private@x.example", by=alice)
    for taken in ("Private@x.example", "elin@x.example"):
        with pytest.raises(ValidationError, match="wants them to be unique"):
            add_point(kari, PointKind.EMAIL, taken, by=alice)
    with pytest.raises(ValidationError, match="wants them to be unique"):
        update_record(kari, by=alice, email="PRIVATE@x.example")
    with pytest.raises(ValidationError, match="wants them to be unique"):
        create_record(Contact, by=alice, last_name="New", email="private@x.example")
    answer = alice_client.post(
        "/contacts/new/",
        {
            "last_name": "New",
            "email": "private@x.example",
            "email_label": "work",
            "phone_label": "work",
            "confirmed": "1",
            "owner": alice.pk,
        },
    )
    assert "wants them to be unique" in answer.content.decode()
    make_primary(point, by=alice)
    elin.refresh_from_db()
    assert elin.email == "private@x.example", "one's own may change places"
    delete_record(elin, by=alice)
    create_record(Contact, by=alice, last_name="New", email="elin@x.example")


def test_a_contact_whose_address_became_a_further_one_of_another_stays_in_the_bin(alice: User) -> None:
    elin, kari = make_contact(alice, "Elin", "Ek", email="elin@x.example"), make_contact(alice, "Kari", "Moe")
    delete_record(elin, by=alice)
    add_point(kari, PointKind.EMAIL, "elin@x.example", by=alice)
    with pytest.raises(ValidationError, match="wants them to be unique"):
        restore_record(elin, by=alice)
