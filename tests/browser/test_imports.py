"""The import wizard in a browser: a file of a real kind from the upload to its undo, and each of its pages, wide and narrow."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.fields.record_types import record_types
from crm.imports import actions
from crm.imports.models import Import
from crm.jobs.models import Job, State
from crm.jobs.run import run_here
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer
from tests.browser.chromium import CHROMIUM
from tests.browser.test_pages import WIDE, faults_of, sign_in, window
from tests.factories.customers import make_customer

__all__ = ["window"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]
FILE = Path(__file__).parent / "files" / "kunden.csv"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def work(person: User) -> None:
    """What a worker would do."""
    with tenant(person.organization_id or 0):
        jobs = list(Job.objects.exclude(state__in=("done", "failed", "cancelled")))
    for job in jobs:
        assert run_here(job).state == State.DONE


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def wizard(request: pytest.FixtureRequest, window: Any) -> Iterator[Any]:  # noqa: F811  # the fixture
    page = window(viewport=WIDE, java_script_enabled=request.param)
    page.scripted = request.param
    yield page


def read_again(page: Any) -> None:
    """With scripts a choice is read again by itself."""
    if not page.scripted:
        page.get_by_role("button", name="Read the file again").click()


def step_on(page: Any, person: User, button: str) -> None:
    """Press what starts a job, and have it done: its result comes by itself with scripts, after “Reload” without."""
    page.get_by_role("button", name=button).click()
    page.get_by_role("region", name="Progress").or_(page.locator("#progress")).first.wait_for()
    page.wait_for_load_state("load")
    work(person)
    if not page.scripted:
        page.get_by_role("link", name="Reload").click()
    page.locator("section#progress").wait_for(state="detached")


def test_a_file_goes_through_the_whole_wizard_and_all_of_it_is_taken_back(people: dict[str, User], wizard: Any) -> None:
    page, ada = wizard, people["ada"]
    sign_in(page, ada.email)
    page.goto("/imports/")
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_label("File").set_input_files(FILE)
    page.get_by_role("button", name="Upload and map columns").click()

    page.get_by_role("heading", name="Map columns").wait_for()
    expect(page.get_by_label("Encoding").locator("option:checked")).to_have_text("Windows-1252 (detected)")
    expect(page.get_by_label("Delimiter").locator("option:checked")).to_have_text("Semicolon ; (detected)")
    revenue = page.locator("tr", has=page.get_by_role("rowheader", name="Umsatz", exact=True)).first
    revenue.get_by_text("184.200,50 → 184,200.50").wait_for()
    mark = page.get_by_label("Decimal mark in Umsatz")
    mark.focus()
    mark.select_option("1,234.56")
    read_again(page)
    revenue.locator("code.bad").first.wait_for()
    if page.scripted:
        assert page.evaluate("document.activeElement.name") == mark.get_attribute("name"), "the keyboard stays where it was"
    mark.select_option("1.234,56")
    read_again(page)
    revenue.get_by_text("184.200,50 → 184,200.50").wait_for()
    page.get_by_role("link", name="1 value unknown").click()
    page.get_by_label("Choice for Brewing").select_option("Food and beverages")
    page.get_by_role("button", name="Use these values").click()
    page.get_by_role("button", name="Continue to duplicates").click()

    page.get_by_label("Recognise records by").select_option("External id")
    expect(page.get_by_text("In the file and not here yet: wichtig")).to_have_count(1)
    page.get_by_label("Add tags that do not exist yet").check()
    step_on(page, ada, "Start the dry run")

    refused = page.get_by_role("row").filter(has_text="Ferrum Stahlwerke")
    expect(refused.locator("code.bad")).to_have_text("viele")
    step_on(page, ada, "Import customers")

    expect(page.get_by_text("Imported", exact=True)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download refused rows").click()
    assert "Ferrum" in download.value.path().read_text(encoding="utf-8-sig")
    with tenant(ada.organization_id or 0):
        brewery = Customer.objects.get(external_id="K-1002")
        assert (brewery.name, brewery.industry, brewery.annual_revenue) == ("Nordhafen Brauerei; GmbH", "food", Decimal("42.60"))
    step_on(page, ada, "Undo the import")

    expect(page.get_by_text("Undone: 3 removed")).to_have_count(1)
    with tenant(ada.organization_id or 0):
        assert not Customer.objects.filter(deleted_at=None).exists()


@pytest.fixture
def imports(people: dict[str, User]) -> dict[str, int]:
    """One import at each of its stages."""
    ada = people["ada"]
    with tenant(ada.organization_id or 0):
        make_customer(ada, "Bäcker & Söhne", external_id="K-1004", billing_city="Lund")
    runs = {stage: begun(ada) for stage in ("mapping", "checking", "checked", "done", "undone")}
    for stage, steps in {"checking": 1, "checked": 1, "done": 2, "undone": 3}.items():
        for step in (actions.start_check, actions.start_commit, actions.start_undo)[:steps]:
            with tenant(ada.organization_id or 0):
                job = step(Import.objects.get(pk=runs[stage]), by=ada, queue_now=False)
            if stage != "checking":
                assert run_here(job).state == State.DONE
        if stage == "done":
            with tenant(ada.organization_id or 0):
                Customer.objects.filter(external_id__startswith="K-").update(external_id="")
    return runs


def begun(ada: User) -> int:
    with tenant(ada.organization_id or 0):
        return actions.begin_import(record_types["customer"], FILE.name, [FILE.read_bytes()], by=ada).pk


PAGES = [
    "/imports/new/", "/imports/{mapping}/columns/", "/imports/{mapping}/choices/2/", "/imports/{mapping}/match/", "/imports/{checking}/",
    "/imports/{checked}/", "/imports/{checked}/?rows=c", "/imports/{checked}/?rows=n", "/imports/{done}/", "/imports/{undone}/",
]  # fmt: skip


@pytest.mark.parametrize("pages", [PAGES[:5], PAGES[5:]], ids=["before", "after"])
def test_every_step_is_sound_at_both_widths_and_in_both_themes(
    imports: dict[str, int],
    window: Any,  # noqa: F811  # the fixture
    pages: list[str],
) -> None:
    assert faults_of([address.format(**imports) for address in pages], window) == []
