"""Two administrators, or one in two windows, change the same page of Setup."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from crm.tenancy.models import Organization
from crm.users.models import Role, Team, User


def shown_on(client: Client, address: str) -> dict[str, str]:
    shown = re.search(r'name="shown" value="([^"]*)"', client.get(address).content.decode())
    assert shown
    return {"shown": html.unescape(shown[1])}


def role(user: User, key: str) -> Role:
    return Role.objects.get(organization=user.organization, key=key)


@pytest.fixture
def client(ada: User, client_of: Any) -> Client:
    found: Client = client_of(ada)
    return found


def test_what_was_not_touched_is_not_put_back(client: Client, alice: User, in_tenant: Organization) -> None:
    address = f"/setup/people/{alice.pk}/"
    seen, facts = shown_on(client, address), {"name": alice.name, "role": alice.role_id, "team": alice.team_id}
    client.post(address, {**seen, **facts, "role": role(alice, "read-only").pk})
    client.post(address, {**seen, **facts, "name": "Alice Berg-Lund"})
    alice.refresh_from_db()
    assert (alice.name, alice.role) == ("Alice Berg-Lund", role(alice, "read-only"))

    seen = shown_on(client, "/setup/organization/")
    names = ("name", "country", "time_zone", "language", "currency", "fiscal_year_start", "date_format")
    settings = {name: getattr(in_tenant, name) for name in names}
    client.post("/setup/organization/", {**seen, **settings, "currency": "SEK"})
    client.post("/setup/organization/", {**seen, **settings, "time_zone": "Asia/Tokyo"})
    in_tenant.refresh_from_db()
    assert (in_tenant.currency, in_tenant.time_zone) == ("SEK", "Asia/Tokyo")

    north, sales = Team.objects.get(name="North"), Team.objects.get(name="Sales")
    seen = shown_on(client, f"/setup/teams/{north.pk}/")
    client.post(f"/setup/teams/{north.pk}/", {**seen, "name": "North", "parent": ""})
    client.post(f"/setup/teams/{north.pk}/", {**seen, "name": "Far north", "parent": sales.pk})
    north.refresh_from_db()
    assert (north.name, north.parent) == ("Far north", None)


def test_what_both_changed_is_for_the_second_to_decide(client: Client, alice: User, in_tenant: Organization) -> None:
    address = f"/setup/people/{alice.pk}/"
    seen, facts = shown_on(client, address), {"name": alice.name, "team": alice.team_id}
    client.post(address, {**seen, **facts, "role": role(alice, "read-only").pk})
    told = client.post(address, {**seen, **facts, "role": role(alice, "marketer").pk})
    assert told.status_code == 422
    page = told.content.decode()
    assert "Somebody changed this to “Read only” in between. Save again to keep yours, or choose theirs." in html.unescape(page)
    assert f'value="{role(alice, "marketer").pk}" selected' in page
    alice.refresh_from_db()
    assert alice.role == role(alice, "read-only")

    again = {"shown": html.unescape(re.findall(r'name="shown" value="([^"]*)"', page)[0])}
    assert client.post(address, {**again, **facts, "role": role(alice, "marketer").pk}).status_code == 302
    alice.refresh_from_db()
    assert alice.role == role(alice, "marketer")

    seen, north = shown_on(client, "/setup/organization/"), Team.objects.get(name="North")
    names = ("name", "country", "time_zone", "language", "currency", "fiscal_year_start", "date_format")
    settings = {name: getattr(in_tenant, name) for name in names}
    client.post("/setup/organization/", {**seen, **settings, "fiscal_year_start": 4, "unique_tax_numbers": "on"})
    told = client.post("/setup/organization/", {**seen, **settings, "fiscal_year_start": 7, "unique_tax_numbers": "on"})
    assert "changed this to “April”" in html.unescape(told.content.decode())

    seen = shown_on(client, f"/setup/teams/{north.pk}/")
    client.post(f"/setup/teams/{north.pk}/", {**seen, "name": "Northern", "parent": north.parent_id})
    told = client.post(f"/setup/teams/{north.pk}/", {**seen, "name": "The north", "parent": north.parent_id})
    assert "changed this to “Northern”" in html.unescape(told.content.decode())


def test_who_wants_the_same_is_told_nothing(client: Client, alice: User) -> None:
    address = f"/setup/people/{alice.pk}/"
    seen, facts = shown_on(client, address), {"name": "Alice Holm", "role": alice.role_id, "team": alice.team_id}
    assert [client.post(address, {**seen, **facts}).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("shown", ["", "nonsense", "[]", '{"name": null, "role": "x", "nobody": 1, "shown": 2}'])
def test_what_a_window_showed_may_be_nonsense(client: Client, alice: User, shown: str) -> None:
    facts = {"name": alice.name, "role": alice.role_id, "team": alice.team_id, "shown": shown}
    assert client.post(f"/setup/people/{alice.pk}/", facts).status_code in {302, 422}


def test_two_windows_on_a_roles_own_facts(client: Client, alice: User) -> None:
    address = f"/setup/roles/{alice.role_id}/"
    page = client.get(address).content.decode()
    hidden = {name: html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0]) for name in ("seen", "shown")}
    facts = {**hidden, "type": "customer", "name": "Sales rep", "description": "Sells"}
    assert client.post(address, {**facts, "description": "Sells to companies", "confirm": "1"}).status_code == 302
    told = client.post(address, {**facts, "description": "Sells to people"})
    assert "changed this to “Sells to companies” in between" in html.unescape(told.content.decode())

    seen = html.unescape(re.findall(r'name="seen" value="([^"]*)"', client.get(address).content.decode())[0])
    client.post(
        address, {**facts, "seen": seen, "name": "Seller", "description": json.loads(hidden["shown"])["description"], "confirm": "1"}
    )
    changed = Role.objects.get(pk=alice.role_id)
    assert (changed.name, changed.description) == ("Seller", "Sells to companies")


def test_alice_opens_her_profile_in_two_windows(alice: User, client_of: Any) -> None:
    client = client_of(alice)
    seen = shown_on(client, "/profile/")
    facts = {"name": alice.name, "time_zone": "", "language": "", "theme": alice.theme, "shortcuts_enabled": "on"}
    client.post("/profile/", {**seen, **facts, "time_zone": "Europe/Oslo"})
    assert client.post("/profile/", {**seen, **facts, "name": "Alice Berg-Lund"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice Berg-Lund", "Europe/Oslo")
    told = client.post("/profile/", {**seen, **facts, "time_zone": "Asia/Tokyo"})
    assert told.status_code == 422
    assert "changed this to “Europe/Oslo" in html.unescape(told.content.decode())
