"""A list by keyboard: move, glance, select, edit in place, take back, filter. Skipped where there is no Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from crm.records.actions import update_record
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer
from tests.browser.chromium import CHROMIUM
from tests.factories.customers import make_customer
from tests.factories.people import make_cast, make_organization

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    organization, other = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(organization):
        cast = make_cast(organization, other)
        for name in ("Cobalt", "Birch", "Alder"):
            make_customer(cast["alice"], name, lifecycle="lead", website=f"https://{name.lower()}.example")
    return cast


@pytest.fixture
def page(chromium: Any, live_server: Any, settings: Any, people: dict[str, User]) -> Iterator[Any]:
    settings.ALLOWED_HOSTS = ["localhost"]
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    client = Client()
    client.force_login(people["alice"], backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.complaints = []
    opened.on("console", lambda message: opened.complaints.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.goto(f"{live_server.url}/customers/?sort=name")
    yield opened
    context.close()


def stored(people: dict[str, User], name: str) -> Customer:
    with tenant(people["alice"].organization_id or 0):
        found: Customer = Customer.objects.get(name=name)
    return found


def test_edit_in_place_and_undo(page: Any, people: dict[str, User]) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("form.cell-form select").wait_for()
    page.select_option("form.cell-form select", "customer")
    page.keyboard.press("Enter")
    page.locator("form.cell-form select").blur()
    page.locator("#toasts .toast", has_text="Lifecycle saved").wait_for()
    assert stored(people, "Birch").lifecycle == "customer"
    assert "Customer" in page.locator("#list tbody tr", has_text="Birch").inner_text()
    page.locator("#toasts .toast button", has_text="Undo").click()
    page.wait_for_url(re.compile("sort=name"))
    page.locator("#toasts .toast", has_text="Lifecycle set back").wait_for()
    assert stored(people, "Birch").lifecycle == "lead"
    assert page.complaints == []


def test_escape_leaves_the_cell_as_it_was_and_a_wrong_value_stays_with_its_reason(page: Any, people: dict[str, User]) -> None:
    cell = page.locator("#list tbody tr", has_text="Alder").locator("td[data-l='Annual revenue']")
    cell.locator(".cell-edit").click()
    cell.locator("input.input").fill("5000")
    page.keyboard.press("Escape")
    cell.locator(".cell-edit").wait_for()
    assert stored(people, "Alder").annual_revenue is None
    cell.locator(".cell-edit").click()
    cell.locator("input.input").fill("lots")
    page.keyboard.press("Enter")
    cell.locator(".err").wait_for()
    assert cell.locator("input.input").input_value() == "lots"
    cell.locator("input.input").fill("5000")
    page.keyboard.press("Enter")
    cell.locator(".cell-edit", has_text="€5,000").wait_for()
    assert stored(people, "Alder").annual_revenue == 5000
    assert [text for text in page.complaints if "422" not in text] == []


def test_of_two_values_theirs_is_what_the_page_then_says(page: Any, people: dict[str, User]) -> None:
    alder = stored(people, "Alder")
    page.goto(page.url.replace("?sort=name", f"{alder.pk}/"))
    cell = page.locator("#fact-lifecycle")
    cell.locator(".cell-edit").click()
    cell.locator("select").wait_for()
    with tenant(alder.organization_id):
        update_record(alder, by=people["bob"], lifecycle="partner")
    page.select_option("#fact-lifecycle select", "customer")
    page.keyboard.press("Enter")
    cell.get_by_role("button", name="Use theirs").click()
    cell.locator(".cell-edit", has_text="Partner").wait_for()
    page.locator("#rec-badge", has_text="Partner").wait_for()
    cell.locator(".cell-edit").click()
    page.select_option("#fact-lifecycle select", "customer")
    page.keyboard.press("Enter")
    page.locator("#rec-badge", has_text="Customer").wait_for()
    page.get_by_role("link", name="Call", exact=True).click()
    assert page.evaluate("document.activeElement.name") == "direction"
    assert stored(people, "Alder").lifecycle == "customer"
    assert [text for text in page.complaints if "409" not in text] == []


def test_glance_select_and_open_by_keyboard(page: Any) -> None:
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.locator("#peek h2", has_text="Alder").wait_for()
    page.keyboard.press("j")
    page.locator("#peek h2", has_text="Birch").wait_for()
    page.keyboard.press("Escape")
    page.locator("#peek h2").wait_for(state="hidden")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert page.locator("input.sel:checked").count() == 3
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/customers/\d+/\?view=3-3\.sort"))
    assert page.complaints == []


def test_a_filter_by_keyboard(page: Any) -> None:
    page.keyboard.press("f")
    page.locator("#list-filter select[name=add]").wait_for()
    page.select_option("#list-filter select[name=add]", "name")
    page.locator("#list-filter select[name=op]").wait_for()
    page.fill("#list-filter input[name=v]", "irc")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("f=name:contains:irc"))
    assert page.locator("#list tbody tr").count() == 1
    page.locator(".chip a.value").click()
    page.locator("#list-filter input[name=v]").fill("ald")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("f=name:contains:ald"))
    page.locator("a[aria-label='Remove filter Name']").click()
    page.wait_for_url(re.compile(r"customers/\?sort=name$"))
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(page: Any, theme: str, width: int) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    address = page.url.split("?")[0]
    for query in ("", "?f=lifecycle:is:lead&f=name:contains:a&add=annual_revenue", "?f=name:contains:zzz", "?f=shoe_size:is:44"):
        page.goto(address + query)
        assert violations(page) == []
    page.goto(address)
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.locator("#peek h2").wait_for()
    assert violations(page) == []


def violations(page: Any) -> list[str]:
    # evaluated by the browser's tools, so the page's content security policy stays as it is
    page.evaluate((Path(settings.BASE_DIR) / "tests" / "browser" / "vendor" / "axe.min.js").read_text())
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        ".then(result => result.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html.slice(0, 120)).slice(0, 2).join(' | ')))"
    )
    return list(found)
