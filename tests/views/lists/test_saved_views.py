"""Saved views: kept, shared with the team or everybody, changed and dropped by whom they belong to."""

from typing import Any

import pytest
from django.test import Client

from crm.audit.models import LogEntry
from crm.query.models import SavedView
from crm.users.actions import change_person
from crm.users.models import User
from tests.factories.customers import make_customer

PAGE = "/records/customer/views/"


def save(client: Client, name: str = "Leads", query: str = "?f=lifecycle:is:lead&sort=name", **facts: Any) -> Any:
    return client.post(PAGE, {"create": "1", "name": name, "audience": "me", "list": query, **facts})


def test_alice_keeps_what_her_list_shows(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Lead Co", lifecycle="lead")
    make_customer(alice, "Other Co")
    answer = save(alice_client)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"/customers/?view={view.pk}"
    page = alice_client.get(answer.headers["Location"]).content.decode()
    assert "Lead Co" in page
    assert "Other Co" not in page
    assert 'aria-current="page">Leads' in page
    assert LogEntry.objects.filter(verb="savedview.created", actor=alice).exists()


def test_an_own_view_is_seen_by_nobody_else(alice_client: Client, bob_client: Client, ada_client: Client) -> None:
    save(alice_client)
    view = SavedView.objects.get()
    for client in (bob_client, ada_client):
        page = client.get(f"/customers/?view={view.pk}").content.decode()
        assert "Leads" not in page
        assert "This view is gone" in page
        assert client.post(PAGE, {"delete": view.pk}).status_code == 404


def test_a_view_of_the_team_is_seen_by_bob_and_not_by_dora(alice_client: Client, bob_client: Client, dora: User, client_of: Any) -> None:
    save(alice_client, audience="team")
    assert "Leads" in bob_client.get("/customers/").content.decode()
    assert "Leads" not in client_of(dora).get("/customers/").content.decode()


def test_bob_may_use_but_not_change_alices_view(alice_client: Client, bob_client: Client) -> None:
    save(alice_client, audience="team")
    view = SavedView.objects.get()
    assert bob_client.post(PAGE, {"delete": view.pk}).status_code == 403
    assert bob_client.post(PAGE, {"change": view.pk, "name": "Mine now", "audience": "me", "list": ""}).status_code == 403
    view.refresh_from_db()
    assert (view.name, view.audience) == ("Leads", "team")


def test_only_administrators_offer_views_to_everybody(alice_client: Client, ada_client: Client, bob_client: Client) -> None:
    save(alice_client, audience="all")
    assert not SavedView.objects.exists()
    assert "Only administrators" in alice_client.get("/customers/").content.decode()
    save(ada_client, audience="all")
    assert "Leads" in bob_client.get("/customers/").content.decode()


def test_charlie_sees_and_changes_none_of_it(ada_client: Client, charlie_client: Client) -> None:
    save(ada_client, audience="all")
    view = SavedView.objects.get()
    assert "Leads" not in charlie_client.get("/customers/").content.decode()
    assert charlie_client.post(PAGE, {"delete": view.pk}).status_code == 404


def test_two_views_of_one_name_are_refused_with_a_sentence(alice_client: Client) -> None:
    save(alice_client)
    save(alice_client, name="LEADS")
    assert SavedView.objects.count() == 1
    assert "Choose another name" in alice_client.get("/customers/").content.decode()


def test_alice_changes_moves_and_drops_her_views(alice_client: Client) -> None:
    save(alice_client)
    save(alice_client, name="Partners", query="?f=lifecycle:is:partner")
    leads, partners = SavedView.objects.order_by("pk")
    alice_client.post(PAGE, {"change": leads.pk, "name": "All leads", "audience": "me", "list": f"?view={leads.pk}&f="})
    leads.refresh_from_db()
    assert (leads.name, leads.rule) == ("All leads", {"all": []})
    alice_client.post(PAGE, {"up": partners.pk, "list": ""})
    assert [view.name for view in SavedView.objects.order_by("position", "pk")] == ["Partners", "All leads"]
    alice_client.post(PAGE, {"delete": partners.pk})
    assert [view.name for view in SavedView.objects.all()] == ["All leads"]


def test_what_was_changed_about_a_view_shows_and_can_be_reset(alice_client: Client) -> None:
    save(alice_client)
    view = SavedView.objects.get()
    assert "Reset" not in alice_client.get(f"/customers/?view={view.pk}").content.decode()
    page = alice_client.get(f"/customers/?view={view.pk}&f=").content.decode()
    assert "Reset" in page
    assert "Save changes" in page


def test_the_page_of_views_leads_nowhere_else(alice_client: Client) -> None:
    answer = save(alice_client, query="//evil.example/?x")
    assert answer.headers["Location"].startswith("/customers/?view=")


@pytest.mark.parametrize("number", ["x", "", "9" * 40, "²"])
def test_a_key_that_is_none_is_404(alice_client: Client, number: str) -> None:
    assert alice_client.post(PAGE, {"delete": number}).status_code == 404


def test_alices_list_opens_with_the_view_she_chose_and_everything_stays_one_click_away(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Lead Co", lifecycle="lead")
    make_customer(alice, "Other Co")
    save(alice_client)
    view = SavedView.objects.get()
    alice_client.post(PAGE, {"start": view.pk, "list": f"?view={view.pk}"})
    assert alice_client.get("/customers/").headers["Location"] == f"/customers/?view={view.pk}"
    whole = alice_client.get("/customers/?view=all")
    assert "Other Co" in whole.content.decode()
    assert "?view=all&amp;sort=name" in whole.content.decode()
    alice_client.post(PAGE, {"start": "", "list": "?view=all"})
    assert alice_client.get("/customers/").status_code == 200


def test_a_role_opens_with_a_view_until_somebody_chooses_another(alice: User, ada_client: Client, alice_client: Client, bob: User) -> None:
    save(ada_client, audience="all")
    view = SavedView.objects.get()
    assert alice.role is not None
    assert alice_client.post(PAGE, {"start_role": view.pk, "role": alice.role_id, "list": ""}).status_code == 403
    ada_client.post(PAGE, {"start_role": view.pk, "role": alice.role_id, "list": ""})
    assert alice_client.get("/customers/").headers["Location"] == f"/customers/?view={view.pk}"
    assert ada_client.get("/customers/").status_code == 200
    alice_client.post(PAGE, {"start": "", "list": ""})
    assert alice_client.get("/customers/").status_code == 200
    ada_client.post(PAGE, {"start_role": view.pk, "role": alice.role_id, "list": ""})
    alice.role.refresh_from_db()
    assert not alice.role.start_views["customer"]


def test_a_list_never_opens_with_a_view_that_is_gone_or_not_shared(alice: User, alice_client: Client, ada_client: Client) -> None:
    save(ada_client, audience="all")
    view = SavedView.objects.get()
    alice_client.post(PAGE, {"start": view.pk, "list": ""})
    ada_client.post(PAGE, {"change": view.pk, "name": "Leads", "audience": "me", "list": ""})
    assert alice_client.get("/customers/").status_code == 200
    ada_client.post(PAGE, {"delete": view.pk})
    assert alice_client.get("/customers/").status_code == 200


def test_a_role_is_only_given_a_view_that_everybody_sees(alice: User, ada_client: Client, alice_client: Client) -> None:
    save(ada_client)
    view = SavedView.objects.get()
    ada_client.post(PAGE, {"start_role": view.pk, "role": alice.role_id, "list": ""})
    assert alice_client.get("/customers/").status_code == 200
    assert "Offer the view to everybody first" in ada_client.get("/customers/").content.decode()


def test_tabs_tell_how_many_records_each_view_holds_for_the_reader(alice: User, bob: User, alice_client: Client, dora: User) -> None:
    for name in ("Lead Co", "Other Lead"):
        make_customer(alice, name, lifecycle="lead")
    make_customer(alice, "Third Co", lifecycle="partner")
    save(alice_client)
    view = SavedView.objects.get()
    assert 'hx-get="/customers/?part=tabs"' in alice_client.get("/customers/").content.decode()
    counts = alice_client.get("/customers/?part=tabs", headers={"HX-Request": "true"}).content.decode()
    assert f'id="view-n-{view.pk}" hx-swap-oob="true">2<' in counts
    assert 'id="view-n-all" hx-swap-oob="true">3<' in counts


def test_tabs_are_counted_anew_at_once_for_somebody_who_moved(alice: User, dora: User, ada: User, client_of: Any) -> None:
    make_customer(alice, "Lead Co")

    def counted() -> str:
        answer: str = client_of(User.objects.get(pk=dora.pk)).get("/customers/?part=tabs", headers={"HX-Request": "true"}).content.decode()
        return answer

    assert 'id="view-n-all" hx-swap-oob="true">0<' in counted()
    change_person(dora, name=dora.name, role=alice.role, team=alice.team, by=ada)
    assert 'id="view-n-all" hx-swap-oob="true">1<' in counted()


def test_a_count_that_takes_too_long_is_left_out(alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError  # noqa: PLC0415

    from crm.views import view_counts  # noqa: PLC0415

    def slow(rows: object) -> int:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(view_counts.ListRows, "count", slow)
    save(alice_client)
    answer = alice_client.get("/customers/?part=tabs", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "view-n" not in answer.content.decode()
