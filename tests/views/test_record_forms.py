"""Making and changing records on their pages, as people do: with mistakes, twice, and two at once."""

import re
from typing import Any

import pytest
from django.test import Client

from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.records.actions import update_record
from crm.users.models import Role, User
from customers.models import Contact, Customer, Tag
from tests.factories.customers import make_contact, make_customer


def token_of(page: bytes) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.decode())
    assert found
    return found[1]


def form_values(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send back from the form, with changes."""
    form = client.get(url).context["form"]
    values = {}
    for bound in form:
        value = bound.value()
        if value not in {None, "", False} if not isinstance(value, list) else value:
            values[bound.html_name] = bound.field.widget.format_value(value) if hasattr(bound.field.widget, "format_value") else value
    return {key: value for key, value in {**values, **changes}.items() if value is not None}


def test_alice_adds_a_customer_and_it_is_hers(alice: User, alice_client: Client) -> None:
    values = form_values(
        alice_client, "/customers/new/", name="  Nordhavn   Brewing ", website="www.nordhavn.example", phone="+45 33 11 22 33"
    )
    answer = alice_client.post("/customers/new/", values)
    customer = Customer.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert (customer.name, customer.domain, customer.phone) == ("Nordhavn Brewing", "nordhavn.example", "+4533112233")
    assert (customer.owner, customer.team, customer.created_by) == (alice, alice.team, alice)
    assert LogEntry.objects.get(object_id=customer.pk).verb == "customer.created"
    assert Event.objects.get(record_id=customer.pk, kind="customer.created").actor == alice


def test_sending_the_form_twice_makes_one_customer(alice_client: Client) -> None:
    page = alice_client.get("/customers/new/").content
    values = {"name": "Once", "token": token_of(page), "kind": "company", "lifecycle": "lead"}
    first, second = alice_client.post("/customers/new/", values), alice_client.post("/customers/new/", values)
    assert Customer.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Fill this in"),
        ("name", "\u200b \u00a0", "Fill this in"),
        ("name", "x" * 201, "200"),
        ("size", "many", "whole number"),
        ("size", "sNaN", "whole number"),
        ("size", "1e999999", "too large"),
        ("size", "-5", "Write 0 or more"),
        ("size", "99999999999", "Write 10000000 or less"),
        ("annual_revenue", "a lot", "amount"),
        ("annual_revenue", "-1", "Write 0 or more"),
        ("email", "anna@@example.com", "name@example.com"),
        ("phone", "12", "+49"),
        ("website", "javascript:alert(1)", "address"),
        ("lifecycle", "king", "Choose one from the list"),
        ("billing_country", "XX", "Choose one from the list"),
        ("owner", "999999999", "Choose one from the list"),
    ],
)
def test_a_wrong_value_is_refused_with_the_way_to_mend_it(field: str, value: str, says: str, alice_client: Client) -> None:
    values = {"name": "Right", "kind": "company", "lifecycle": "lead", field: value}
    answer = alice_client.post("/customers/new/", values)
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert len(answer.context["form"].errors[field]) == 1
    assert not Customer.objects.exists()


def test_what_nobody_sees_is_left_out_of_what_is_stored(alice_client: Client) -> None:
    answer = alice_client.post("/customers/new/", {"name": "Nord\x00havn", "kind": "company", "lifecycle": "lead", "topics": "\x00"})
    assert answer.status_code == 302
    assert (Customer.objects.get().name, Customer.objects.get().topics) == ("Nordhavn", "")


def test_what_the_database_refuses_stands_beside_its_field(alice_client: Client) -> None:
    person = {"last_name": "Ek", "email_label": "work", "phone_label": "work"}
    early = alice_client.post("/contacts/new/", {**person, "birthday": "1799-01-01"})
    assert "before 1880" in " ".join(early.context["form"].errors["birthday"])
    alice_client.post("/contacts/new/", {**person, "external_id": "7"})
    again = alice_client.post("/contacts/new/", {**person, "external_id": "7", "confirmed": "1"})
    assert again.status_code == 422
    assert "already has this external id" in " ".join(again.context["form"].errors["external_id"])


def test_a_postal_code_must_belong_to_its_country(alice_client: Client) -> None:
    values = {
        "name": "Right",
        "kind": "company",
        "lifecycle": "lead",
        "billing_postal_code": "ABC",
        "billing_country": "DE",
        "billing_city": "Berlin",
    }
    answer = alice_client.post("/customers/new/", values)
    assert answer.status_code == 422
    assert "10115" in answer.content.decode() or "postal code" in str(answer.context["form"].errors)


def test_names_that_look_like_code_stay_names(alice: User, alice_client: Client) -> None:
    nasty = "<script>alert(1)</script>{{ 7|add:7 }}'\"; DROP TABLE customers_customer; --"
    alice_client.post("/customers/new/", {"name": nasty, "kind": "company", "lifecycle": "lead"})
    customer = Customer.objects.get()
    assert customer.name == nasty
    for url in ("/customers/", f"/customers/{customer.pk}/", f"/customers/{customer.pk}/edit/", "/search/?q=script"):
        page = alice_client.get(url).content.decode()
        assert "<script>alert(1)" not in page
        assert "{{ 7" in page or url.startswith("/search")


def test_a_similar_customer_brings_a_warning_and_can_be_added_anyway(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Nordhavn Brewing")
    values = {"name": "NORDHAVN brewing", "kind": "company", "lifecycle": "lead"}
    answer = alice_client.post("/customers/new/", values)
    assert answer.status_code == 422
    assert "This may exist already" in answer.content.decode()
    assert alice_client.post("/customers/new/", {**values, "confirmed": "1"}).status_code == 302
    assert Customer.objects.count() == 2


def test_the_warning_does_not_show_what_dora_may_not_see(alice: User, dora: User, client_of: Any) -> None:
    make_customer(alice, "Nordhavn Brewing")
    answer = client_of(dora).post("/customers/new/", {"name": "Nordhavn Brewing", "kind": "company", "lifecycle": "lead"})
    assert answer.status_code == 302


def test_names_are_unique_where_the_organization_says_so(alice: User, alice_client: Client) -> None:
    alice.organization.unique_customer_names = True
    alice.organization.save()
    values = {"name": "Nordhavn Brewing", "kind": "company", "lifecycle": "lead", "confirmed": "1"}
    assert alice_client.post("/customers/new/", values).status_code == 302
    answer = alice_client.post("/customers/new/", {**values, "name": "nordhavn  BREWING"})
    assert answer.status_code == 422
    assert "wants names to be unique" in answer.content.decode()


def test_bob_edits_his_teams_customer_and_the_log_says_so(alice: User, bob: User, bob_client: Client) -> None:
    customer = make_customer(alice, "Old name", size=10)
    url = f"/customers/{customer.pk}/edit/"
    assert bob_client.post(url, form_values(bob_client, url, name="New name", size="25")).status_code == 302
    entry = LogEntry.objects.filter(object_id=customer.pk).latest("pk")
    assert entry.actor == bob
    assert entry.changes == {"name": ["Old name", "New name"], "size": [10, 25]}


def test_saving_without_a_change_writes_nothing(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice, annual_revenue=184200, website="https://vattvik.example", phone="+4660194000")
    url = f"/customers/{customer.pk}/edit/"
    entries = LogEntry.objects.count()
    assert alice_client.post(url, form_values(alice_client, url)).status_code == 302
    customer.refresh_from_db()
    assert (customer.version, LogEntry.objects.count()) == (1, entries)


def test_two_people_change_different_fields_and_both_stay(alice: User, bob: User, bob_client: Client) -> None:
    customer = make_customer(alice, "Name", size=10)
    url = f"/customers/{customer.pk}/edit/"
    values = form_values(bob_client, url, size="99")
    update_record(customer, by=alice, industry="energy")
    assert bob_client.post(url, {**values, "industry": ""}).status_code in {302, 409}
    customer.refresh_from_db()
    assert customer.industry == "energy"


def test_two_people_change_the_same_field_and_the_second_chooses(alice: User, bob: User, bob_client: Client) -> None:
    customer = make_customer(alice, "Name", size=10)
    url = f"/customers/{customer.pk}/edit/"
    values = form_values(bob_client, url, size="99")
    update_record(customer, by=alice, size=50)
    answer = bob_client.post(url, values)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Mine: 99" in page
    assert "Theirs: 50" in page
    customer.refresh_from_db()
    assert customer.size == 50
    assert bob_client.post(url, {**values, "version": customer.version, "keep_size": "theirs"}).status_code == 302
    customer.refresh_from_db()
    assert customer.size == 50
    assert bob_client.post(url, {**values, "version": customer.version, "keep_size": "mine"}).status_code == 302
    customer.refresh_from_db()
    assert customer.size == 99


def test_a_field_the_role_may_not_edit_is_not_in_the_form_and_not_taken(alice: User, client_of: Any) -> None:
    customer = make_customer(alice, size=10)
    Role.objects.filter(key="sales-rep").update(levels={"customer": {"size": "read", "industry": "hidden"}})
    client = client_of(User.objects.get(pk=alice.pk))
    url = f"/customers/{customer.pk}/edit/"
    assert not {"size", "industry"} & set(client.get(url).context["form"].fields)
    client.post(url, form_values(client, url, size="99", industry="energy", name="Renamed"))
    customer.refresh_from_db()
    assert (customer.name, customer.size, customer.industry) == ("Renamed", 10, "")


@pytest.mark.parametrize("key", ["organization", "organization_id", "version", "created_at", "deleted_at", "id", "unique_name", "domain"])
def test_nothing_else_can_be_assigned_through_the_form(key: str, alice: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    before = getattr(customer, key)
    url = f"/customers/{customer.pk}/edit/"
    alice_client.post(url, form_values(alice_client, url, **{key: "7", "name": "Renamed"}))
    customer = Customer.objects.get(pk=customer.pk)
    if key != "version":
        assert getattr(customer, key) == before


def test_a_contact_is_chosen_a_customer_by_name_or_by_suggestion(alice: User, dora: User, alice_client: Client) -> None:
    first, twin = make_customer(alice, "Twin"), make_customer(alice, "Twin")
    foreign = make_customer(dora, "South's")
    values = {"last_name": "Ek", "email_label": "work", "phone_label": "work", "confirmed": "1"}
    assert "Several are called" in alice_client.post("/contacts/new/", {**values, "customer": "Twin"}).content.decode()
    assert "no customer called" in alice_client.post("/contacts/new/", {**values, "customer": "South&#x27;s"}).content.decode()
    assert alice_client.post("/contacts/new/", {**values, "customer": f"South's #{foreign.pk}"}).status_code == 422
    assert alice_client.post("/contacts/new/", {**values, "customer": f"Twin #{twin.pk}"}).status_code == 302
    assert Contact.objects.get().customer == twin
    assert first != twin


def test_tags_of_the_organization_are_worn_and_logged(alice: User, ada: User, alice_client: Client) -> None:
    tags = [Tag.objects.create(name=name) for name in ("key account", "reference")]
    customer = make_customer(alice)
    url = f"/customers/{customer.pk}/edit/"
    alice_client.post(url, form_values(alice_client, url, tags=[tag.pk for tag in tags]))
    assert set(customer.tags.all()) == set(tags)
    assert LogEntry.objects.filter(object_id=customer.pk).latest("pk").changes["tags"][0] == []


def test_charlie_gets_404_and_sam_a_403_that_says_what_is_missing(alice: User, sam: User, charlie_client: Client, client_of: Any) -> None:
    customer = make_customer(alice)
    for path in ("", "edit/"):
        assert charlie_client.get(f"/customers/{customer.pk}/{path}").status_code == 404
    answer = client_of(sam).get(f"/customers/{customer.pk}/edit/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Support agent" in page
    assert "Alice" in page
    assert "Ada" in page


def test_a_birthday_in_the_future_and_a_contact_without_a_name_are_refused(alice: User, alice_client: Client) -> None:
    values = {"email_label": "work", "phone_label": "work"}
    assert "first or a last name" in alice_client.post("/contacts/new/", values).content.decode()
    answer = alice_client.post("/contacts/new/", {**values, "last_name": "Ek", "birthday": "2999-01-01"})
    assert "in the future" in answer.content.decode()


def test_make_contact_keeps_the_name_together(alice: User) -> None:
    assert str(make_contact(alice, "Elin", "Sjöberg")) == "Elin Sjöberg"


def test_giving_a_customer_out_of_ones_sight_leads_to_the_list(alice: User, dora: User, alice_client: Client) -> None:
    customer = make_customer(alice, "Alder")
    answer = alice_client.post(
        f"/customers/{customer.pk}/edit/", form_values(alice_client, f"/customers/{customer.pk}/edit/", owner=dora.pk)
    )
    assert answer["Location"] == "/customers/"
    assert "Alder now belongs to Dora and is no longer visible to you" in alice_client.get("/customers/").content.decode()
