"""Fields that an organization added to activities stand in the forms in which people write them down, and in which they mend them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.activities.actions import complete_task, create_task
from crm.activities.choices import Repeat
from crm.activities.models import KINDS
from crm.users.actions import change_role
from crm.users.models import User
from tests.factories.customers import make_customer
from tests.fields.test_custom_fields import VALUES, make

WORDS: dict[str, dict[str, str]] = {
    "task": {"subject": "Send the list", "priority": "normal"},
    "call": {"direction": "outgoing", "outcome": "reached"},
    "meeting": {"subject": "Visit", "at": "2026-12-01T10:00", "end_at": "2026-12-01T11:00"},
    "note": {"body": "Two more sites"},
    "email": {"subject": "Offer", "direction": "outgoing"},
}
TYPED = {"decimal": "12.5", "money": "25,000.00", "date": "2027-03-31", "yes_no": "on", "choices": ["pumps", "valves"]}


@pytest.mark.parametrize("kind", WORDS)
def test_alice_fills_a_required_field_in_the_composer(kind: str, ada: User, alice: User, alice_client: Client) -> None:
    row = make("choice", ada, on=kind, required=True)
    customer = make_customer(alice)
    address = f"/records/customer/{customer.pk}/activities/{kind}/"
    assert f'name="{row.key}"' in alice_client.get(customer.get_absolute_url()).content.decode()
    refused = alice_client.post(address, WORDS[kind])
    assert (refused.status_code, KINDS[kind].objects.count()) == (422, 0)
    assert "Fill this in." in refused.content.decode()
    assert alice_client.post(address, {**WORDS[kind], row.key: "gold"}).status_code in {200, 302}
    activity = KINDS[kind].objects.get()
    assert getattr(activity, row.key) == "gold"
    assert "Gold" in alice_client.get(activity.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", VALUES)
def test_each_kind_of_field_is_written_on_the_page_of_a_new_call(
    kind: str, ada: User, alice: User, bob: User, alice_client: Client
) -> None:
    row = make(kind, ada, on="call")
    typed: Any = str(bob.pk) if kind == "person" else TYPED.get(kind, VALUES[kind][1])
    assert alice_client.post("/calls/new/", {**WORDS["call"], row.key: typed}).status_code == 302
    call = KINDS["call"].objects.get()
    assert getattr(call, row.key) == (bob if kind == "person" else VALUES[kind][1])
    form = alice_client.get(f"/calls/{call.pk}/edit/").content.decode()
    assert f'name="{row.key}"' in form
    assert (
        alice_client.post(
            f"/calls/{call.pk}/edit/", {**WORDS["call"], "version": call.version, row.key: [] if kind == "choices" else ""}
        ).status_code
        == 302
    )
    assert not getattr(KINDS["call"].objects.get(), row.key)


@pytest.mark.parametrize(("kind", "raw"), [("decimal", "many"), ("phone", "12"), ("email", "nobody"), ("choice", "platinum")])
def test_what_does_not_fit_is_said_beside_the_field(kind: str, raw: str, ada: User, alice: User, alice_client: Client) -> None:
    row = make(kind, ada, on="call")
    refused = alice_client.post("/calls/new/", {**WORDS["call"], row.key: raw})
    assert refused.status_code == 422
    assert refused.context["form"].errors[row.key]
    assert not KINDS["call"].objects.exists()


def test_a_field_that_her_role_may_not_edit_is_in_no_form_and_takes_nothing(ada: User, alice: User, alice_client: Client) -> None:
    row = make("text", ada, on="call")
    assert alice.role is not None
    change_role(alice.role, by=ada, levels={"call": {row.key: "read"}})
    assert f'name="{row.key}"' not in alice_client.get("/calls/new/").content.decode()
    alice_client.post("/calls/new/", {**WORDS["call"], row.key: "forged"})
    assert getattr(KINDS["call"].objects.get(), row.key) is None


def test_what_nobody_typed_stays_as_it_was(ada: User, alice: User, alice_client: Client) -> None:
    row = make("choices", ada, on="note")
    alice_client.post("/notes/new/", {**WORDS["note"], row.key: ["pumps"]})
    note = KINDS["note"].objects.get()
    alice_client.post(f"/notes/{note.pk}/edit/", {"body": "Three", "version": note.version, row.key: ["pumps"]})
    assert (getattr(KINDS["note"].objects.get(), row.key), KINDS["note"].objects.get().body) == (["pumps"], "Three")


def test_a_task_that_repeats_keeps_them(ada: User, alice: User, bob: User) -> None:
    tier, engineer, number = make("choice", ada, on="task"), make("person", ada, on="task"), make("text", ada, on="task", unique=True)
    values: dict[str, Any] = {tier.key: "gold", engineer.key: bob, number.key: "SN-1"}
    task = create_task([], by=alice, subject="Visit", due_at=timezone.now() + timedelta(days=1), repeat=Repeat.WEEKLY, **values)
    following = complete_task(task, by=alice)
    assert following is not None
    assert [getattr(following, key) for key in values] == ["gold", bob, None]
