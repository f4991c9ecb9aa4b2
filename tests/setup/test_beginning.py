"""The first organization of an installation, further ones where sign-up is open, settings, and the own profile."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.query.periods import Calendar
from crm.setup.guesses import guess_settings
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import accept_invitation, change_organization, change_profile, invite_person
from crm.users.models import FirstRunCode, PromisedOrganization, User
from crm.users.tasks import forget_sign_ups
from tests.factories.customers import make_contact, make_customer

PASSWORD = "a-long-enough-password"
FACTS = {
    "organization": "Brand New Ltd",
    "country": "GB",
    "time_zone": "Europe/London",
    "language": "en",
    "currency": "GBP",
    "fiscal_year_start": "4",
    "date_format": "d/m/Y",
    "name": "Olga Owner",
    "email": "olga@new.example",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def printed_code() -> str:
    out = StringIO()
    call_command("first_run_code", stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
def test_the_printed_code_opens_the_first_organization_and_signs_in() -> None:
    client = Client()
    answer = client.post("/first-run/", {**FACTS, "code": printed_code().lower().replace("-", " ")})
    assert answer["Location"] == "/setup/"
    organization = Organization.objects.get()
    assert (organization.name, organization.slug, organization.currency, organization.fiscal_year_start) == (
        "Brand New Ltd", "brand-new-ltd", "GBP", 4,
    )  # fmt: skip
    with tenant(organization):
        assert User.objects.get().is_administrator
    assert client.get("/setup/").status_code == 200


@pytest.mark.django_db
def test_who_opens_an_empty_installation_is_told_how_it_begins() -> None:
    page = Client().get("/", follow=True).content.decode()
    assert "Nobody can sign in yet." in page
    assert 'href="/first-run/"' in page
    Client().post("/first-run/", {**FACTS, "code": printed_code()})
    assert "Nobody can sign in yet." not in Client().get("/accounts/login/").content.decode()


def test_a_wrong_code_makes_nothing() -> None:
    printed_code()
    answer = Client().post("/first-run/", {**FACTS, "code": "AAAA-BBBB-CCCC"})
    assert answer.status_code == 422
    assert "This code is not valid" in answer.content.decode()
    assert not Organization.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_code_works_once_and_a_new_one_replaces_it() -> None:
    old, new = printed_code(), printed_code()
    assert Client().post("/first-run/", {**FACTS, "code": old}).status_code == 422
    assert Client().post("/first-run/", {**FACTS, "code": new}).status_code == 302
    assert Client().post("/first-run/", {**FACTS, "code": new}).status_code == 404
    assert Organization.objects.count() == 1


@pytest.mark.django_db
def test_guessing_the_code_is_slowed_down() -> None:
    code = printed_code()
    for _ in range(5):
        Client().post("/first-run/", {**FACTS, "code": "AAAA-BBBB-CCCC"})
    assert Client().post("/first-run/", {**FACTS, "code": code}).status_code == 429


@pytest.mark.django_db
def test_a_code_from_an_old_log_opens_nothing() -> None:
    code = printed_code()
    FirstRunCode.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert "This code is not valid" in Client().post("/first-run/", {**FACTS, "code": code}).content.decode()
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_mistakes_in_the_form_cost_no_attempts_at_the_code() -> None:
    code, client = printed_code(), Client()
    for _ in range(6):
        assert client.post("/first-run/", {**FACTS, "code": code, "password": "short"}).status_code == 422
    assert client.post("/first-run/", {**FACTS, "code": code}).status_code == 302


@pytest.mark.django_db
def test_the_second_of_two_windows_is_told_that_the_first_has_begun() -> None:
    code, first, second = printed_code(), Client(), Client()
    assert second.get("/first-run/").status_code == 200
    first.post("/first-run/", {**FACTS, "code": code})
    answer = second.post("/first-run/", {**FACTS, "code": code, "organization": "Second Ltd"})
    assert answer.status_code == 404
    assert "This installation has begun" in answer.content.decode()
    assert Organization.objects.count() == 1


def test_where_there_is_an_organization_nothing_is_printed_and_the_page_is_gone(organization: Organization) -> None:
    assert printed_code() == ""
    assert Client().get("/first-run/").status_code == 404


@pytest.mark.django_db
def test_the_page_guesses_from_the_browser() -> None:
    page = Client().get("/first-run/", headers={"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.5"}).content.decode()
    assert '<option value="Europe/Stockholm" selected>' in page
    assert '<option value="SEK" selected>' in page


@pytest.mark.parametrize(
    ("header", "country", "currency"),
    [("de-AT,de;q=0.9", "AT", "EUR"), ("de", "DE", "EUR"), ("en-US", "US", "USD"), ("", "", "EUR"), ("*", "", "EUR")],
)
def test_guesses(rf: Any, header: str, country: str, currency: str) -> None:
    guessed = guess_settings(rf.get("/", headers={"Accept-Language": header}))
    assert (guessed["country"], guessed["currency"]) == (country, currency)


@pytest.mark.django_db
@override_settings(SIGNUP_OPEN=True)
def test_where_sign_up_is_open_strangers_begin_an_organization_and_verify_their_address() -> None:
    client = Client()
    facts = {"organization": "Further Ltd", "name": "Olga Owner", "email": "olga@new.example", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", facts)["Location"] == "/accounts/confirm-email/"
    assert not Organization.objects.exists()
    assert client.get("/setup/").status_code == 302

    link = next(word for word in mail.outbox[0].body.split() if "/accounts/confirm-email/" in word)
    answer = client.post(link)
    organization = Organization.objects.get(slug="further-ltd")
    with tenant(organization):
        olga = User.objects.get(email="olga@new.example")
        assert (olga.name, olga.organization, olga.is_administrator) == ("Olga Owner", organization, True)
    assert answer.status_code == 302
    client.post("/accounts/login/", {"login": "olga@new.example", "password": PASSWORD})
    assert client.get("/setup/").status_code == 200
    client.post(link)
    assert Organization.objects.count() == 1


@override_settings(SIGNUP_OPEN=True)
def test_signing_up_with_a_known_address_makes_nothing(alice: User) -> None:
    facts = {"organization": "Further Ltd", "name": "X", "email": alice.email, "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/accounts/signup/", facts)
    assert not Organization.objects.filter(slug="further-ltd").exists()


def settings_of(organization: Organization, **changes: Any) -> dict[str, Any]:
    names = ("name", "country", "time_zone", "language", "currency", "fiscal_year_start", "date_format")
    return {**{name: getattr(organization, name) for name in names}, **changes}


def test_ada_changes_the_settings_and_they_are_in_the_log(ada: User, in_tenant: Organization, client_of: Any) -> None:
    client = client_of(ada)
    answer = client.post("/setup/organization/", settings_of(in_tenant, currency="SEK", time_zone="Europe/Stockholm"))
    assert answer.status_code == 302
    in_tenant.refresh_from_db()
    assert (in_tenant.currency, in_tenant.time_zone) == ("SEK", "Europe/Stockholm")
    assert "Currency: EUR → SEK" in client.get("/setup/changes/").content.decode()


def test_ada_shortens_idle_sessions_and_leaves_them_to_the_operator_again(ada: User, in_tenant: Organization, client_of: Any) -> None:
    client = client_of(ada)
    assert '<option value="" selected>12 hours, the longest here</option>' in client.get("/setup/organization/").content.decode()
    client.post("/setup/organization/", settings_of(in_tenant, idle_minutes=30))
    in_tenant.refresh_from_db()
    assert in_tenant.idle_minutes == 30
    assert '<option value="30" selected>30 minutes</option>' in client.get("/setup/organization/").content.decode()
    client.post("/setup/organization/", settings_of(in_tenant, idle_minutes=""))
    in_tenant.refresh_from_db()
    assert in_tenant.idle_minutes is None
    assert client.post("/setup/organization/", settings_of(in_tenant, idle_minutes=1)).status_code == 422


def test_a_time_zone_that_is_none_is_refused(ada: User, in_tenant: Organization, client_of: Any) -> None:
    answer = client_of(ada).post("/setup/organization/", settings_of(in_tenant, time_zone="Mars/Olympus"))
    assert answer.status_code == 422
    in_tenant.refresh_from_db()
    assert in_tenant.time_zone == "UTC"


def test_alice_sets_her_own_time_zone_and_turns_shortcuts_off(alice: User, client_of: Any) -> None:
    facts = {"name": "Alice Berg", "time_zone": "Asia/Tokyo", "language": "", "theme": "dark"}
    client = client_of(alice)
    assert client.post("/profile/", facts).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.theme, alice.shortcuts_enabled) == ("Alice Berg", "Asia/Tokyo", "dark", False)
    assert 'data-theme="dark"' in client.get("/profile/").content.decode()


def test_the_profile_changes_nothing_that_is_not_the_persons_own(alice: User, ada: User, client_of: Any) -> None:
    facts = {"name": "Alice", "theme": "dark", "role": ada.role_id, "is_superuser": "1", "is_staff": "1"}
    client_of(alice).post("/profile/", facts)
    alice.refresh_from_db()
    assert not alice.is_administrator
    assert not alice.is_superuser


@pytest.mark.django_db
@override_settings(SIGNUP_OPEN=True)
def test_a_sign_up_that_nobody_verifies_is_forgotten_and_holds_no_address(ada: User, in_tenant: Organization) -> None:
    facts = {"organization": "Squat Ltd", "name": "Mallory", "email": "nora@halden.example", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/accounts/signup/", facts)
    assert PromisedOrganization.objects.get().name == "Squat Ltd"
    assert forget_sign_ups() == 0

    invitation = invite_person("nora@halden.example", role=ada.role, by=ada)  # type: ignore[arg-type]
    nora = accept_invitation(invitation, name="Nora", password=PASSWORD)
    assert User.objects.get(email="nora@halden.example") == nora
    assert not PromisedOrganization.objects.exists()

    Client().post("/accounts/signup/", {**facts, "email": "other@halden.example"})
    PromisedOrganization.objects.update(asked_at=timezone.now() - timedelta(days=4))
    assert forget_sign_ups() == 1
    assert not User.objects.filter(email="other@halden.example").exists()


def test_dates_money_and_hours_on_pages_follow_the_settings(ada: User, alice: User, in_tenant: Organization, client_of: Any) -> None:
    contact = make_contact(alice, birthday=date(1980, 3, 9))
    customer = make_customer(alice, annual_revenue=Decimal(1200), currency="")
    LogEntry.objects.update(timestamp=datetime(2026, 1, 5, 23, 30, tzinfo=UTC))
    change_organization(in_tenant, by=ada, date_format="m/d/Y", currency="SEK", time_zone="Asia/Tokyo")
    client = client_of(User.objects.get(pk=alice.pk))
    assert "03/09/1980" in client.get(f"/contacts/{contact.pk}/").content.decode()
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert re.search(r"SEK\s*1,200|1,200\s*(SEK|kr)|kr\s*1,200", page)
    assert "01/06/2026" in client.get(f"/records/customer/{customer.pk}/history/").content.decode()

    change_organization(in_tenant, by=ada, date_format="Y-m-d")
    change_profile(alice, time_zone="America/New_York")
    client = client_of(User.objects.get(pk=alice.pk))
    assert "1980-03-09" in client.get(f"/contacts/{contact.pk}/").content.decode()
    assert "2026-01-05" in client.get(f"/records/customer/{customer.pk}/history/").content.decode()


@pytest.mark.parametrize(
    ("start", "day", "inside"), [(1, date(2026, 1, 1), True), (4, date(2026, 1, 1), False), (12, date(2025, 12, 1), True)]
)
def test_this_fiscal_year_begins_when_the_organization_says(in_tenant: Organization, start: int, day: date, inside: bool) -> None:
    in_tenant.fiscal_year_start = start
    since, until = Calendar.of(in_tenant, datetime(2026, 6, 15, tzinfo=UTC)).span("this_year")
    assert (since <= day < until) is inside
