"""Being told: of what one follows, under one's own rights, and reading it."""

from typing import Any

import pytest

from crm.access.decisions import NotPermitted
from crm.activities.actions import write_note
from crm.events.models import Event
from crm.events.outbox import handlers_of
from crm.notifications.actions import follow, notify, unfollow
from crm.notifications.models import Notification
from crm.records.actions import share_record, unshare_record, update_record
from crm.users.models import Role, User
from tests.factories.customers import make_customer


def handle_events() -> None:
    """What the dispatcher does after the commit."""
    for event in Event.objects.order_by("pk"):
        for handler in handlers_of(event.kind):
            handler(event)


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).values_list("kind", flat=True))


def test_followers_are_told_of_changes_and_notes_once_and_not_of_their_own(alice: User, bob: User, bob_client: Any) -> None:
    customer = make_customer(alice)
    follow(customer, by=bob)
    update_record(customer, by=alice, size=12, industry="energy")
    update_record(customer, by=bob, size=13)
    write_note([customer], by=alice, body="News")
    handle_events()
    handle_events()
    assert told(bob) == ["changed", "activity"]
    assert "and 1 other field of Vattvik Energi AB" in bob_client.get("/notifications/").content.decode()
    unfollow(customer, by=bob)
    update_record(customer, by=alice, size=99)
    handle_events()
    assert len(told(bob)) == 2


def test_hidden_fields_tell_nothing(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    follow(customer, by=bob)
    role = Role.objects.get(key="sales-rep")
    role.levels = {"customer": {"size": "hidden"}}
    role.save()
    mona = User.objects.get(name="Mona")
    update_record(customer, by=mona, size=12)
    handle_events()
    assert told(bob) == []


def test_who_no_longer_sees_the_record_is_not_told_and_reads_no_name(alice: User, dora: User, client_of: Any) -> None:
    customer = make_customer(alice, "Zanzibar AB")
    share_record(customer, dora, by=alice)
    follow(customer, by=dora)
    notify(dora, "changed", customer, key="earlier", by=alice, data={"fields": ["size"]})
    unshare_record(customer, dora, by=alice)
    update_record(customer, by=alice, size=12)
    handle_events()
    assert told(dora) == ["changed"]
    page = client_of(dora).get("/notifications/").content.decode()
    assert "Zanzibar" not in page
    assert "can no longer see" in page


def test_dora_cannot_follow_what_she_does_not_see(alice: User, dora: User) -> None:
    with pytest.raises(NotPermitted):
        follow(make_customer(alice), by=dora)


def test_the_follow_button(alice: User, alice_client: Any, charlie_client: Any) -> None:
    customer = make_customer(alice)
    address = f"/records/customer/{customer.pk}/follow/"
    assert alice_client.post(address, {"follow": "1"}).status_code == 302
    assert "Stop following" in alice_client.get(customer.get_absolute_url()).content.decode()
    assert alice_client.post(address, {"follow": "0"}).status_code == 302
    assert "Stop following" not in alice_client.get(customer.get_absolute_url()).content.decode()
    assert charlie_client.post(address).status_code == 404


def test_the_bell_counts_and_reading_empties_it(alice: User, bob: User, alice_client: Any, bob_client: Any) -> None:
    customer = make_customer(alice)
    for key in ("a", "b"):
        notify(bob, "changed", customer, key=key, by=alice, data={"fields": ["size"]})
    assert notify(bob, "changed", customer, key="a", by=alice) is None
    assert "Notifications, 2" in bob_client.get("/notifications/bell/").content.decode()
    first = Notification.objects.filter(person=bob).first()
    assert bob_client.get(f"/notifications/{first.pk}/").headers["Location"] == customer.get_absolute_url()  # type: ignore[union-attr]
    assert "Notifications, 1" in bob_client.get("/notifications/bell/").content.decode()
    assert alice_client.get(f"/notifications/{first.pk}/").status_code == 404  # type: ignore[union-attr]
    assert alice_client.post(f"/notifications/{first.pk}/read/").status_code == 404  # type: ignore[union-attr]
    bob_client.post("/notifications/read/")
    assert "has-count" not in bob_client.get("/notifications/bell/").content.decode()
