"""Every page in a browser, wide and narrow, light and dark; and the whole life of a customer without JavaScript."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.activities.actions import log_call
from crm.activities.models import Task
from crm.records.actions import create_record, share_record, update_record
from crm.tenancy.transaction import tenant
from crm.users.models import Team, User
from customers.actions import add_affiliation, add_point, create_tag, relate
from customers.choices import PointKind
from customers.models import Contact, Customer
from tests.browser.chromium import CHROMIUM
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import PASSWORD
from tests.factories.sales import make_opportunity

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGES = [
    "/",
    "/customers/",
    "/customers/?q=nothing-has-this-name",
    "/customers/new/",
    "/customers/{customer}/",
    "/customers/{customer}/edit/",
    "/customers/{customer}/relationships/",
    "/contacts/",
    "/contacts/{contact}/",
    "/contacts/{contact}/edit/",
    "/contacts/{contact}/points/",
    "/contacts/{contact}/points/{point}/",
    "/contacts/{contact}/roles/",
    "/contacts/{contact}/roles/{role_there}/",
    "/tasks/",
    "/tasks/new/",
    "/tasks/{task}/",
    "/search/?q=alder",
    "/records/customer/{customer}/history/",
    "/records/customer/{customer}/share/",
    "/records/customer/{customer}/why/",
    "/records/customer/{customer}/why/?person={bob}",
    "/recycle-bin/",
    "/notifications/",
    "/notifications/preferences/",
    "/bulk/",
    "/bulk/new/customer/edit/?every_match=1&field=industry",
    "/bulk/new/customer/share/?pk={customer}",
    "/profile/calendar/",
    "/imports/",
    "/exports/",
    "/exports/new/customer/?f=lifecycle:is:customer",
    "/opportunities/",
    "/opportunities/board/",
    "/opportunities/new/",
    "/opportunities/{opportunity}/",
    "/opportunities/{opportunity}/stage/",
    "/jobs/",
    "/profile/",
    "/profile/home/",
    "/setup/",
    "/setup/organization/",
    "/setup/people/",
    "/setup/teams/",
    "/setup/roles/",
    "/setup/roles/{role}/",
    "/setup/roles/{role}/home/",
    "/setup/tags/",
    "/setup/tags/{tag}/",
    "/setup/tags/{tag}/remove/",
    "/setup/doubles/",
    "/setup/changes/",
    "/setup/sign-ins/",
    "/setup/access/",
]


@pytest.fixture
def alder(people: dict[str, User]) -> dict[str, int]:
    """A customer with a contact, a call and a task: what the addresses of PAGES name."""
    alice = people["alice"]
    with tenant(alice.organization_id or 0):
        host = "alder-cold-storage-of-the-harbours.example"
        customer = make_customer(alice, "Alder Cold Storage of the Northern Harbours AB", industry="utilities", email=f"office@{host}")
        contact = make_contact(alice, "Karin", "Ek", customer=customer, email=f"karin.ek@{host}")
        log_call(
            [customer], by=alice, at=timezone.now() - timedelta(days=1), outcome="reached", direction="outgoing", body="Two more sites"
        )
        task = create_record(Task, by=alice, subject="Send the price list")
        sale = make_opportunity(alice, "Level sensors for the cold stores of the northern harbours", customer, amount=Decimal(184200))
        found = {
            "opportunity": sale.pk,
            "customer": customer.pk,
            "contact": contact.pk,
            "task": task.pk,
            "role": people["ada"].role_id or 0,
        }
        return {**found, **beside(customer, contact, people)}


def beside(customer: Customer, contact: Contact, people: dict[str, User]) -> dict[str, int]:
    """What hangs on the two, so that each panel has something to show."""
    alice, bob = people["alice"], people["bob"]
    update_record(contact, by=alice, do_not_call=True, phone="+4722334455", birthday=date(1984, 2, 29))
    point = add_point(contact, PointKind.EMAIL, "karin.ek.of.the.northern.harbours@alder-cold-storage.example", by=alice)
    other = make_customer(alice, "Nordhavn Brewing and Bottling", parent=customer)
    there = add_affiliation(contact, other, role="Adviser", since=date(2020, 1, 1), by=alice)
    add_affiliation(contact, other, role="Treasurer", since=date(2015, 1, 1), until=date(2019, 12, 31), by=alice)
    relate(customer, "supplier", other, note="Since the fair", by=alice)
    tag = create_tag("key account", hue="violet", by=people["ada"])
    update_record(customer, by=alice, tags=[tag])
    share_record(customer, people["dora"], by=alice)
    share_record(customer, Team.objects.get(name="South"), may_change=True, by=alice)
    return {"point": point.pk, "role_there": there.pk, "tag": tag.pk, "bob": bob.pk}


@pytest.fixture
def window(chromium: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """`window(**options)`: a page of a new context on the application."""
    settings.ALLOWED_HOSTS = ["localhost"]
    contexts = []

    def opened(**options: Any) -> Any:
        context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Any, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("pages", [PAGES[start::5] for start in range(5)], ids=["first", "second", "third", "fourth", "fifth"])
def test_every_page_is_sound_at_both_widths_and_in_both_themes(
    people: dict[str, User], alder: dict[str, int], window: Any, pages: list[str]
) -> None:
    assert faults_of([address.format(**alder) for address in pages], window) == []


def faults_of(addresses: list[str], window: Any) -> list[str]:
    """What is wrong with these pages for an administrator: complaints of the console, pages wider than the window, axe's findings."""
    faults: list[str] = []
    here = ""
    page = window(viewport=WIDE)
    page.on("console", lambda message: message.type in {"error", "warning"} and faults.append(f"{here}: {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"{here}: {error}"))
    checked = window(viewport=WIDE, bypass_csp=True)  # axe writes styles of its own, which the policy would refuse
    sign_in(page, "ada@halden.example")
    checked.context.add_cookies(page.context.cookies())
    for address in addresses:
        here = address
        if (answer := page.goto(address)).status != 200:
            faults.append(f"{here}: answers {answer.status}")
            continue
        checked.goto(address)
        for theme, size in (("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW)):
            faults += [f"{here} {theme} {size['width']}: {fault}" for fault in overflow(arranged(page, theme, size))]
            if (theme == "light") == (size is WIDE):
                faults += [f"{here} {theme} {size['width']}: {fault}" for fault in axe(arranged(checked, theme, size))]
    return faults


DIALOGS = {
    "share": ("button[popovertarget=rec-menu]", "#rec-menu a[data-modal]", "dialog[open] form"),
    "why": ("button[popovertarget=why]", "", "#why li"),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_of_a_record_are_sound(name: str, people: dict[str, User], alder: dict[str, int], window: Any) -> None:
    first, then, shown = DIALOGS[name]
    page = window(viewport=WIDE, bypass_csp=True)
    sign_in(page, "alice@halden.example")
    faults: list[str] = []
    for theme, size in (("light", WIDE), ("dark", NARROW)):
        arranged(page, theme, size).goto(f"/customers/{alder['customer']}/")
        page.locator(first).first.click()
        if then:
            page.locator(then).click()
        page.locator(shown).first.wait_for()
        faults += [f"{theme} {size['width']}: {fault}" for fault in (*overflow(page), *axe(page))]
    assert faults == []


def arranged(page: Any, theme: str, size: dict[str, int]) -> Any:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(size)
    return page


def overflow(page: Any) -> list[str]:
    """The pixels by which the page is wider than the window, if it is, and the elements that stick out."""
    wider = page.evaluate("""() => {
        const width = document.documentElement.clientWidth
        if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return []
        return [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > width + 1)
            .slice(0, 3).map(e => e.outerHTML.slice(0, 100))
    }""")
    return [f"scrolls sideways because of {wider}"] if wider else []


def axe(page: Any) -> list[str]:
    """What axe-core finds wrong, as "rule: first element"."""
    page.evaluate(AXE)
    found = page.evaluate("levels => axe.run({runOnly: levels, resultTypes: ['violations']})", LEVELS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def test_a_customer_is_changed_deleted_and_brought_back_without_javascript(
    people: dict[str, User], alder: dict[str, int], window: Any
) -> None:
    page = window(viewport=WIDE, java_script_enabled=False)
    sign_in(page, "alice@halden.example")
    page.goto("/customers/")
    page.get_by_role("link", name="Alder Cold Storage").first.click()

    page.locator("a[data-edit-record]").click()
    page.get_by_label("Employees").fill("74")
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(f"**/customers/{alder['customer']}/")
    expect(page.locator("#fact-size")).to_have_text("74")

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.goto("/customers/")
    expect(page.get_by_role("link", name="Alder Cold Storage")).to_have_count(0)

    page.goto("/recycle-bin/")
    page.get_by_role("button", name="Restore").first.click()
    page.goto("/customers/")
    expect(page.get_by_role("link", name="Alder Cold Storage").first).to_be_visible()
    with tenant(people["alice"].organization_id or 0):
        assert Customer.objects.get(pk=alder["customer"]).size == 74
