"""Unusual access: counted where it is read, told once to administrators, and to the person for a new device."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.api.actions import create_token
from crm.events.models import Event
from crm.events.outbox import handlers_of
from crm.lib import counters
from crm.notifications.models import Notification, NotificationMail
from crm.tenancy.models import Organization
from crm.users.models import AccessNotice, Outcome, SignIn, User, Watched
from crm.users.tasks import forget_sign_ins
from crm.users.watching import network_of
from customers.models import Customer
from tests.factories.customers import make_customer
from tests.factories.people import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    client = counters._client()
    for key in client.scan_iter("tern:watch:*"):
        client.delete(key)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """`with committed():` what follows the commit is done, and events are handled."""
    from contextlib import contextmanager

    @contextmanager
    def block() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield
        for event in Event.objects.filter(kind="access.noticed"):
            for handler in handlers_of(event.kind):
                handler(event)

    return block


def watch(organization: Organization, **limits: int | bool | None) -> None:
    Organization.objects.filter(pk=organization.pk).update(**limits)


def notices() -> list[tuple[str, str, int]]:
    return [(str(one.person), one.rule, one.count) for one in AccessNotice.objects.select_related("person").order_by("pk")]


def told(person: User) -> int:
    return Notification.objects.filter(person=person, kind="access").count()


def test_ada_is_told_once_that_alice_opened_many_records(
    in_tenant: Organization, alice: User, ada: User, mona: User, alice_client: Client, ada_client: Client, committed: Any
) -> None:
    watch(in_tenant, watch_opened=3)
    record = make_customer(alice, "Vattvik")
    with committed():
        for _ in range(2):
            alice_client.get(record.get_absolute_url())
        assert not AccessNotice.objects.exists()
    with committed():
        alice_client.get(reverse("customer-peek", args=[record.pk]), REMOTE_ADDR="203.0.113.7", headers={"User-Agent": FIREFOX})
        for _ in range(3):
            alice_client.get(record.get_absolute_url())
    assert notices() == [("Alice", Watched.OPENED, 3)]
    assert (told(ada), told(alice), told(mona)) == (1, 0, 0)
    assert NotificationMail.objects.count() == 1
    page = ada_client.get(reverse("access-notice-list")).content.decode()
    for text in (
        "Alice",
        "203.0.113.7",
        "Firefox, Linux",
        reverse("person-sign-out", args=[alice.pk]),
        reverse("person-deactivate", args=[alice.pk]),
    ):
        assert text in page
    assert "Alice opened many records within an hour" in ada_client.get(reverse("notification-list")).content.decode()


def test_rows_of_lists_search_and_the_api_count_together(
    in_tenant: Organization, alice: User, alice_client: Client, committed: Any
) -> None:
    watch(in_tenant, watch_listed=6, watch_opened=2)
    for name in ("Vattvik", "Vattnas"):
        make_customer(alice, name)
    secret = create_token(alice, name="x", scopes=["*:*"])[1]
    asked = Client(headers={"Authorization": f"Bearer {secret}"})
    with committed():
        alice_client.get(reverse("customer-list"))
        asked.get("/api/v1/customers")
    assert notices() == []
    with committed():
        alice_client.get(reverse("customer-list"), {"sort": "name"})
        for customer in Customer.objects.all():
            asked.get(f"/api/v1/customers/{customer.pk}")
    assert notices() == [("Alice", Watched.LISTED, 6), ("Alice", Watched.OPENED, 2)]


def test_exported_rows_count(in_tenant: Organization, alice: User, alice_client: Client, committed: Any) -> None:
    watch(in_tenant, watch_exported=2)
    for name in ("Vattvik", "Skagen"):
        make_customer(alice, name)
    with committed():
        answer = alice_client.post(
            reverse("export-new", args=["customer"]), {"format": "csv", "columns": "every", "values": "plain", "delimiter": ","}
        )
        assert answer.status_code in {200, 302}
    assert notices() == [("Alice", Watched.EXPORTED, 2)]


def test_an_empty_rule_is_off(in_tenant: Organization, alice: User, alice_client: Client, committed: Any) -> None:
    watch(in_tenant, watch_opened=None, watch_listed=None)
    record = make_customer(alice)
    with committed():
        for _ in range(5):
            alice_client.get(record.get_absolute_url())
            alice_client.get(reverse("customer-list"))
    assert notices() == []


def test_ada_reads_for_herself_while_she_sees_tern_as_alice(
    in_tenant: Organization, alice: User, ada: User, ada_client: Client, committed: Any
) -> None:
    watch(in_tenant, watch_opened=2)
    record = make_customer(alice)
    ada_client.post(reverse("person-view", args=[alice.pk]), {"reason": "She asked"})
    with committed():
        for _ in range(2):
            assert ada_client.get(record.get_absolute_url()).status_code == 200
    assert notices() == [("Ada", Watched.OPENED, 2)]
    assert told(ada) == 0


def test_nobody_waits_for_a_counter_that_is_out_of_reach(
    in_tenant: Organization, alice: User, alice_client: Client, committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis

    watch(in_tenant, watch_opened=1)
    monkeypatch.setattr(counters, "_client", lambda: redis.Redis(port=1))
    with committed():
        assert alice_client.get(make_customer(alice).get_absolute_url()).status_code == 200
    assert notices() == []


def sign_in(person: User, address: str, agent: str) -> None:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def test_a_new_device_is_told_to_the_person_and_to_ada(alice: User, ada: User, alice_client: Client, committed: Any) -> None:
    SignIn.objects.all().delete()
    alice.set_password(PASSWORD)
    alice.save()
    with committed():
        sign_in(alice, "203.0.113.7", FIREFOX)
        sign_in(alice, "203.0.113.200", FIREFOX)
    assert notices() == []
    with committed():
        sign_in(alice, "198.51.100.4", CHROME)
        sign_in(alice, "192.0.2.4", CHROME)
    assert notices() == [("Alice", Watched.DEVICE, 0)]
    assert (told(alice), told(ada)) == (1, 1)
    assert SignIn.objects.filter(outcome=Outcome.SIGNED_IN).count() == 4


def test_networks_of_both_kinds() -> None:
    assert network_of("203.0.113.7") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::9") == "2001:db8:1::/48"


def test_ada_sets_the_rules_and_switches_one_off(in_tenant: Organization, ada_client: Client) -> None:
    answer = ada_client.post(reverse("access-notice-list"), {"watch_opened": "50", "watch_listed": "", "watch_exported": "7"})
    assert answer.status_code == 302
    in_tenant.refresh_from_db()
    assert (in_tenant.watch_opened, in_tenant.watch_listed, in_tenant.watch_exported, in_tenant.watch_devices) == (50, None, 7, False)
    for wrong in ("0", "-1", "x", "9" * 30):
        assert ada_client.post(reverse("access-notice-list"), {"watch_opened": wrong}).status_code == 422


def test_ada_ends_alices_sessions(alice: User, ada_client: Client, alice_client: Client) -> None:
    alice_client.get("/")
    answer = ada_client.post(reverse("person-sign-out", args=[alice.pk]), {"back": "access"})
    assert answer.headers["Location"] == reverse("access-notice-list")
    assert alice_client.get("/").status_code == 302
    assert "signed out everywhere" in ada_client.get(reverse("setup-changes")).content.decode()


def test_charlie_sees_no_notice_of_ours(alice: User, charlie_client: Client) -> None:
    AccessNotice.objects.create(organization_id=alice.own_organization_id, person=alice, rule=Watched.OPENED, day="2026-11-23", count=9)
    assert "Alice" not in charlie_client.get(reverse("access-notice-list")).content.decode()


def test_old_notices_go_with_the_sign_ins(alice: User) -> None:
    notice = AccessNotice.objects.create(organization_id=alice.own_organization_id, person=alice, rule=Watched.OPENED, day="2020-01-01")
    AccessNotice.objects.filter(pk=notice.pk).update(at="2020-01-01T00:00Z")
    forget_sign_ins()
    assert not AccessNotice.objects.exists()


def test_ada_finds_sign_ins_by_person_outcome_and_address(alice: User, bob: User, ada_client: Client) -> None:
    for person, outcome, address in ((alice, Outcome.WRONG_PASSWORD, "203.0.113.7"), (bob, Outcome.IDLE, "198.51.100.4")):
        SignIn.objects.create(user=person, email=person.email, outcome=outcome, address=address)
    for query in ({"q": "alice", "failed": "1"}, {"q": "203.0.113"}, {"kind": "wrong_password"}):
        page = ada_client.get(reverse("sign-in-list"), query).content.decode()
        assert "203.0.113.7" in page
        assert "198.51.100.4" not in page
    assert ada_client.get(reverse("sign-in-list"), {"kind": "nonsense", "q": "%_"}).status_code == 200
