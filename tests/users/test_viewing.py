"""An administrator sees Tern as somebody else: told first, read-only, for a while."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.notifications.actions.notify import notify
from crm.notifications.models import Notification
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import begin_viewing, change_role
from crm.users.models import Role, User, Viewing
from tests.factories.customers import make_customer

REASON = "Her list is empty, she says"


def view_as(client: Client, person: User, reason: str = REASON) -> Any:
    return client.post(reverse("person-view", args=[person.pk]), {"reason": reason})


def stop(client: Client) -> Any:
    return client.post(reverse("viewing-stop"))


def shown_as(client: Client) -> str:
    return str(client.get("/").context["user"])


def verbs_of(person: User) -> list[str]:
    return list(
        LogEntry.objects.filter(object_id=person.pk, verb__startswith="person.viewing").order_by("pk").values_list("verb", flat=True)
    )


def test_ada_sees_what_alice_sees_and_the_way_back(ada_client: Client, alice: User, dora: User) -> None:
    hers, not_hers = make_customer(alice, "Vattvik"), make_customer(dora, "Skagen")
    assert view_as(ada_client, alice).headers["Location"] == "/"
    assert ada_client.get(hers.get_absolute_url()).status_code == 200
    assert ada_client.get(not_hers.get_absolute_url()).status_code == 404
    assert ada_client.get(reverse("setup")).status_code == 403
    page = ada_client.get(reverse("customer-list")).content.decode()
    assert "Vattvik" in page
    assert "You see Tern as <b>Alice</b>, read-only" in page
    assert stop(ada_client).headers["Location"] == reverse("person", args=[alice.pk])
    assert shown_as(ada_client) == "Ada"
    assert ada_client.get(not_hers.get_absolute_url()).status_code == 200


def test_it_is_in_the_log_before_the_first_page_and_when_it_ends(ada_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    entry = LogEntry.objects.get(verb="person.viewing_began")
    assert (entry.object_id, entry.actor_email, entry.changes["reason"]) == (alice.pk, "ada@halden.example", ["", REASON])
    stop(ada_client)
    stop(ada_client)
    assert verbs_of(alice) == ["person.viewing_began", "person.viewing_ended"]
    assert REASON in ada_client.get(reverse("setup-changes")).content.decode()


def test_without_a_reason_nobody_is_seen(ada_client: Client, alice: User) -> None:
    for reason in ("", "   "):
        assert view_as(ada_client, alice, reason).status_code == 422
    assert shown_as(ada_client) == "Ada"
    assert not Viewing.objects.exists()


def test_alice_reads_who_saw_tern_as_her_and_why(ada_client: Client, alice_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    page = alice_client.get(reverse("own-sign-ins")).content.decode()
    assert "Ada" in page
    assert REASON in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nothing_is_changed_by_any_method(ada_client: Client, alice: User, method: str, headers: dict[str, str]) -> None:
    customer = make_customer(alice, "Vattvik")
    view_as(ada_client, alice)
    addresses = [
        reverse("customer-create"),
        reverse("customer-update", args=[customer.pk]),
        reverse("theme"),
        "/accounts/login/",
        "/admin/",
        "/x/",
    ]
    for address in addresses:
        answer = getattr(ada_client, method)(address, {"name": "Other"}, headers=headers)
        assert answer.status_code == 403, address
        assert "read-only: nothing was changed" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.name == "Vattvik"


def test_the_api_does_not_know_of_it(ada_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    assert ada_client.post("/api/v1/customers", {"name": "x"}, content_type="application/json").status_code == 401


def test_what_is_alices_alone_stays_closed(ada_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    for address in (
        "/profile/",
        "/profile/sign-ins/",
        "/profile/tokens/",
        "/exports/",
        "/accounts/2fa/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/admin/",
    ):
        answer = ada_client.get(address)
        assert answer.status_code == 403, address
        assert "alone" in answer.content.decode()


def test_opening_a_notification_does_not_read_it(ada_client: Client, alice: User, bob: User) -> None:
    notify(alice, "changed", make_customer(alice), key="x", by=bob)
    mine = Notification.objects.get()
    view_as(ada_client, alice)
    assert ada_client.get(reverse("notification-open", args=[mine.pk])).status_code == 302
    mine.refresh_from_db()
    assert mine.read_at is None


def test_a_page_that_writes_when_it_is_opened_is_refused(ada_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.notifications.views.viewing_of", lambda request: None)
    notify(alice, "changed", make_customer(alice), key="x")
    view_as(ada_client, alice)
    answer = ada_client.get(reverse("notification-open", args=[Notification.objects.get().pk]))
    assert answer.status_code == 403
    assert "writes something down" in answer.content.decode()
    assert Notification.objects.filter(read_at=None).exists()


def test_the_database_refuses_a_write_in_a_read_only_block(in_tenant: Organization, alice: User) -> None:
    with pytest.raises(DatabaseError), tenant(in_tenant, read_only=True):
        User.objects.get_queryset().filter(pk=alice.pk).update(name="Other")
    with tenant(in_tenant, read_only=True), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone()[0] == "on"
    with transaction.atomic():
        User.objects.get_queryset().filter(pk=alice.pk).update(name="Other")


def test_it_ends_by_itself_and_what_was_pressed_then_is_not_done(ada_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    Viewing.objects.update(until=timezone.now() - timedelta(seconds=1))
    answer = ada_client.post(reverse("customer-create"), {"name": "Vattvik"})
    assert answer.status_code == 403
    assert "as yourself again" in answer.content.decode()
    assert shown_as(ada_client) == "Ada"
    assert verbs_of(alice)[-1] == "person.viewing_ended"


def test_it_ends_with_the_session(ada_client: Client, alice: User) -> None:
    view_as(ada_client, alice)
    assert ada_client.post(reverse("account_logout")).status_code == 302
    assert Viewing.objects.get().ended_at is not None
    assert verbs_of(alice)[-1] == "person.viewing_ended"


def test_it_ends_when_ada_no_longer_administers_or_alice_is_made_administrator(ada_client: Client, ada: User, alice: User) -> None:
    for person, role in ((ada, "read-only"), (alice, "administrator")):
        before = person.role
        view_as(ada_client, alice)
        assert shown_as(ada_client) == "Alice"
        User.objects.get_queryset().filter(pk=person.pk).update(role=Role.objects.get(key=role))
        assert shown_as(ada_client) == "Ada"
        User.objects.get_queryset().filter(pk=person.pk).update(role=before)


def test_not_nested(ada_client: Client, alice: User, bob: User) -> None:
    view_as(ada_client, alice)
    assert view_as(ada_client, bob).status_code == 403
    assert shown_as(ada_client) == "Alice"


def test_nobody_else_sees_tern_as_anybody(alice_client: Client, mona_client: Client, bob: User) -> None:
    for client in (alice_client, mona_client):
        assert view_as(client, bob).status_code == 403
    assert not Viewing.objects.exists()


def test_charlie_does_not_see_our_people(charlie_client: Client, alice: User) -> None:
    assert view_as(charlie_client, alice).status_code == 404


def test_neither_the_operator_nor_another_administrator_nor_somebody_deactivated_is_seen(
    ada_client: Client, ada: User, bob: User, alice: User
) -> None:
    operator = User.objects.create_superuser("op@x.example", "a-long-enough-password")
    assert view_as(ada_client, operator).status_code == 404
    assert view_as(ada_client, ada).status_code == 422
    User.objects.get_queryset().filter(pk=bob.pk).update(role=ada.role)
    User.objects.get_queryset().filter(pk=alice.pk).update(is_active=False)
    assert view_as(ada_client, bob).status_code == 422
    assert view_as(ada_client, alice).status_code == 422


def test_the_operator_sees_tern_as_nobody(client_of: Any, alice: User) -> None:
    operator = client_of(User.objects.create_superuser("op@x.example", "a-long-enough-password"))
    assert view_as(operator, alice).status_code in {302, 403}
    assert not Viewing.objects.exists()


def test_not_as_somebody_who_reads_fields_that_are_closed_to_ada(ada_client: Client, ada: User, alice: User) -> None:
    assert ada.role is not None
    change_role(ada.role, by=ada, levels={"customer": {"phone": "hidden"}})
    assert view_as(ada_client, alice).status_code == 422
    assert alice.role is not None
    change_role(alice.role, by=ada, levels={"customer": {"phone": "hidden"}})
    assert view_as(ada_client, alice).status_code == 302


def test_what_was_written_down_cannot_be_used_by_another_session(ada: User, bob_client: Client, alice: User) -> None:
    viewing = begin_viewing(alice, by=ada, reason=REASON)
    session = bob_client.session
    session["viewing"] = viewing.pk
    session.save()
    assert shown_as(bob_client) == "Bob"


def test_alices_role_that_wants_a_second_factor_does_not_lead_ada_to_set_one_up(ada_client: Client, alice: User) -> None:
    Role.objects.filter(pk=alice.role_id).update(requires_second_factor=True)
    view_as(ada_client, alice)
    assert ada_client.get("/").status_code == 200
