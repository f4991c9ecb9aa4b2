"""The recycle bin: what is deleted comes back whole, however often it is asked for, and goes for ever only by an administrator."""

from typing import Any

from django.test import Client

from crm.activities.actions.write import write_note
from crm.audit.models import LogEntry
from crm.records.actions import delete_record, update_record
from crm.users.models import User
from customers.actions import relate
from customers.choices import RelationshipKind
from customers.models import Contact, Customer
from tests.factories.customers import make_contact, make_customer


def deleted(user: User, name: str = "Gone Ltd") -> Customer:
    return delete_record(make_customer(user, name), by=user)


def test_ada_purges_after_being_asked_and_the_log_keeps_who_did_it(alice: User, ada: User, ada_client: Client) -> None:
    customer = deleted(alice)
    address = f"/records/customer/{customer.pk}/purge/"
    assert address in ada_client.get("/recycle-bin/").content.decode()
    assert "goes for ever" in ada_client.get(address).content.decode()
    assert Customer.objects.filter(pk=customer.pk).exists()
    assert ada_client.post(address).status_code == 302
    assert not Customer.objects.filter(pk=customer.pk).exists()
    assert LogEntry.objects.filter(verb="customer.purged", actor=ada, object_id=customer.pk).exists()
    assert ada_client.post(address).status_code == 404


def test_what_another_record_has_by_now_is_not_restored_and_the_page_says_why(alice: User, alice_client: Client) -> None:
    customer = delete_record(make_customer(alice, "Gone Ltd", external_id="7"), by=alice)
    make_customer(alice, "New Ltd", external_id="7")
    answer = alice_client.post(f"/records/customer/{customer.pk}/restore/", follow=True)
    assert "Gone Ltd stays in the recycle bin. Another customer already has this external id." in answer.content.decode()
    assert not Customer.objects.filter(pk=customer.pk, deleted_at=None).exists()


def test_alice_restores_but_does_not_purge(alice: User, alice_client: Client, charlie_client: Client) -> None:
    customer = deleted(alice)
    address = f"/records/customer/{customer.pk}/purge/"
    page = alice_client.get("/recycle-bin/").content.decode()
    assert "Restore" in page
    assert address not in page
    assert alice_client.post(address).status_code == 403
    assert charlie_client.post(address).status_code == 404
    assert Customer.objects.filter(pk=customer.pk).exists()


def test_what_is_not_deleted_cannot_be_purged(alice: User, ada_client: Client) -> None:
    assert ada_client.post(f"/records/customer/{make_customer(alice).pk}/purge/").status_code == 404
    assert ada_client.post(f"/records/customer/{2**63}/purge/").status_code == 404


def test_contacts_stay_when_their_customer_is_purged(alice: User, ada_client: Client) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    delete_record(customer, by=alice)
    ada_client.post(f"/records/customer/{customer.pk}/purge/")
    assert Contact.objects.get(pk=contact.pk).customer_id is None
    assert ada_client.get(f"/contacts/{contact.pk}/").status_code == 200


def test_a_customer_comes_back_with_all_that_hangs_on_it(alice: User, alice_client: Client) -> None:
    customer, other = make_customer(alice, "Hub"), make_customer(alice, "Nordhavn Brewing")
    make_contact(alice, first_name="Karin", last_name="Ek", customer=customer)
    relate(customer, RelationshipKind.PARTNER, other, by=alice)
    write_note([customer], by=alice, body="Met at the fair")
    alice_client.post(f"/records/customer/{customer.pk}/delete/")
    for _twice in range(2):
        assert alice_client.post(f"/records/customer/{customer.pk}/restore/").status_code == 302
    page = alice_client.get(f"/customers/{customer.pk}/").content.decode()
    assert all(text in page for text in ("Karin Ek", "Nordhavn Brewing", "Met at the fair"))
    assert "Hub" in alice_client.get("/search/?q=hub").content.decode()


def cell(client: Client, customer: Customer, field: str, value: str) -> Any:
    url = f"/customers/{customer.pk}/cell/{field}/"
    return client.post(url, {field: value, "version": customer.version}, headers={"HX-Request": "true"})


def test_undo_twice_and_undo_after_somebody_else(alice: User, bob: User, alice_client: Client) -> None:
    import json  # noqa: PLC0415

    customer = make_customer(alice, lifecycle="lead")
    undo = json.loads(cell(alice_client, customer, "lifecycle", "prospect").headers["HX-Trigger"])["toast"]["undo"]
    for _twice in range(2):
        alice_client.post(undo)
        customer.refresh_from_db()
        assert customer.lifecycle == "lead"
    undo = json.loads(cell(alice_client, customer, "lifecycle", "prospect").headers["HX-Trigger"])["toast"]["undo"]
    customer.refresh_from_db()
    update_record(customer, by=bob, lifecycle="customer")
    answer = alice_client.post(undo, follow=True).content.decode()
    customer.refresh_from_db()
    assert customer.lifecycle == "customer"
    assert "Not undone" in answer
    assert "changed this in between" in answer
