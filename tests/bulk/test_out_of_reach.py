"""Given away out of the own sight, and taken back as one: as long as nobody has touched it since."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from crm.bulk.models import BulkChange, Stage
from crm.records.actions import update_record
from crm.users.models import Role, User
from customers.models import Customer
from tests.factories.customers import make_customer

Changed = Callable[..., BulkChange]


def given_to_dora(alice: User, dora: User, changed: Changed) -> tuple[BulkChange, list[Customer]]:
    records = [make_customer(alice, "One"), make_customer(alice, "Two")]
    change = changed(alice, "customer", "assign", records, owner=dora.pk)
    assert not Customer.objects.visible_to(alice).filter(pk__in=[one.pk for one in records]).exists()
    return change, records


def test_alice_takes_back_what_she_gave_out_of_her_sight(alice: User, dora: User, changed: Changed, alice_client: Client) -> None:
    change, records = given_to_dora(alice, dora, changed)
    alice_client.post(f"/bulk/{change.pk}/undo/")
    change.refresh_from_db()
    assert (change.stage, change.counts["undone"]) == (Stage.UNDONE, 2)
    assert {Customer.objects.get(pk=one.pk).owner for one in records} == {alice}


def test_what_its_new_owner_has_changed_stays_and_is_not_named(alice: User, dora: User, changed: Changed, alice_client: Client) -> None:
    change, records = given_to_dora(alice, dora, changed)
    update_record(Customer.objects.get(pk=records[0].pk), by=dora, name="Doras secret", size=5)
    alice_client.post(f"/bulk/{change.pk}/undo/")
    change.refresh_from_db()
    assert (change.counts["undone"], change.counts["kept"]) == (1, 1)
    assert "Doras secret" not in alice_client.get(f"/bulk/{change.pk}/").content.decode()
    assert Customer.objects.get(pk=records[0].pk).owner == dora


def test_a_role_that_edits_no_more_takes_nothing_back(alice: User, dora: User, changed: Changed, alice_client: Any) -> None:
    change, records = given_to_dora(alice, dora, changed)
    role = Role.objects.get(key="sales-rep")
    role.reaches = {**role.reaches, "customer": {**role.reaches["customer"], "change": "none"}}
    role.save()
    alice_client.post(f"/bulk/{change.pk}/undo/")
    assert {Customer.objects.get(pk=one.pk).owner for one in records} == {dora}
