"""The frame in a browser: keyboard, themes, passkeys, and what axe-core finds. Skipped where there is no Chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.browser.chromium import CHROMIUM
from tests.factories.people import make_cast, make_organization

AXE = Path(settings.BASE_DIR) / "tests" / "browser" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


@pytest.fixture
def bob(transactional_db: None) -> User:
    organization, other = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(organization):
        person = make_cast(organization, other)["bob"]
        person.set_password("correct horse battery")
        person.save()
    return person


@pytest.fixture
def open_page(chromium: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """`open_page(address, user=None, **of the context)`: a page with the complaints of its console in `page.complaints`."""
    settings.ALLOWED_HOSTS = ["localhost"]
    contexts: list[Any] = []

    def opened(address: str, user: User | None = None, **facts: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **facts})
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def found_by_axe(page: Any) -> list[str]:
    page.evaluate(AXE.read_text())
    result = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    return [f"{found['id']}: {found['nodes'][0]['target']}" for found in result["violations"]]


ENTRANCE = ["/accounts/login/", "/accounts/password/reset/", "/nowhere/", "/offline/"]
ACCOUNT = ["/accounts/2fa/", "/accounts/sessions/", "/accounts/email/"]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_every_page_of_the_frame_is_clean_and_fits(open_page: Any, bob: User, width: int, scheme: str) -> None:
    found: dict[str, list[str]] = {}
    for address in [*ENTRANCE, *ACCOUNT]:
        page = open_page(address, bob if address in ACCOUNT else None, viewport={"width": width, "height": 800}, color_scheme=scheme)
        found[address] = [text for text in page.complaints if "404" not in text]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address].append("wider than the screen")
        found[address] += found_by_axe(page)
    assert {address: complaints for address, complaints in found.items() if complaints} == {}


def test_palette_and_shortcuts_are_clean_and_close_with_escape(open_page: Any, bob: User) -> None:
    page = open_page("/accounts/2fa/", bob)
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "pal-q"
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    page.keyboard.press("?")
    page.locator("#keys").wait_for()
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    page.locator("#keys").wait_for(state="hidden")


def test_single_keys_can_be_turned_off(open_page: Any, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(shortcuts_enabled=False)
    page = open_page("/accounts/2fa/", bob)
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()


def test_bobs_theme_is_there_after_a_reload(open_page: Any, bob: User) -> None:
    page = open_page("/accounts/2fa/", bob)
    page.locator("[popovertarget=theme-menu]").click()
    with page.expect_response("**/theme/"):
        page.locator("#theme-menu [value=dark]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.complaints == []


def test_the_frame_works_without_javascript(open_page: Any, bob: User) -> None:
    page = open_page("/accounts/2fa/", bob, java_script_enabled=False)
    page.locator("[popovertarget=theme-menu]").click()
    page.locator("#theme-menu [value=dark]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("[popovertarget=me-menu]").click()
    page.locator("#me-menu button", has_text="Sign out").click()
    page.goto(page.url.split("/accounts")[0] + "/accounts/2fa/")
    assert "/accounts/login/" in page.url


def test_bob_adds_a_passkey_and_signs_in_with_it(open_page: Any, bob: User) -> None:
    page = open_page("/accounts/login/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    page.fill("[name=login]", bob.email)
    page.fill("[name=password]", "correct horse battery")
    with page.expect_navigation():
        page.click("text=Continue")
    home = "/".join(page.url.split("/")[:3])
    page.goto(home + "/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", "correct horse battery")
    with page.expect_navigation():
        page.click("text=Confirm >> nth=-1")
    page.check("[name=passwordless]")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    assert "/webauthn/add/" not in page.url
    page.goto(home + "/accounts/logout/")
    page.click("text=Sign out >> nth=-1")
    page.goto(home + "/accounts/login/?next=/accounts/2fa/webauthn/")
    with page.expect_navigation():
        page.click("#passkey_login")
    page.wait_for_url("**/accounts/2fa/webauthn/")
    assert page.locator(".list li").count() == 1
    assert [text for text in page.complaints if "Content Security Policy" in text] == []


def test_a_lost_connection_shows_what_to_do_and_nothing_of_bobs_is_kept(open_page: Any, bob: User) -> None:
    page = open_page("/", bob)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(page.url)
    page.context.set_offline(True)
    page.goto(page.url + "customers/")
    page.get_by_role("heading", name="The server cannot be reached").wait_for()
    assert page.locator("main").evaluate("main => getComputedStyle(main).display") == "grid"
    kept = page.evaluate("caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(one => one.keys()))))")
    assert len(kept) == 1
    kept = page.evaluate("caches.match('/offline/').then(one => one.text())")
    assert "Bob" not in kept
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    page.get_by_role("heading", name="Customers", level=1).wait_for()
    assert [text for text in page.complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []
