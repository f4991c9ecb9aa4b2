"""A sales rep's day, as it must run in a browser: from the sign-in page to the reminder at its minute."""

from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crm.activities.actions import log_call, log_email
from crm.activities.models import Note, Task
from crm.notifications.models import NotificationMail
from crm.notifications.tasks import fire_due
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Contact
from tests.browser.conftest import CHROMIUM
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here; CHROMIUM names another one")]
ZONE = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def marguerite(people: dict[str, User]) -> Contact:
    """Alice met her at a trade show; they have spoken and written since."""
    alice = people["alice"]
    with tenant(alice.organization_id or 0):
        customer = make_customer(alice, "Brightwater Utilities", industry="utilities")
        for first, last in (("Margaret", "Holm"), ("Oskar", "Nyman")):
            make_contact(alice, first, last, customer=customer)
        contact = make_contact(
            alice, "Marguerite", "Vandersteen", customer=customer, source="trade_show", job_title="Head of metering",
            email="m.vandersteen@brightwater.example", phone="+46701740605",
        )  # fmt: skip
        past = timezone.now() - timedelta(days=12)
        log_call(
            [contact],
            by=alice,
            at=past,
            outcome="reached",
            direction="outgoing",
            duration_seconds=540,
            body="Liked the FM-220 on our stand",
        )
        log_email([contact], by=alice, at=past + timedelta(days=1), direction="incoming", sender="Marguerite Vandersteen",
                  subject="Price list", body="Could you send the price list for 2027?")  # fmt: skip
    return contact


def test_a_rep_finds_a_contact_and_is_reminded_of_it(people: dict[str, User], marguerite: Contact, page: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    # She signs in.
    page.goto("/")
    page.get_by_label("Work e-mail").fill("alice@halden.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Alice").wait_for()

    # She finds the contact by half of a misspelt name.
    page.goto("/search/")
    page.get_by_role("searchbox", name="Search records").press_sequentially("vandrst", delay=20)
    page.locator("#results").get_by_role("link", name="Marguerite Vandersteen").click()

    # She reads the details, and the past calls and e-mails.
    page.get_by_role("heading", name="Marguerite Vandersteen", level=1).wait_for()
    details = page.get_by_role("complementary", name="Details")
    for text in ("Head of metering", "m.vandersteen@brightwater.example", "Trade show"):
        assert details.get_by_text(text).first.is_visible(), text
    timeline = page.locator("#timeline")
    assert timeline.get_by_text("Liked the FM-220 on our stand").is_visible()
    assert timeline.get_by_text("9 min").is_visible()
    assert timeline.get_by_text("Could you send the price list for 2027?").is_visible()
    timeline.get_by_role("link", name="E-mails").click()
    timeline.get_by_text("Liked the FM-220 on our stand").wait_for(state="detached")
    assert timeline.get_by_text("“Price list”").is_visible()
    timeline.get_by_role("link", name="Everything").click()

    # She writes a note.
    page.locator("#composer").get_by_role("textbox", name="Note").fill("Budget is decided in January, she wants 40 meters")
    page.get_by_role("button", name="Add note").click()
    timeline.get_by_text("Budget is decided in January, she wants 40 meters").wait_for()
    assert page.locator("#composer").get_by_role("textbox", name="Note").input_value() == ""

    # She sets a follow-up task for next week with a reminder.
    day = timezone.localtime(timezone=ZONE).date() + timedelta(days=7)
    page.locator("#composer").get_by_role("tab", name="Task").click()
    form = page.locator("#compose-task")
    form.get_by_label("What needs doing?").fill("Send the 2027 price list")
    form.get_by_label("Due").fill(day.isoformat())
    form.get_by_label("Reminder").select_option(label="That day, 08:30")
    form.get_by_role("button", name="Create task").click()
    timeline.get_by_text("Upcoming").wait_for()
    timeline.get_by_role("link", name="Send the 2027 price list", exact=True).wait_for()

    # The minute before nothing happens; at its minute she gets the reminder.
    moment = datetime.combine(day, datetime.min.time(), ZONE).replace(hour=8, minute=30)
    tick(moment - timedelta(minutes=1))
    page.goto("/notifications/")
    assert page.get_by_text("Reminder: Send the 2027 price list").count() == 0
    tick(moment)
    tick(moment)
    page.goto("/")
    page.get_by_role("link", name="Notifications, 1", exact=True).click()
    page.get_by_role("link", name="Reminder: Send the 2027 price list").click()
    page.get_by_role("heading", name="Send the 2027 price list", level=1).wait_for()

    from django.core import mail

    assert [message.subject for message in mail.outbox] == ["Reminder: Send the 2027 price list"]
    with tenant(marguerite.organization_id):
        assert (Note.objects.count(), Task.objects.count(), NotificationMail.objects.count()) == (1, 1, 1)
    assert page.complaints == []


def tick(moment: datetime) -> None:
    """The schedule's task, at that moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        fire_due.apply()
