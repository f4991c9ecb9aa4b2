"""The help over a page keeps what was typed there."""

import pytest

from tests.browser.chromium import CHROMIUM
from tests.ui.test_in_browser import bob, found_by_axe, open_page

__all__ = ["bob", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]


def test_bob_reads_the_help_over_a_form_and_what_he_typed_is_still_there(open_page, bob) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/customers/new/", bob)
    page.fill("[name=name]", "Fjord AS")
    page.click(".help-link")
    page.wait_for_selector("#modal .prose")
    assert [link for link in page.locator("#modal a").all() if link.get_attribute("target") != "_blank"] == []
    assert page.complaints == []
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    assert page.input_value("[name=name]") == "Fjord AS"


def test_without_scripts_the_help_is_a_page(open_page, bob) -> None:  # type: ignore[no-untyped-def]
    page = open_page("/customers/", bob, java_script_enabled=False)
    page.click(".help-link")
    assert "/help/" in page.url
    assert page.locator("article.prose").is_visible()
