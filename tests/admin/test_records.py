"""Customers and contacts in the workshop: what ada does there is what the pages do."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.fields.record_types import record_types
from crm.search.models import SearchDocument
from crm.setup.actions import create_field
from crm.users.models import Role, User
from customers.models import Contact, Customer
from tests.admin.conftest import statements, values_of
from tests.factories.customers import make_contact, make_customer

LIST = "/admin/customers/customer/"


def change_url(record: Customer | Contact) -> str:
    return reverse(f"admin:customers_{record._meta.model_name}_change", args=[record.pk])


def test_ada_reads_the_list(ada_in: Client, alice: User) -> None:
    make_customer(alice, "Vattvik Energi AB")
    page = ada_in.get(LIST)
    assert page.status_code == 200
    assert "Vattvik Energi AB" in page.content.decode()


def test_charlie_reads_only_his_own(charlie_in: Client, alice: User) -> None:
    customer = make_customer(alice)
    assert "Vattvik" not in charlie_in.get(LIST).content.decode()
    for name in ("change", "delete", "history"):
        url = reverse(f"admin:customers_customer_{name}", args=[customer.pk])
        assert charlie_in.get(url).status_code == 404
        assert charlie_in.post(url, {"name": "Mine"}).status_code == 404
    customer.refresh_from_db()
    assert (customer.name, customer.deleted_at) == ("Vattvik Energi AB", None)


def test_ada_changes_a_customer_and_the_log_says_so(ada_in: Client, ada: User, alice: User) -> None:
    customer = make_customer(alice)
    page = ada_in.get(change_url(customer))
    answer = ada_in.post(change_url(customer), {**values_of(page), "name": "Vattvik Kraft AB"})
    assert answer.status_code == 302, answer.context["form"].errors
    customer.refresh_from_db()
    assert (customer.name, customer.version, customer.updated_by) == ("Vattvik Kraft AB", 2, ada)
    entry = LogEntry.objects.filter(object_id=customer.pk, verb="customer.updated").get()
    assert (entry.actor, entry.changes) == (ada, {"name": ["Vattvik Energi AB", "Vattvik Kraft AB"]})
    assert Event.objects.filter(kind="customer.updated", record_id=customer.pk, actor=ada).exists()
    assert "kraft" in SearchDocument.objects.get(record_type="customer", record_id=customer.pk).title


def test_ada_adds_a_contact(ada_in: Client, ada: User) -> None:
    page = ada_in.get("/admin/customers/contact/add/")
    answer = ada_in.post("/admin/customers/contact/add/", {**values_of(page), "first_name": "Elin", "last_name": "Sjöberg"})
    assert answer.status_code == 302, answer.context["form"].errors
    made = Contact.objects.get(last_name="Sjöberg")
    assert (made.owner, made.created_by, made.organization_id) == (ada, ada, ada.organization_id)
    assert LogEntry.objects.filter(object_id=made.pk, verb="contact.created", actor=ada).exists()


def test_wrong_input_stays_in_the_form_with_its_sentence(ada_in: Client, alice: User) -> None:
    customer = make_customer(alice)
    page = ada_in.get(change_url(customer))
    answer = ada_in.post(change_url(customer), {**values_of(page), "name": "", "email": "no address"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "email"}
    customer.refresh_from_db()
    assert customer.version == 1


def test_two_windows_on_one_field_show_both_values(ada_in: Client, alice: User) -> None:
    customer = make_customer(alice)
    first, second = (values_of(ada_in.get(change_url(customer))) for _ in range(2))
    assert ada_in.post(change_url(customer), {**first, "legal_name": "First"}).status_code == 302
    answer = ada_in.post(change_url(customer), {**second, "legal_name": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.content.decode()
    again = {**second, "legal_name": "Second", "version": answer.context["form"]["version"].value()}
    assert ada_in.post(change_url(customer), again).status_code == 302
    customer.refresh_from_db()
    assert (customer.legal_name, customer.version) == ("Second", 3)


def test_a_forged_version_is_refused(ada_in: Client, alice: User) -> None:
    customer = make_customer(alice)
    sent = {**values_of(ada_in.get(change_url(customer))), "legal_name": "X", "version": "99"}
    assert ada_in.post(change_url(customer), sent).status_code == 422


def test_another_organizations_people_and_customers_are_no_choice(ada_in: Client, charlie: User, alice: User) -> None:
    customer = make_customer(alice)
    sent = values_of(ada_in.get(change_url(customer)))
    answer = ada_in.post(change_url(customer), {**sent, "owner": charlie.pk})
    assert answer.status_code == 422
    assert "owner" in answer.context["form"].errors
    assert str(charlie) not in answer.content.decode()


def test_deleting_asks_and_puts_into_the_recycle_bin(ada_in: Client, ada: User, alice: User) -> None:
    customer = make_customer(alice)
    url = reverse("admin:customers_customer_delete", args=[customer.pk])
    assert "Vattvik Energi AB" in ada_in.get(url).content.decode()
    assert ada_in.post(url).status_code == 302
    customer.refresh_from_db()
    assert (customer.deleted_by, customer.version) == (ada, 2)
    assert LogEntry.objects.filter(object_id=customer.pk, verb="customer.deleted", actor=ada).exists()
    assert not SearchDocument.objects.filter(record_type="customer", record_id=customer.pk).exists()
    assert ada_in.get(change_url(customer)).status_code == 404


def test_the_chosen_rows_are_deleted_through_the_action(ada_in: Client, alice: User) -> None:
    gone, kept = make_customer(alice, "Gone"), make_customer(alice, "Kept")
    asked = ada_in.post(LIST, {"action": "delete_selected", "index": "0", "_selected_action": [gone.pk]})
    assert asked.status_code == 200
    assert "Gone" in asked.content.decode()
    assert "Kept" not in asked.content.decode()
    done = ada_in.post(LIST, {"action": "delete_selected", "post": "yes", "_selected_action": [gone.pk]})
    assert done.status_code == 302
    assert list(Customer.objects.filter(deleted_at=None)) == [kept]
    assert LogEntry.objects.filter(object_id=gone.pk, verb="customer.deleted").exists()


def test_the_chosen_rows_are_changed_on_the_page_of_changes_of_many(ada_in: Client, alice: User) -> None:
    chosen, other = make_customer(alice, "Chosen"), make_customer(alice, "Other")
    assert 'value="bulk-assign"' in ada_in.get(LIST).content.decode()
    led = ada_in.post(LIST, {"action": "bulk-assign", "index": "0", "_selected_action": [chosen.pk]})
    assert (led.status_code, led["Location"]) == (302, f"/bulk/new/customer/assign/?pk={chosen.pk}")
    page = ada_in.get(led["Location"])
    assert page.status_code == 200
    assert f'value="{other.pk}"' not in page.content.decode()


def test_all_that_match_cannot_be_chosen_at_once(ada_in: Client, alice: User) -> None:
    one, two = make_customer(alice, "One"), make_customer(alice, "Two")
    sent = {"action": "delete_selected", "post": "yes", "_selected_action": [one.pk], "select_across": "1"}
    ada_in.post(LIST, sent)
    two.refresh_from_db()
    assert two.deleted_at is None


def test_keys_of_another_organization_delete_nothing(charlie_in: Client, alice: User) -> None:
    customer = make_customer(alice)
    charlie_in.post(LIST, {"action": "delete_selected", "post": "yes", "_selected_action": [customer.pk]})
    customer.refresh_from_db()
    assert customer.deleted_at is None


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "1;2"])
def test_nonsense_as_a_chosen_row_is_refused(ada_in: Client, key: str) -> None:
    assert ada_in.post(LIST, {"action": "delete_selected", "index": "0", "_selected_action": [key]}).status_code == 400


@pytest.mark.parametrize(
    "query", ["owner__password__startswith=s", "legal_name__startswith=V", "organization=1", "name=Vattvik", "id__in=1"]
)
def test_the_address_asks_for_no_column_that_is_no_filter(ada_in: Client, query: str) -> None:
    assert ada_in.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["p=9999", "p=x", "o=99", "o=-1.x", "q=%27%22", "lifecycle=nonsense", "owner=x", "e=1", "all="])
def test_nonsense_in_the_address_breaks_nothing(ada_in: Client, alice: User, query: str) -> None:
    make_customer(alice)
    assert ada_in.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_filters_and_search_find(ada_in: Client, alice: User, bob: User) -> None:
    make_customer(alice, "Vattvik Energi AB", lifecycle="customer")
    make_customer(bob, "Nordhavn Brewing", lifecycle="lead")
    for query, found in (("lifecycle=customer", "Vattvik"), (f"owner={alice.pk}", "Vattvik"), ("q=nordh", "Nordhavn")):
        page = ada_in.get(f"{LIST}?{query}").content.decode()
        assert ("Vattvik" in page, "Nordhavn" in page) == (found == "Vattvik", found == "Nordhavn"), query


def test_a_hidden_field_is_in_no_list_and_no_form_and_a_masked_one_is_masked(ada_in: Client, ada: User, alice: User) -> None:
    customer = make_customer(alice, lifecycle="partner", legal_name="Quixotic", phone="+46701234567")
    assert ada.role is not None
    Role.objects.filter(pk=ada.role.pk).update(levels={"customer": {"legal_name": "hidden", "phone": "masked", "lifecycle": "hidden"}})
    page = ada_in.get(change_url(customer)).content.decode()
    assert "Quixotic" not in page
    assert "701234567" not in page.replace(" ", "")
    assert "••••" in page
    assert "Partner" not in ada_in.get(LIST).content.decode()
    assert ada_in.get(f"{LIST}?lifecycle=partner").status_code == 400
    ada_in.post(change_url(customer), {"name": "Vattvik", "version": 1, "legal_name": "Mine", "kind": "company"})
    customer.refresh_from_db()
    assert customer.legal_name == "Quixotic"


def test_fields_that_the_organization_added_are_in_the_form_by_themselves(ada_in: Client, ada: User, alice: User) -> None:
    row = create_field(record_types["customer"], "text", label="Site", by=ada)
    customer = make_customer(alice)
    answer = ada_in.post(change_url(customer), {**values_of(ada_in.get(change_url(customer))), row.key: "Halle 3"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert getattr(Customer.objects.get(pk=customer.pk), row.key) == "Halle 3"
    assert ada.role is not None
    Role.objects.filter(pk=ada.role.pk).update(levels={"customer": {row.key: "read"}})
    page = ada_in.get(change_url(customer))
    assert row.key not in page.context["form"].fields
    assert ("Site", "Halle 3") in [(fact.label, fact.text) for fact in page.context["facts"]]
    Role.objects.filter(pk=ada.role.pk).update(levels={"customer": {row.key: "hidden"}})
    assert "Halle 3" not in ada_in.get(change_url(customer)).content.decode()


@pytest.mark.parametrize(
    ("kind", "stored", "asked", "other"),
    [("choice", "red", "red", "blue"), ("choices", ["red", "blue"], "blue", "green"), ("yes_no", True, "yes", "no")],
)
def test_ada_filters_by_a_field_that_she_added(
    kind: str, stored: object, asked: str, other: str, ada_in: Client, ada: User, alice: User
) -> None:
    options = {} if kind == "yes_no" else {"options": [{"label": label} for label in ("Red", "Blue", "Green")]}
    row = create_field(record_types["customer"], kind, label="Colour", by=ada, **options)
    make_customer(alice, "Painted AB", **{row.key: stored})
    make_customer(alice, "Plain AB")
    found = ada_in.get(LIST, {row.key: asked}).content.decode()
    assert "Painted AB" in found
    assert "Plain AB" not in found
    assert "Painted AB" not in ada_in.get(LIST, {row.key: other}).content.decode()
    assert "Painted AB" not in ada_in.get(LIST, {row.key: "no such value"}).content.decode()


def test_the_history_is_the_records_own(ada_in: Client, alice: User) -> None:
    contact = make_contact(alice)
    answer = ada_in.get(reverse("admin:customers_contact_history", args=[contact.pk]))
    assert answer["Location"] == reverse("record-history", args=["contact", contact.pk])


def test_a_list_counts_no_further_than_ten_thousand_and_asks_little(ada_in: Client, alice: User) -> None:
    for number in range(3):
        make_customer(alice, f"Customer {number}")
    ada_in.get(LIST)
    with statements() as sent:
        assert ada_in.get(LIST).status_code == 200
    counts = [sql for sql in sent if "COUNT(*)" in sql and "customers_customer" in sql]
    assert counts
    assert all("LIMIT 10001" in sql for sql in counts)
    assert len(sent) <= 16, "\n".join(sent)
