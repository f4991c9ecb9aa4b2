"""Reminders with real worker processes: down and up again, killed in the middle of an e-mail, two at once."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from subprocess import Popen
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm.activities.actions import create_task
from crm.notifications.due import fire_all
from crm.notifications.mails import uncertain_mails
from crm.notifications.models import DueItem, MailState, Notification, NotificationMail
from crm.notifications.tasks import fire_due
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.factories.people import make_cast, make_organization
from tests.notifications.conftest import MailServer, until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Start = Callable[[], Popen[bytes]]


@pytest.fixture
def people(transactional_db: None) -> Iterator[dict[str, User]]:
    organization, other = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(organization):
        cast = make_cast(organization, other)
    yield cast


def remind_soon(person: User, subject: str = "Call Elin") -> None:
    """A reminder whose minute was a moment ago."""
    with tenant(person.organization_id or 0):
        when = timezone.now() - timedelta(seconds=1)
        create_task([], by=person, subject=subject, due_at=when, remind_at=when)


def inside(person: User, question: Callable[[], Any]) -> Any:
    with tenant(person.organization_id or 0):
        return question()


def mail_states(person: User) -> list[str]:
    return list(inside(person, lambda: list(NotificationMail.objects.values_list("state", flat=True))))


def test_the_worker_was_down_at_that_minute(people: dict[str, User], start_worker: Start, mail_server: MailServer, queue: str) -> None:
    alice = people["alice"]
    remind_soon(alice)
    DueItem.objects.update(due_at=timezone.now() - timedelta(hours=1), next_attempt_at=timezone.now() - timedelta(hours=1))
    with tenant(alice.organization_id or 0), connection.cursor() as cursor:
        cursor.execute("UPDATE activities_activity SET remind_at = (SELECT due_at FROM notifications_dueitem LIMIT 1)")
    fire_due.apply_async(queue=queue)
    start_worker()
    until(lambda: mail_server.received)
    assert mail_server.received == ["Late reminder: Call Elin"]
    until(lambda: mail_states(alice) == [MailState.SENT])
    assert inside(alice, Notification.objects.count) == 1


def test_killed_between_arming_and_the_servers_answer_it_is_listed_and_never_sent_again(
    people: dict[str, User], start_worker: Start, mail_server: MailServer, queue: str
) -> None:
    alice, ada = people["alice"], people["ada"]
    remind_soon(alice)
    mail_server.hangs = True
    worker = start_worker()
    fire_due.apply_async(queue=queue)
    assert mail_server.holding.wait(40)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)
    mail_server.hangs = False
    remind_soon(alice, "Another")
    start_worker()
    fire_due.apply_async(queue=queue)
    until(lambda: "Reminder: Another" in mail_server.received)
    assert mail_server.received.count("Reminder: Call Elin") == 1
    assert sorted(mail_states(alice)) == [MailState.ARMED, MailState.SENT]
    assert inside(alice, Notification.objects.count) == 2
    with tenant(ada.organization_id or 0):
        NotificationMail.objects.filter(state=MailState.ARMED).update(changed_at=timezone.now() - timedelta(minutes=6))
        assert [mail.notification.person for mail in uncertain_mails(ada.organization_id)] == [alice]


def test_a_mail_server_that_hangs_keeps_no_reminder_from_showing(
    people: dict[str, User], start_worker: Start, mail_server: MailServer, queue: str
) -> None:
    """Two workers: one is held by the server, the other one shows what falls due meanwhile, and waits for the server no less than asked."""
    alice = people["alice"]
    mail_server.hangs = True
    start_worker(), start_worker()
    remind_soon(alice)
    fire_due.apply_async(queue=queue)
    assert mail_server.holding.wait(40)
    for number in range(3):
        remind_soon(alice, f"Another {number}")
        fire_due.apply_async(queue=queue)
    until(lambda: inside(alice, Notification.objects.count) == 4)
    assert sorted(mail_states(alice)) == [MailState.ARMED, *[MailState.WAITING] * 3]


def test_two_ticks_at_once_tell_once(people: dict[str, User], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alice = people["alice"]
    for number in range(10):
        remind_soon(alice, f"Call {number}")
    barrier = threading.Barrier(3)

    def tick() -> None:
        barrier.wait()
        fire_all()
        connection.close()

    ticks = [threading.Thread(target=tick) for _each in range(3)]
    for thread in ticks:
        thread.start()
    for thread in ticks:
        thread.join(60)
    from django.core import mail

    assert inside(alice, Notification.objects.count) == 10
    assert len(mail.outbox) == len({message.subject for message in mail.outbox}) == 10
    assert not DueItem.objects.exists()
