"""By which way each person is told of what, and the daily e-mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from crm.notifications.actions import notify
from crm.notifications.digest import send_due_digests
from crm.notifications.models import Notification, NotificationMail, Preference
from crm.notifications.preferences import channel_of, set_channels
from crm.records.actions import update_record
from crm.users.models import User
from tests.factories.customers import make_customer

AT_NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def told(person: User, customer: Any, key: str = "k", kind: str = "changed") -> Notification | None:
    return notify(person, kind, customer, key=key, data={"fields": ["name"]})


@pytest.fixture
def digest_wanted(alice: User) -> None:
    set_channels(alice, {"changed": "digest"}, digest_hour=7)


def tomorrow_noon() -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(hour=12)


def test_each_kind_goes_its_usual_way_until_alice_chooses(alice: User) -> None:
    assert [channel_of(alice, kind) for kind in ("changed", "reminder", "access", "unheard-of")] == ["app", "mail", "mail", "app"]
    set_channels(alice, {"changed": "off", "reminder": "digest"}, digest_hour=7)
    assert [channel_of(alice, kind) for kind in ("changed", "reminder", "access")] == ["off", "digest", "mail"]


def test_what_alice_does_not_want_she_is_not_told(alice: User, bob: User) -> None:
    set_channels(alice, {"changed": "off"}, digest_hour=7)
    customer = make_customer(alice)
    assert told(alice, customer) is None
    assert told(bob, customer) is not None
    assert not Notification.objects.of(alice).exists()


def test_at_once_means_an_email_for_each(alice: User) -> None:
    set_channels(alice, {"changed": "mail"}, digest_hour=7)
    told(alice, make_customer(alice))
    assert NotificationMail.objects.filter(notification__person=alice).count() == 1


@pytest.mark.parametrize(("channels", "hour"), [({"changed": "pigeon"}, 7), ({"access": "off"}, 7), ({"nonsense": "app"}, 7), ({}, 24)])
def test_nonsense_is_no_choice(alice: User, channels: dict[str, str], hour: int) -> None:
    with pytest.raises(ValidationError):
        set_channels(alice, channels, digest_hour=hour)
    assert not Preference.objects.exists()


def test_the_digest_holds_what_is_unread_and_goes_out_once_a_day(alice: User, digest_wanted: None) -> None:
    first, second = make_customer(alice, "Vattvik"), make_customer(alice, "Nordlys")
    told(alice, first, "one")
    told(alice, second, "two")
    read = told(alice, second, "three")
    assert read is not None
    Notification.objects.filter(pk=read.pk).update(read_at=timezone.now())
    now = tomorrow_noon()
    assert (send_due_digests(alice.own_organization_id, now), send_due_digests(alice.own_organization_id, now)) == (1, 0)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "2 things happened in Tern")
    assert message.body.count("Vattvik") >= 1 and message.body.count("Nordlys") == 1
    assert "/notifications/preferences/" in message.body
    assert not NotificationMail.objects.exists()


def test_a_day_without_anything_has_no_email(alice: User, digest_wanted: None) -> None:
    assert send_due_digests(alice.own_organization_id, tomorrow_noon()) == 0
    assert mail.outbox == []


def test_what_has_gone_out_of_sight_is_not_in_it(alice: User, ada: User, dora: User, digest_wanted: None) -> None:
    customer = make_customer(alice, "Vattvik")
    told(alice, customer)
    update_record(customer, by=ada, owner=dora)
    assert send_due_digests(alice.own_organization_id, tomorrow_noon()) == 0


def test_before_the_hour_of_the_persons_clock_nothing_goes_out(alice: User, digest_wanted: None) -> None:
    alice.time_zone = "Pacific/Auckland"
    alice.save(update_fields=["time_zone"])
    told(alice, make_customer(alice))
    Notification.objects.update(at=AT_NOON - timedelta(hours=20))
    six, seven = (datetime(2026, 3, 9, hour, 30, tzinfo=UTC) for hour in (17, 18))  # Auckland is 13 hours ahead in March
    assert send_due_digests(alice.own_organization_id, six) == 0
    assert send_due_digests(alice.own_organization_id, seven) == 1


def test_the_day_on_which_the_clocks_change_has_one_digest(alice: User, digest_wanted: None) -> None:
    """In Stockholm 02:30 came twice on 25 October 2026."""
    set_channels(alice, {"changed": "digest"}, digest_hour=2)
    alice.time_zone = "Europe/Stockholm"
    alice.save(update_fields=["time_zone"])
    told(alice, make_customer(alice))
    Notification.objects.update(at=datetime(2026, 10, 24, 12, 0, tzinfo=UTC))
    sent = [send_due_digests(alice.own_organization_id, datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1, 2)]
    assert sum(sent) == 1


def test_who_was_deactivated_gets_none(alice: User, digest_wanted: None) -> None:
    told(alice, make_customer(alice))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert send_due_digests(alice.own_organization_id, tomorrow_noon()) == 0


def test_alice_chooses_on_her_page(alice_client: Client, alice: User) -> None:
    page = alice_client.get("/notifications/preferences/").content.decode()
    assert "A record that you follow is changed" in page and "Unusual access" not in page
    answer = alice_client.post("/notifications/preferences/", {"kind-changed": "digest", "kind-reminder": "app", "digest_hour": "18"})
    assert answer.status_code == 302
    kept = Preference.objects.get(person=alice)
    assert (kept.channels, kept.digest_hour) == ({"changed": "digest", "reminder": "app"}, 18)
    assert alice_client.post("/notifications/preferences/", {"kind-changed": "pigeon", "digest_hour": "18"}).status_code == 422
    assert alice_client.post("/notifications/preferences/", {"digest_hour": "x"}).status_code == 422
