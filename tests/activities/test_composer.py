"""Writing from the record page, with and without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.activities.models import Activity, ActivityLink, Call, Email, Meeting, Note, Task
from crm.notifications.models import Notification
from crm.users.models import User
from tests.factories.customers import make_contact, make_customer

HTMX = {"HX-Request": "true", "HX-Target": "composer"}


def url(record: Any, kind: str) -> str:
    return f"/records/{record._meta.model_name}/{record.pk}/activities/{kind}/"


def test_each_kind_is_written_from_its_tab(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    start = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "note": {"body": "Wants a quote"},
        "email": {"direction": "incoming", "subject": "Re: quote", "body": "Yes"},
        "call": {"direction": "outgoing", "outcome": "reached", "minutes": "11", "people": [contact.pk]},
        "task": {"subject": "Send it", "due_on": "2027-03-01", "due_time": "10:00", "remind": "hour", "priority": "high"},
        "meeting": {"subject": "Review", "at": start, "people": [contact.pk]},
    }
    for kind, data in sent.items():
        answer = alice_client.post(url(customer, kind), {**data, "token": kind})
        assert (answer.status_code, answer.headers["Location"]) == (302, customer.get_absolute_url()), kind
    assert (Note.objects.count(), Email.objects.count(), Meeting.objects.count()) == (1, 1, 1)
    assert Call.objects.get().duration_seconds == 660
    task = Task.objects.get()
    assert task.due_at - task.remind_at == timedelta(hours=1)
    assert ActivityLink.objects.filter(record_type="contact", record_id=contact.pk).count() == 2


def test_a_script_gets_the_fresh_composer_and_the_timeline_with_the_entry(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    answer = alice_client.post(url(customer, "note"), {"body": "Hello there", "token": "t"}, headers=HTMX)
    page = answer.content.decode()
    assert 'id="compose-note"' in page
    assert 'id="compose-task"' not in page  # what was begun in another tab stays
    assert 'hx-swap-oob="true"' in page
    assert "Hello there" in page
    assert "Note added" in answer.headers["HX-Trigger"]


def test_sending_twice_writes_once(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    for _time in range(2):
        assert alice_client.post(url(customer, "note"), {"body": "Once", "token": "same"}).status_code == 302
    assert Note.objects.count() == 1


def test_an_empty_note_comes_back_with_what_to_do(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    for headers in (HTMX, {}):
        answer = alice_client.post(url(customer, "note"), {"body": " "}, headers=headers)
        assert answer.status_code == 422
        assert "Write something before you save the note." in answer.content.decode()


def test_what_was_typed_is_not_lost(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    answer = alice_client.post(url(customer, "task"), {"subject": "", "body": "Long thoughts", "priority": "normal"}, headers=HTMX)
    page = answer.content.decode()
    assert "Long thoughts" in page
    assert "Enter a short description" in page


def test_alice_mentions_bob_and_learns_that_dora_was_not_told(
    alice: User, bob: User, dora: User, alice_client: Any, bob_client: Any
) -> None:
    customer = make_customer(alice)
    answer = alice_client.post(url(customer, "note"), {"body": "@Bob and @dora, look", "token": "m"}, headers=HTMX)
    assert "Dora" in answer.headers["HX-Trigger"]
    assert Notification.objects.get(kind="mentioned").person == bob
    assert "Alice mentioned you" in bob_client.get("/notifications/").content.decode()


def test_who_may_not_write_gets_403_and_strangers_404(alice: User, charlie_client: Any, client_of: Any, cast: dict[str, User]) -> None:
    customer = make_customer(alice)
    assert client_of(cast["rita"]).post(url(customer, "note"), {"body": "x"}).status_code == 403
    assert charlie_client.post(url(customer, "note"), {"body": "x"}).status_code == 404
    assert client_of(alice).post(url(customer, "nonsense"), {"body": "x"}).status_code == 404
    assert not Activity.objects.exists()


def test_people_of_other_customers_cannot_be_chosen(alice: User, dora: User, alice_client: Any) -> None:
    hers = make_contact(dora, customer=make_customer(dora, "Dora's"))
    customer = make_customer(alice)
    make_contact(alice, customer=customer)
    answer = alice_client.post(url(customer, "call"), {"direction": "outgoing", "people": [hers.pk]})
    assert answer.status_code == 422


def test_ticking_a_task_off_and_taking_it_back(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    alice_client.post(url(customer, "task"), {"subject": "Do", "priority": "normal", "token": "1"})
    task = Task.objects.get()
    answer = alice_client.post(f"/tasks/{task.pk}/complete/", headers={"HX-Request": "true"})
    assert f"/tasks/{task.pk}/reopen/" in answer.headers["HX-Trigger"]
    assert Task.objects.get().done_at
    answer = alice_client.post(f"/tasks/{task.pk}/reopen/", {"next": customer.get_absolute_url()})
    assert answer.headers["Location"] == customer.get_absolute_url()
    assert Task.objects.get().done_at is None


def test_deleting_an_entry_and_taking_it_back(alice: User, bob_client: Any, alice_client: Any) -> None:
    customer = make_customer(alice)
    alice_client.post(url(customer, "note"), {"body": "Oh no", "token": "1"})
    note = Note.objects.get()
    assert bob_client.post(f"/activities/{note.pk}/delete/").status_code == 403
    assert (
        alice_client.post(f"/activities/{note.pk}/delete/", {"next": customer.get_absolute_url()}).headers["Location"]
        == customer.get_absolute_url()
    )
    assert Note.objects.get().deleted_at
    assert (
        alice_client.post(f"/activities/{note.pk}/restore/", {"next": "https://evil.example/"}).headers["Location"]
        == note.get_absolute_url()
    )
    assert Note.objects.get().deleted_at is None


@pytest.mark.parametrize("where", ["/tasks/new/", "/"])
def test_the_pages_open(where: str, alice_client: Any, alice: User) -> None:
    assert alice_client.get(where).status_code == 200


def test_a_new_task_on_a_customer_from_the_dialog(alice: User, alice_client: Any, dora: User) -> None:
    customer = make_customer(alice)
    modal = {"HX-Request": "true", "HX-Target": "modal", "HX-Current-URL": f"http://testserver{customer.get_absolute_url()}"}
    address = f"/tasks/new/?on=customer:{customer.pk}"
    assert "Vattvik" in alice_client.get(address, headers=modal).content.decode()
    answer = alice_client.post(address, {"subject": "Call", "priority": "normal", "token": "x"}, headers=modal)
    assert answer.headers["HX-Redirect"].endswith(customer.get_absolute_url())
    assert ActivityLink.objects.get(record_type="customer").record_id == customer.pk
    assert alice_client.get(f"/tasks/new/?on=customer:{make_customer(dora, 'Hers').pk}").status_code == 404
