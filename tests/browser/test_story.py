"""A sales rep's day, as it must run in a browser: from the sign-in page to the reminder at its minute.

A real scheduler and a real worker run beside the browser all the time. So that nobody has to wait for a week, the clocks of the worker
and of the web are set forward to next week's minute once the task is there (tests/clock.py); the scheduler ticks on as it always does,
and no row of the database is touched by hand.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as configured
from django.utils import timezone
from playwright.sync_api import expect

from crm.activities.actions import log_call, log_email
from crm.activities.models import Note, Task
from crm.notifications.models import DueItem, Notification, NotificationMail
from crm.notifications.tasks import fire_due
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Contact
from tests.browser.chromium import CHROMIUM
from tests.clock import ahead
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import PASSWORD
from tests.notifications.conftest import MailServer, environment, mail_server, until  # noqa: F401  # a fixture

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


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seconds by which the clocks of the web and of the worker are ahead."""
    path, real = tmp_path / "ahead", timezone.now
    path.write_text("0")
    monkeypatch.setattr(timezone, "now", ahead(path, real))
    return path


@pytest.fixture
def processes(people: dict[str, User], clock: Path, mail_server: MailServer, tmp_path: Path) -> Iterator[None]:  # noqa: F811
    """A scheduler and a worker of their own over the test database, with a message broker that nobody else uses."""
    broker = configured.CELERY_BROKER_URL.rpartition("/")[0] + "/15"
    facts = {**environment(mail_server), "REDIS_URL": broker, "TERN_TEST_CLOCK": str(clock)}
    celery = [sys.executable, "-m", "celery", "-A", "crm.config"]
    late = [sys.executable, "-m", "tests.clock", *celery[2:]]
    commands = [
        [*late, "worker", "-Q", "default,mail", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "WARNING"],
        [*celery, "beat", "-s", str(tmp_path / "schedule"), "--pidfile", "", "-l", "WARNING"],
    ]
    started = [subprocess.Popen(command, env=facts, cwd=configured.BASE_DIR, start_new_session=True) for command in commands]
    yield
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def sign_in(page: Any) -> None:
    page.goto("/")
    if page.get_by_label("Work e-mail").count():
        page.get_by_label("Work e-mail").fill("alice@halden.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Alice").wait_for()


@pytest.mark.usefixtures("people", "processes")
def test_a_rep_finds_a_contact_and_is_reminded_of_it(
    marguerite: Contact,
    page: Any,
    clock: Path,
    mail_server: MailServer,  # noqa: F811
) -> None:
    # She signs in.
    sign_in(page)

    # She finds the contact by half of a misspelt name.
    page.goto("/search/")
    page.get_by_role("searchbox", name="Search records").press_sequentially("vandrst", delay=20)
    page.locator("#results").get_by_role("link", name="Marguerite Vandersteen").click()

    # She reads the details, and the past calls and e-mails.
    page.get_by_role("heading", name="Marguerite Vandersteen", level=1).wait_for()
    details = page.get_by_role("complementary", name="Details")
    for text in ("Head of metering", "m.vandersteen@brightwater.example", "Trade show"):
        expect(details.get_by_text(text).first, text).to_be_visible()
    timeline = page.locator("#timeline")
    expect(timeline.get_by_text("Liked the FM-220 on our stand")).to_be_visible()
    expect(timeline.get_by_text("9 min")).to_be_visible()
    expect(timeline.get_by_text("Could you send the price list for 2027?")).to_be_visible()
    timeline.get_by_role("link", name="E-mails").click()
    timeline.get_by_text("Liked the FM-220 on our stand").wait_for(state="detached")
    expect(timeline.get_by_text("“Price list”")).to_be_visible()
    timeline.get_by_role("link", name="Everything").click()

    # She writes a note.
    page.locator("#composer").get_by_role("textbox", name="Note").fill("Budget is decided in January, she wants 40 meters")
    page.get_by_role("button", name="Add note").click()
    timeline.get_by_text("Budget is decided in January, she wants 40 meters").wait_for()
    expect(page.locator("#composer").get_by_role("textbox", name="Note")).to_have_value("")

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

    # A week goes by. The minute before nothing happens: one tick by hand, beside those of the scheduler.
    moment = datetime.combine(day, datetime.min.time(), ZONE).replace(hour=8, minute=30)
    go_to(clock, moment - timedelta(seconds=45))
    fire_due.apply()
    page.wait_for_load_state("networkidle")  # a page that is left while a part of it loads complains in the console
    sign_in(page)
    page.goto("/notifications/")
    expect(page.get_by_text("Reminder: Send the 2027 price list")).to_have_count(0)

    # At its minute the scheduler's next tick reminds her, in the app and by e-mail.
    go_to(clock, moment)
    until(lambda: mail_server.received, 60)
    page.goto("/", wait_until="networkidle")
    page.get_by_role("link", name="Notifications, 1", exact=True).click()
    page.get_by_role("link", name="Reminder: Send the 2027 price list").click()
    page.get_by_role("heading", name="Send the 2027 price list", level=1).wait_for()

    fire_due.apply()
    assert mail_server.received == ["Reminder: Send the 2027 price list"]
    with tenant(marguerite.organization_id):
        assert (Note.objects.count(), Task.objects.count(), NotificationMail.objects.count()) == (1, 1, 1)
        assert Notification.objects.get().at >= moment
        assert not DueItem.objects.exists()
    assert page.complaints == []


def go_to(clock: Path, moment: datetime) -> None:
    """Set the clocks forward to the moment."""
    clock.write_text("0")
    clock.write_text(str((moment - timezone.now()).total_seconds()))
