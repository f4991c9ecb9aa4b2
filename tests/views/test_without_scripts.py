"""With JavaScript switched off: a record made, edited, set back, shared, deleted, restored; a list filtered, sorted, arranged, kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer
from tests.browser.chromium import CHROMIUM
from tests.views.lists.test_in_browser import people

__all__ = ["people"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


@pytest.fixture
def plain(chromium: Any, live_server: Any, settings: Any, people: dict[str, User]) -> Iterator[Any]:
    """alice's window without JavaScript."""
    settings.ALLOWED_HOSTS = ["localhost"]
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False, base_url=live_server.url)
    context.set_default_timeout(20000)
    client = Client()
    client.force_login(people["alice"], backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def stored(people: dict[str, User], name: str) -> Customer:
    with tenant(people["alice"].organization_id or 0):
        found: Customer = Customer.objects.get(name=name)
    return found


def test_a_record_from_its_making_to_the_bin_and_back(plain: Any, people: dict[str, User]) -> None:
    plain.goto("/customers/")
    plain.get_by_role("link", name="New customer").click()
    plain.fill("[name=name]", "Dune Works")
    plain.get_by_role("button", name="Add customer").click()
    plain.get_by_role("heading", name="Dune Works").wait_for()
    plain.locator("#fact-industry a.cell-edit").click()
    assert plain.url.endswith("/edit/#id_industry")
    plain.select_option("[name=industry]", "technology")
    plain.get_by_role("button", name="Save changes").click()
    assert plain.locator("#fact-industry").inner_text() == "Technology"
    plain.get_by_role("button", name="More actions").click()
    plain.get_by_role("link", name="Change history").click()
    plain.locator("tr", has_text="Industry").get_by_role("button", name="back").click()
    assert stored(people, "Dune Works").industry == ""
    plain.goto(f"/customers/{stored(people, 'Dune Works').pk}/")
    plain.get_by_role("button", name="More actions").click()
    plain.get_by_role("link", name="Share…").click()
    plain.select_option("[name=holder]", f"person-{people['dora'].pk}")
    plain.get_by_role("button", name="Share").click()
    assert "May see" in plain.locator("main").inner_text()
    plain.goto(f"/customers/{stored(people, 'Dune Works').pk}/")
    plain.get_by_role("button", name="More actions").click()
    plain.get_by_role("button", name="Delete").click()
    plain.locator("#toasts").get_by_role("button", name="Undo").click()
    assert stored(people, "Dune Works").deleted_at is None
    plain.get_by_role("button", name="More actions").click()
    plain.get_by_role("button", name="Delete").click()
    plain.goto("/recycle-bin/")
    plain.get_by_role("button", name="Restore Dune Works").click()
    assert stored(people, "Dune Works").deleted_at is None


def rows(page: Any) -> list[str]:
    return [text.split()[0] for text in page.locator("#list tbody th .who > span:last-child").all_inner_texts()]


def test_a_list_filtered_sorted_arranged_kept_and_searched(plain: Any, people: dict[str, User]) -> None:
    plain.goto("/customers/")
    plain.get_by_role("link", name="Filter", exact=True).click()
    plain.select_option("[name=add]", "name")
    plain.get_by_role("button", name="Continue").click()
    plain.select_option("[name=op]", "contains")
    plain.fill(".filter-form [name=v]", "b")
    plain.get_by_role("button", name="Add filter").click()
    plain.locator("#list thead").get_by_role("link", name="Name").click()
    assert rows(plain) == ["Birch", "Cobalt"]
    plain.get_by_role("button", name="Columns").click()
    plain.get_by_role("button", name="Move Owner to the left").click()
    plain.get_by_role("button", name="Show columns").click()
    heads = plain.locator("#list thead th").all_inner_texts()
    assert heads.index("Owner") < heads.index("Annual revenue")
    plain.get_by_role("button", name="Save view").click()
    plain.fill("#save-view [name=name]", "With b")
    plain.locator("#save-view").get_by_role("button", name="Save view").click()
    assert plain.locator(".tabs [aria-current]").inner_text().startswith("With b")
    plain.locator("#list tbody th a").first.click()
    assert "1 of 2" in plain.locator(".page-head").inner_text()
    plain.get_by_role("link", name="Next record").click()
    plain.get_by_role("heading", name="Cobalt").wait_for()
    plain.fill(".find input", "birh")
    plain.press(".find input", "Enter")
    plain.locator(".search-results").get_by_role("link", name="Birch").click()
    plain.get_by_role("heading", name="Birch").wait_for()
