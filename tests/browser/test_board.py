"""The board in a browser: by key, by hand, with a gate in between, and without scripts."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.tenancy.transaction import tenant
from crm.users.models import User
from sales.models import Opportunity
from tests.browser.chromium import CHROMIUM
from tests.browser.test_pages import WIDE, sign_in, window
from tests.factories.sales import make_opportunity

__all__ = ["window"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


@pytest.fixture
def sale(people: dict[str, User]) -> Opportunity:
    alice = people["alice"]
    with tenant(alice.organization_id or 0):
        return make_opportunity(alice, "Level sensors")


def column(page: Any, stage: str) -> Any:
    return page.locator(".stage", has=page.get_by_role("heading", name=stage))


def stage_of(sale: Opportunity) -> str:
    with tenant(sale.organization_id):
        return Opportunity.objects.select_related("stage").get(pk=sale.pk).stage.name


def test_a_sale_goes_along_by_key_through_a_gate_and_is_won_by_hand(sale: Opportunity, window: Any) -> None:  # noqa: F811
    page = window(viewport=WIDE)
    sign_in(page, "alice@halden.example")
    page.goto("/opportunities/board/")
    card = page.locator(f"#card-{sale.pk}")
    card.get_by_role("link", name="Level sensors", exact=True).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "Needs analysis").locator(f"#card-{sale.pk}")).to_be_visible()
    expect(card.get_by_role("link", name="Level sensors", exact=True)).to_be_focused()

    page.keyboard.press("Shift+ArrowRight")
    dialog = page.locator("#modal")
    dialog.get_by_text("The stage “Proposal” asks for this").wait_for()
    expect(column(page, "Needs analysis").locator(f"#card-{sale.pk}")).to_be_visible()
    dialog.get_by_label("Amount").fill("12,500")
    dialog.get_by_role("button", name="Move").click()
    expect(column(page, "Proposal").locator(f"#card-{sale.pk}")).to_be_visible()
    expect(column(page, "Proposal")).to_contain_text("€12.5k")

    card.locator(".grip").hover()
    page.mouse.down()
    page.locator(".drop[data-kind=won]").hover()
    page.locator(".drop[data-kind=won]").hover()
    page.mouse.up()
    dialog.get_by_text("The stage “Won” asks for this").wait_for()
    assert stage_of(sale) == "Proposal"
    dialog.get_by_label("Close date").fill("2027-01-29")
    dialog.get_by_role("button", name="Move").click()
    expect(card).to_have_count(0)
    assert stage_of(sale) == "Won"


def test_of_two_windows_the_second_hears_where_the_card_is(people: dict[str, User], sale: Opportunity, window: Any) -> None:  # noqa: F811
    first, second = window(viewport=WIDE), window(viewport=WIDE)
    for page, person in ((first, "alice"), (second, "bob")):
        sign_in(page, f"{person}@halden.example")
        page.goto("/opportunities/board/")
        page.locator(f"#card-{sale.pk}").get_by_role("link", name="Level sensors", exact=True).focus()
    first.keyboard.press("Shift+ArrowRight")
    expect(column(first, "Needs analysis").locator(f"#card-{sale.pk}")).to_be_visible()
    second.keyboard.press("w")
    second.get_by_text("Alice moved it in the meantime: it is in “Needs analysis” now").wait_for()
    assert stage_of(sale) == "Needs analysis"


def test_without_scripts_the_card_leads_to_a_form(people: dict[str, User], sale: Opportunity, window: Any) -> None:  # noqa: F811
    with tenant(sale.organization_id):
        Opportunity.objects.filter(pk=sale.pk).update(amount=Decimal(10))
    page = window(viewport=WIDE, java_script_enabled=False)
    sign_in(page, "alice@halden.example")
    page.goto("/opportunities/board/")
    page.get_by_role("link", name="Move Level sensors").click()
    page.get_by_label("Stage").select_option("Proposal")
    page.get_by_role("button", name="Move").click()
    page.wait_for_url(f"**/opportunities/{sale.pk}/")
    assert stage_of(sale) == "Proposal"
