"""Signing in safely, as a browser does it: passkeys, codes of an app, recovery codes, devices; and the role editor."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from playwright.sync_api import expect

from crm.mail.models import HeldMail, MailState
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import invite_person
from crm.users.models import Role, User
from tests.browser.chromium import CHROMIUM
from tests.browser.test_pages import axe, overflow
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]
ALICE = "alice@halden.example"


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> Iterator[None]:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def key(page: Any) -> Any:
    """A passkey device that always says yes, in the browser of `page`."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.authenticator = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session


def sign_in(page: Any, email: str = ALICE) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Any) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url("**/accounts/login/**")


def confirm_password(page: Any) -> None:
    """Before a way to sign in changes, the password is asked for again."""
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def test_alice_adds_a_passkey_signs_in_with_it_and_removes_it(people: dict[str, User], page: Any, key: Any) -> None:
    sign_in(page)
    page.wait_for_url("**/")
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label(re.compile("passwordless", re.IGNORECASE)).check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    assert Authenticator.objects.get(user=people["alice"], type="webauthn").last_used_at is not None

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Laptop")).to_have_count(1)
    page.get_by_role("link", name="Remove").click()
    confirm_password(page)
    page.get_by_role("button", name="Remove key").click()
    page.wait_for_url("**/accounts/2fa/webauthn/")
    expect(page.get_by_text("No keys yet")).to_have_count(1)
    assert not Authenticator.objects.filter(user=people["alice"], type="webauthn").exists()

    sign_out(page)
    key.send("WebAuthn.clearCredentials", {"authenticatorId": key.authenticator})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").get_by_text("No passkey was used").wait_for()
    assert page.complaints == []


def test_a_required_second_factor_is_set_up_with_an_app_and_recovery_codes_are_kept(people: dict[str, User], page: Any) -> None:
    with tenant(people["alice"].organization_id or 0):
        Role.objects.filter(pk=people["alice"].role_id).update(requires_second_factor=True)
    sign_in(page)
    page.wait_for_url("**/accounts/2fa/")
    expect(page.get_by_text("Your role requires a second factor")).to_have_count(1)
    page.get_by_role("link", name="Set up").click()
    confirm_password(page)
    secret = page.locator(".help code").inner_text()
    expect(page.locator(".qr svg, .qr img")).to_have_count(1)
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("This code is not valid")).to_have_count(1)
    secret = page.locator(".help code").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/")

    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "tern-recovery-codes.txt"
    assert download.value.path().read_text().split() == codes
    page.reload()
    expect(page.locator(".codes")).to_have_count(0)

    sign_out(page)
    sign_in(page)
    page.get_by_label("Authentication code").fill(codes[0])
    page.get_by_role("button", name="Verify and sign in").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    sign_out(page)
    sign_in(page)
    page.get_by_label("Authentication code").fill(codes[0])
    page.get_by_role("button", name="Verify and sign in").click()
    expect(page.get_by_text("This code is not valid")).to_have_count(1)
    assert page.complaints == []


def test_signing_out_another_device_ends_it_at_its_next_page(people: dict[str, User], page: Any, chromium: Any, live_server: Any) -> None:
    other = chromium.new_context(base_url=live_server.url, user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    phone = other.new_page()
    sign_in(phone)
    phone.wait_for_url("**/")
    sign_in(page)
    page.wait_for_url("**/")
    page.goto("/accounts/sessions/")
    page.get_by_role("button", name="Sign out there").click()
    page.wait_for_url("**/accounts/sessions/")
    expect(page.get_by_role("button", name="Sign out there")).to_have_count(0)
    phone.goto("/customers/")
    assert "/accounts/login/" in phone.url
    page.goto("/customers/")
    assert page.url.endswith("/customers/")
    other.close()


def test_a_page_left_open_ends_with_the_session(people: dict[str, User], halden: Organization, page: Any) -> None:
    sign_in(page)
    page.wait_for_url("**/")
    page.goto("/customers/")
    with page.expect_request(lambda request: "bell" in request.url) as asked:
        page.evaluate("htmx.ajax('GET', '/notifications/bell/', {source: document.querySelector('[hx-get*=bell]'), swap: 'none'})")
    assert asked.value.headers.get("tern-live") == "1"

    from django.contrib.sessions.backends.cached_db import SessionStore

    cookie = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    session = SessionStore(cookie)
    session["seen_at"] = int(time.time()) - 13 * 3600
    session.save()
    page.evaluate("htmx.ajax('GET', '/notifications/bell/', {source: document.querySelector('[hx-get*=bell]'), swap: 'none'})")
    page.wait_for_url("**/accounts/login/?next=/customers/")
    expect(page.get_by_text("nothing happened for a while")).to_have_count(1)


def test_ada_changes_a_role_by_keyboard_and_no_bar_covers_a_cell(people: dict[str, User], page: Any) -> None:
    sign_in(page, "ada@halden.example")
    page.wait_for_url("**/")
    rep = people["alice"].role_id
    page.goto(f"/setup/roles/{rep}/")
    cell = page.locator(f"[name='reach:{rep}:contact:export']")
    cell.focus()
    page.keyboard.type("None")
    page.get_by_text("3 people: lose “Export” on contacts.").wait_for()
    page.locator("[data-count]", has_text="1 unsaved change").wait_for()
    page.locator("select.perm:not([disabled])").last.focus()
    covered = page.evaluate("""() => {
        const bar = document.querySelector('.savebar').getBoundingClientRect(), cell = document.activeElement.getBoundingClientRect()
        return cell.bottom > bar.top && cell.top < bar.bottom
    }""")
    assert not covered
    page.get_by_role("button", name="Review", exact=True).last.press("Enter")
    page.get_by_role("heading", name="Review changes").wait_for()
    page.get_by_role("button", name="Save role").press("Enter")
    page.get_by_text("Role saved").wait_for()
    with tenant(people["ada"].organization_id or 0):
        assert Role.objects.get(pk=rep).reach("contact", "export") == "none"
    assert page.complaints == []


def test_pages_about_people_are_sound_on_a_phone_and_in_the_dark(people: dict[str, User], page: Any) -> None:
    ada, alice = people["ada"], people["alice"]
    with tenant(ada.organization_id or 0):
        invitation = invite_person("somebody.with.a.long.name@very-long-domain.halden.example", role=ada.role, by=ada)  # type: ignore[arg-type]
        HeldMail.objects.create(
            organization=ada.organization,
            sender="tern@localhost",
            recipients=["somebody.with.a.long.name@very-long-domain.halden.example"],
            subject="Join Halden Instruments of the Northern Harbours in Tern",
            body="Open this link: https://tern.example/join/3-7-abc/",
            state=MailState.FAILED,
            error="The mail server mail.halden.example:25 does not take this mail: 550 5.1.1 no such user here",
        )
    sign_in(page, ada.email)
    page.wait_for_url("**/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    faults: list[str] = []
    for address in (
        "/setup/mail/",
        "/setup/changes/?kind=people",
        f"/setup/people/{alice.pk}/",
        f"/setup/invitations/{invitation.pk}/",
        "/accounts/2fa/",
    ):
        answer = page.goto(address)
        faults += [f"{address}: {fault}" for fault in [*overflow(page), *axe(page)] + ([] if answer.ok else [str(answer.status)])]
    assert faults == []
