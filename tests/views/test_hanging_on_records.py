"""Sharing, "why", history, restoring values, and the recycle bin, on their pages."""

from typing import Any

from django.test import Client

from crm.records.actions import delete_record, update_record
from crm.users.models import Role, User
from customers.models import Customer
from tests.factories.customers import make_customer


def test_alice_shares_with_dora_and_takes_it_back(alice: User, dora: User, alice_client: Client, client_of: Any) -> None:
    customer = make_customer(alice)
    url = f"/records/customer/{customer.pk}/share/"
    assert alice_client.post(url, {"holder": f"person-{dora.pk}", "right": "view"}).status_code == 302
    assert client_of(dora).get(customer.get_absolute_url()).status_code == 200
    assert "May see" in alice_client.get(url).content.decode()
    assert alice_client.post(url, {"remove": f"person-{dora.pk}"}).status_code == 302
    assert client_of(dora).get(customer.get_absolute_url()).status_code == 404


def test_nobody_of_another_organization_can_be_given_a_share(alice: User, charlie: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    answer = alice_client.post(f"/records/customer/{customer.pk}/share/", {"holder": f"person-{charlie.pk}", "right": "view"})
    assert answer.status_code == 422
    assert not customer.person_shares.exists()


def test_bob_may_not_share_alices_and_the_page_says_why(alice: User, bob_client: Client) -> None:
    answer = bob_client.get(f"/records/customer/{make_customer(alice).pk}/share/")
    assert answer.status_code == 403
    assert "Share" in answer.content.decode()


def test_why_names_the_rule_and_the_withheld_fields(alice: User, sam: User, client_of: Any) -> None:
    customer = make_customer(alice)
    page = client_of(sam).get(f"/records/customer/{customer.pk}/why/").content.decode()
    assert "sees all of them" in page
    assert "annual revenue" in page
    assert "Reading only" in page


def test_who_may_share_can_ask_why_somebody_else_does_not_see_it(
    alice: User, dora: User, bob: User, alice_client: Client, bob_client: Client
) -> None:
    customer = make_customer(alice)
    page = alice_client.get(f"/records/customer/{customer.pk}/why/?person={dora.pk}").content.decode()
    assert "Dora cannot see this record" in page
    assert bob_client.get(f"/records/customer/{customer.pk}/why/?person={dora.pk}").status_code == 403


def test_history_shows_old_and_new_and_restores_the_old(alice: User, bob: User, alice_client: Client) -> None:
    customer = make_customer(alice, "First", size=10)
    update_record(customer, by=bob, name="Second")
    update_record(customer, by=bob, size=20)
    page = alice_client.get(f"/records/customer/{customer.pk}/history/")
    text = page.content.decode()
    assert "First" in text
    assert "Bob" in text
    renamed = next(entry for entry in page.context["entries"] if entry.changes[0].key == "name" and entry.verb == "customer.updated")
    url = f"/records/customer/{customer.pk}/history/restore/"
    assert alice_client.post(url, {"entry": renamed.pk, "field": "name"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.size) == ("First", 20)
    assert alice_client.post(url, {"entry": renamed.pk, "field": "size"}).status_code == 404


def test_history_withholds_hidden_fields(alice: User, client_of: Any) -> None:
    customer = make_customer(alice)
    update_record(customer, by=alice, legal_name="Quixotic Holding")
    Role.objects.filter(key="sales-rep").update(levels={"customer": {"legal_name": "hidden"}})
    page = client_of(User.objects.get(pk=alice.pk)).get(f"/records/customer/{customer.pk}/history/").content.decode()
    assert "Quixotic" not in page
    assert "Hidden by role" in page


def test_delete_undo_and_the_recycle_bin(alice: User, bob: User, alice_client: Client, bob_client: Client) -> None:
    customer = make_customer(alice, "Gone for now")
    assert bob_client.post(f"/records/customer/{customer.pk}/delete/").status_code == 403
    assert alice_client.post(f"/records/customer/{customer.pk}/delete/").status_code == 302
    assert alice_client.post(f"/records/customer/{customer.pk}/delete/").status_code == 404
    assert "Gone for now" in alice_client.get("/recycle-bin/?type=customer").content.decode()
    assert "Gone for now" not in bob_client.get("/recycle-bin/?type=customer").content.decode()
    assert bob_client.post(f"/records/customer/{customer.pk}/restore/").status_code == 404
    assert alice_client.post(f"/records/customer/{customer.pk}/restore/").status_code == 302
    assert Customer.objects.visible_to(bob).get() == customer


def test_a_delete_by_get_does_nothing(alice: User, alice_client: Client) -> None:
    customer = make_customer(alice)
    assert alice_client.get(f"/records/customer/{customer.pk}/delete/").status_code == 405
    assert Customer.objects.visible_to(alice).exists()


def test_charlie_reaches_nothing_that_hangs_on_a_record(alice: User, charlie_client: Client) -> None:
    customer = make_customer(alice)
    for path in ("share", "why", "history"):
        assert charlie_client.get(f"/records/customer/{customer.pk}/{path}/").status_code == 404
    for path in ("delete", "restore", "history/restore"):
        assert charlie_client.post(f"/records/customer/{customer.pk}/{path}/").status_code == 404


def test_unknown_types_and_absurd_numbers_are_404(alice_client: Client) -> None:
    for path in ("/records/user/1/history/", "/records/customer/99999999999999999999/history/", "/customers/99999999999999999999/"):
        assert alice_client.get(path).status_code == 404


def test_restoring_a_deleted_one_by_a_stranger_is_404(alice: User, dora: User, client_of: Any) -> None:
    customer = make_customer(alice)
    delete_record(customer, by=alice)
    assert client_of(dora).post(f"/records/customer/{customer.pk}/restore/").status_code == 404
