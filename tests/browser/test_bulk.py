"""Many records in a browser: rows chosen by key or by tick, given to somebody else and taken back, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer
from tests.browser.chromium import CHROMIUM
from tests.browser.test_pages import NARROW, WIDE, sign_in, window
from tests.factories.customers import make_customer

__all__ = ["window"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


@pytest.fixture
def customers(people: dict[str, User]) -> list[int]:
    """Enough for a second page of 25."""
    alice = people["alice"]
    with tenant(alice.organization_id or 0):
        return [make_customer(alice, f"Nordlys {number:02}").pk for number in range(27)]


def owned_by(person: User) -> int:
    with tenant(person.organization_id or 0):
        return int(Customer.objects.filter(owner=person).count())


def give(page: Any, people: dict[str, User]) -> None:
    """From the bar to the button that does it."""
    page.locator("#bulk").get_by_role("button", name="Assign").click()
    page.locator("select[name=owner]").select_option(str(people["bob"].pk))
    page.get_by_role("button", name="Look what would change").click()


def test_rows_are_chosen_by_key_given_away_and_taken_back(people: dict[str, User], customers: list[int], window: Any) -> None:  # noqa: F811
    page, complaints = window(viewport=WIDE), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, "alice@halden.example")
    page.goto("/customers/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#bulk output")).to_have_text("2 selected")
    give(page, people)
    assert owned_by(people["bob"]) == 0
    page.get_by_role("button", name="Change 2 records").click()
    page.get_by_text("2 changed").wait_for()
    assert owned_by(people["bob"]) == 2
    page.locator("[data-toast-undo] button:visible").click()
    page.get_by_text("2 taken back").wait_for()
    assert owned_by(people["bob"]) == 0 and complaints == []


def test_all_that_match_are_more_than_the_page(people: dict[str, User], customers: list[int], window: Any) -> None:  # noqa: F811
    page = window(viewport=WIDE)
    sign_in(page, "alice@halden.example")
    page.goto("/customers/?size=25&q=Nordlys")
    page.locator("[data-select-all]").check()
    expect(page.locator("#bulk output")).to_have_text("25 selected")
    page.locator("[data-select-matching]").click()
    give(page, people)
    page.get_by_role("button", name="Change 27 records").click()
    page.get_by_text("27 changed").wait_for()
    assert owned_by(people["bob"]) == 27


def test_without_javascript_ticks_belong_to_the_bar(people: dict[str, User], customers: list[int], window: Any) -> None:  # noqa: F811
    page = window(viewport=WIDE, java_script_enabled=False)
    sign_in(page, "alice@halden.example")
    page.goto("/customers/")
    for place in (0, 2):
        page.locator("input.sel").nth(place).check()
    give(page, people)
    page.get_by_role("button", name="Change 2 records").click()
    page.get_by_text("2 changed").wait_for()
    assert owned_by(people["bob"]) == 2
    page.locator("[data-toast-undo] button").first.click()
    page.get_by_text("2 taken back").wait_for()
    assert owned_by(people["bob"]) == 0


def test_on_a_phone_a_tap_on_the_box_selects_and_does_not_open(people: dict[str, User], customers: list[int], window: Any) -> None:  # noqa: F811
    page = window(viewport=NARROW)
    sign_in(page, "alice@halden.example")
    page.goto("/customers/")
    page.locator("input.sel").nth(1).click()
    expect(page.locator("#bulk output")).to_have_text("1 selected")
    assert page.url.endswith("/customers/")
