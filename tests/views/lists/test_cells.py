"""Inline edit: the cell of one field, conflicts, undo; and the glance beside the list."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.records.actions import update_record
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer

HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def customer(alice: User) -> Customer:
    return make_customer(alice, lifecycle="lead", annual_revenue=Decimal(1000))


def cell(customer: Customer, field: str = "lifecycle") -> str:
    return f"/customers/{customer.pk}/cell/{field}/"


def test_alice_edits_a_cell_and_takes_it_back(alice: User, alice_client: Client, customer: Customer) -> None:
    editor = alice_client.get(cell(customer), **HTMX).content.decode()
    assert 'name="version" value="1"' in editor.replace("'", '"') or 'value="1"' in editor
    saved = alice_client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX)
    assert saved.status_code == 200
    assert "Customer" in saved.content.decode()
    told = json.loads(saved.headers["HX-Trigger"])["toast"]
    assert told["text"] == "Lifecycle saved"
    customer.refresh_from_db()
    assert (customer.lifecycle, customer.version) == ("customer", 2)
    undone = alice_client.post(told["undo"], {"next": "/customers/?sort=name"})
    assert undone.headers["Location"] == "/customers/?sort=name"
    customer.refresh_from_db()
    assert (customer.lifecycle, customer.version) == ("lead", 3)


def test_a_doubled_submission_changes_nothing_more(alice_client: Client, customer: Customer) -> None:
    for _time in range(2):
        answer = alice_client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX)
        assert answer.status_code == 200
    customer.refresh_from_db()
    assert (customer.lifecycle, customer.version) == ("customer", 2)


def test_what_is_wrong_keeps_the_editor_with_the_message(alice_client: Client, customer: Customer) -> None:
    answer = alice_client.post(cell(customer, "annual_revenue"), {"annual_revenue": "lots", "version": "1"}, **HTMX)
    assert answer.status_code == 422
    assert 'value="lots"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    answer = alice_client.post(cell(customer, "annual_revenue"), {"annual_revenue": "-5", "version": "1"}, **HTMX)
    assert answer.status_code == 422
    customer.refresh_from_db()
    assert customer.annual_revenue == 1000


def test_two_people_at_one_field_choose_between_both_values(alice: User, bob: User, alice_client: Client, customer: Customer) -> None:
    update_record(Customer.objects.get(pk=customer.pk), by=bob, lifecycle="partner")
    answer = alice_client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Bob changed this" in page
    assert "Customer" in page
    assert "Partner" in page
    customer.refresh_from_db()
    assert customer.lifecycle == "partner"
    kept = alice_client.post(cell(customer), {"lifecycle": "customer", "version": str(customer.version)}, **HTMX)
    assert kept.status_code == 200
    customer.refresh_from_db()
    assert customer.lifecycle == "customer"
    assert "Customer" in alice_client.get(f"{cell(customer)}?show=1", **HTMX).content.decode()


def test_another_field_changed_meanwhile_is_no_conflict(alice: User, bob: User, alice_client: Client, customer: Customer) -> None:
    update_record(Customer.objects.get(pk=customer.pk), by=bob, industry="energy")
    assert alice_client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX).status_code == 200
    customer.refresh_from_db()
    assert (customer.lifecycle, customer.industry) == ("customer", "energy")


def test_undo_does_not_trample_on_a_later_change(alice: User, bob: User, alice_client: Client, customer: Customer) -> None:
    saved = alice_client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX)
    update_record(Customer.objects.get(pk=customer.pk), by=bob, lifecycle="partner")
    alice_client.post(json.loads(saved.headers["HX-Trigger"])["toast"]["undo"])
    customer.refresh_from_db()
    assert customer.lifecycle == "partner"
    assert "Not undone" in alice_client.get("/customers/").content.decode()


def test_without_scripts_the_cell_leads_to_the_form(alice_client: Client, customer: Customer) -> None:
    assert f'href="/customers/{customer.pk}/edit/#id_lifecycle"' in alice_client.get("/customers/").content.decode()
    assert alice_client.get(cell(customer)).headers["Location"] == f"/customers/{customer.pk}/edit/#id_lifecycle"


def test_who_may_not(alice: User, dora: User, sam: User, charlie: User, customer: Customer, client_of: Any) -> None:
    for person, status in ((dora, 404), (charlie, 404), (sam, 403)):
        client = client_of(person)
        assert client.get(cell(customer), **HTMX).status_code == status
        assert client.post(cell(customer), {"lifecycle": "customer", "version": "1"}, **HTMX).status_code == status
        assert client.post(f"{cell(customer)}undo/1/").status_code == status
    assert client_of(dora).get(f"/customers/{customer.pk}/peek/").status_code == 404
    assert client_of(charlie).get(f"/customers/{customer.pk}/peek/").status_code == 404
    assert client_of(sam).get(f"/customers/{customer.pk}/peek/").status_code == 200


@pytest.mark.parametrize("level", ["hidden", "masked", "read"])
def test_a_field_that_the_role_does_not_let_alice_edit(alice: User, alice_client: Client, customer: Customer, level: str) -> None:
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": level}}
    alice.role.save()
    for answer in (
        alice_client.get(cell(customer, "annual_revenue"), **HTMX),
        alice_client.post(cell(customer, "annual_revenue"), {"annual_revenue": "5"}, **HTMX),
        alice_client.get(f"{cell(customer, 'annual_revenue')}?show=1", **HTMX),
    ):
        assert answer.status_code == 403
        assert "1,000" not in answer.content.decode()
    peeked = alice_client.get(f"/customers/{customer.pk}/peek/", **HTMX).content.decode()
    assert ("1,000" in peeked) == (level == "read")


@pytest.mark.parametrize("field", ["nothing", "created_at", "version", "organization", "customer.name", "owner__password"])
def test_what_is_no_field_to_edit(alice_client: Client, customer: Customer, field: str) -> None:
    assert alice_client.get(cell(customer, field), **HTMX).status_code in {403, 404}
    assert alice_client.post(cell(customer, field), {field: "1"}, **HTMX).status_code in {403, 404}


def test_the_glance_shows_key_facts_and_the_way_to_the_record(alice_client: Client, customer: Customer) -> None:
    panel = alice_client.get(f"/customers/{customer.pk}/peek/", **HTMX).content.decode()
    assert "€1,000" in panel
    assert f'href="/customers/{customer.pk}/"' in panel
    assert "<html" not in panel
    assert "<html" in alice_client.get(f"/customers/{customer.pk}/peek/").content.decode()


def test_opened_from_a_list_the_record_knows_its_neighbours(
    alice: User, bob: User, alice_client: Client, bob_client: Client, rf: Any
) -> None:
    from crm.views.position import neighbours

    made = [make_customer(alice, name, lifecycle=kind) for name, kind in (("A", "lead"), ("B", "customer"), ("C", "lead"), ("D", "lead"))]

    def position(record: Customer, view: str, user: User = bob) -> Any:
        request = rf.get("/", {"view": view})
        request.user = user
        return neighbours(request, record)

    found = position(made[2], "2-3.f=lifecycle:is:lead&sort=name")
    assert (found.index, found.total) == (2, "3")
    assert found.previous_url.startswith(f"/customers/{made[0].pk}/?view=1-3.")
    assert found.next_url.startswith(f"/customers/{made[3].pk}/?view=3-3.")
    assert found.back_url == "/customers/?f=lifecycle:is:lead&sort=name"
    newest = position(made[2], "2-4")
    assert newest.previous_url == f"/customers/{made[3].pk}/?view=1-4"
    assert newest.next_url == f"/customers/{made[1].pk}/?view=3-4"
    assert position(made[3], "1-4").previous_url == ""
    assert position(made[1], "nonsense").next_url == ""
    row = alice_client.get("/customers/?f=lifecycle:is:lead&sort=name").content.decode()
    assert f'href="/customers/{made[2].pk}/?view=2-3.f%3Dlifecycle' in row


@pytest.mark.parametrize(
    ("view", "cost"),
    [("2-3", 2), ("2-3.f=lifecycle:is:prospect&sort=name", 2), ("2-3.sort=-last_activity_at", 3), ("2-3.sort=billing_city", 3)],
)
def test_neighbours_cost_two_statements(alice: User, bob: User, rf: Any, django_assert_num_queries: Any, view: str, cost: int) -> None:
    """One more where a value is worked out (text without a key column), or where the last activity is empty."""
    from crm.views.position import neighbours

    made = [make_customer(alice, name) for name in "ABC"]
    record = Customer.objects.visible_to(bob).get(pk=made[1].pk)
    request = rf.get("/", {"view": view})
    request.user = bob
    counted = 1 if "billing_city" in view else 0
    with django_assert_num_queries(cost + counted):
        neighbours(request, record)


def test_an_open_cell_says_what_it_is_of(alice_client: Client, customer: Customer) -> None:
    for field in ("lifecycle", "annual_revenue", "shipping_same_as_billing"):
        assert f' of {customer}"' in alice_client.get(cell(customer, field), **HTMX).content.decode().split('aria-label="')[1]


def test_the_name_can_be_edited_again_and_the_head_of_the_page_follows(alice_client: Client, customer: Customer) -> None:
    there: dict[str, Any] = {"headers": {"HX-Request": "true", "HX-Current-URL": f"https://testserver/customers/{customer.pk}/?view=1"}}
    renamed = alice_client.post(cell(customer, "name"), {"name": "Vattvik", "version": "1"}, **there).content.decode()
    assert renamed.index("cell-edit") < renamed.index('<span id="rec-title" hx-swap-oob="innerHTML">Vattvik</span>')
    badge = alice_client.post(cell(customer), {"lifecycle": "partner", "version": "2"}, **there).content.decode()
    assert "Partner" in badge.split('id="rec-badge"')[1]
    fact = alice_client.post(cell(customer, "size"), {"size": "7", "version": "3"}, **there).content.decode()
    assert ">7<" in fact.split('id="key-size"')[1]
    assert "hx-swap-oob" not in alice_client.post(cell(customer), {"lifecycle": "lead", "version": "4"}, **HTMX).content.decode()


def test_a_record_given_out_of_ones_sight_is_not_a_page_that_is_missing(dora: User, alice_client: Client, customer: Customer) -> None:
    saved = alice_client.post(cell(customer, "owner"), {"owner": str(dora.pk), "version": "1"}, **HTMX)
    told = json.loads(saved.headers["HX-Trigger"])["toast"]
    assert "no longer visible to you" in told["text"]
    assert told["undo"] == ""


def test_long_addresses_break_at_their_joints_on_the_page(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice, "Alder", email="office@alder-cold.example")
    page = alice_client.get(f"/customers/{customer.pk}/").content.decode()
    assert "office@<wbr>alder-<wbr>cold<wbr>.example" in page
