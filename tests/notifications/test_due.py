"""Reminders: when they fire, for whom, and when they do not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.utils import timezone

from crm.activities.actions import complete_task, create_task, plan_meeting, set_attendees, snooze_task
from crm.activities.forms import TaskForm
from crm.activities.models import Task
from crm.notifications.due import fire_all
from crm.notifications.mails import uncertain_mails
from crm.notifications.models import DueItem, MailState, Notification, NotificationMail
from crm.notifications.preferences import set_channels
from crm.records.actions import delete_record, update_record
from crm.users.models import Role, User
from tests.factories.customers import make_customer


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def at(moment: datetime) -> Any:
    """The clock that the code looks at."""
    return mock.patch("django.utils.timezone.now", return_value=moment)


def reminded(person: User) -> int:
    return Notification.objects.filter(person=person, kind="reminder").count()


def test_it_fires_at_its_minute_once_in_the_app_and_once_by_mail(alice: User, alice_client: Any) -> None:
    when = timezone.now() + timedelta(days=7)
    create_task([make_customer(alice)], by=alice, subject="Call Elin", due_at=when, remind_at=when)
    with at(when - timedelta(seconds=1)):
        assert fire_all() == 0
    with at(when):
        fire_all()
        fire_all()
    assert reminded(alice) == 1
    assert [message.subject for message in mail.outbox] == ["Reminder: Call Elin"]
    assert "/tasks/" in mail.outbox[0].body
    assert NotificationMail.objects.get().state == MailState.SENT
    assert not DueItem.objects.exists()
    assert "Reminder: Call Elin" in alice_client.get("/").content.decode()


def test_it_is_late_and_says_so_when_nobody_worked_at_its_minute(alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when + timedelta(hours=5)):
        fire_all()
    assert mail.outbox[0].subject == "Late reminder: Call"


def test_a_reminder_at_half_past_eight_follows_the_persons_clock_through_the_change_of_time(alice: User) -> None:
    """The day after clocks went back in Stockholm 08:30 is 07:30 UTC; the day before it was 06:30."""
    from zoneinfo import ZoneInfo

    with timezone.override(ZoneInfo("Europe/Stockholm")):
        for day, hour in (("2027-10-30", 6), ("2027-10-31", 7)):
            form = TaskForm({"subject": "Call", "due_on": day, "remind": "morning", "priority": "normal"}, user=alice)
            assert form.is_valid(), form.errors
            assert form.values()["remind_at"].astimezone(UTC).hour == hour
            assert form.values()["remind_at"].astimezone(UTC).minute == 30


@pytest.mark.parametrize("how", ["complete", "delete", "move", "snooze", "take away"])
def test_what_was_done_deleted_or_moved_does_not_fire(how: str, alice: User) -> None:
    when = timezone.now() + timedelta(minutes=10)
    task = create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    changes: dict[str, Any] = {
        "complete": lambda: complete_task(task, by=alice),
        "delete": lambda: delete_record(task, by=alice),
        "move": lambda: update_record(task, by=alice, remind_at=when + timedelta(days=1)),
        "snooze": lambda: snooze_task(task, days=2, by=alice),
        "take away": lambda: update_record(task, by=alice, remind_at=None),
    }
    changes[how]()
    with at(when + timedelta(minutes=1)):
        fire_all()
    assert reminded(alice) == 0
    assert mail.outbox == []


def test_a_stale_row_does_not_fire(alice: User) -> None:
    """The row of the due table and the task disagree: the task is right."""
    when = timezone.now() + timedelta(days=1)
    task = create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    DueItem.objects.filter(record_id=task.pk).update(due_at=timezone.now(), next_attempt_at=timezone.now())
    fire_all()
    assert reminded(alice) == 0


def test_a_moved_reminder_fires_again_at_its_new_time(alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    task = create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when):
        fire_all()
    update_record(Task.objects.get(pk=task.pk), by=alice, body="More to say")
    with at(when + timedelta(minutes=1)):
        fire_all()
    assert reminded(alice) == 1
    update_record(Task.objects.get(pk=task.pk), by=alice, remind_at=when + timedelta(hours=2))
    with at(when + timedelta(hours=2)):
        fire_all()
    assert reminded(alice) == 2


def test_the_new_owner_is_reminded(alice: User, mona: User, bob: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    task = create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    update_record(task, by=mona, owner=bob)
    with at(when):
        fire_all()
    assert (reminded(alice), reminded(bob)) == (0, 1)


def test_nobody_is_reminded_who_may_no_longer_sign_in(alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with at(when):
        fire_all()
    assert not Notification.objects.exists()
    assert mail.outbox == []


def test_a_meeting_reminds_too(alice: User) -> None:
    start = timezone.now() + timedelta(hours=1)
    plan_meeting([], by=alice, subject="Review", at=start, remind_at=start - timedelta(minutes=15))
    with at(start - timedelta(minutes=15)):
        fire_all()
    assert reminded(alice) == 1


def test_one_that_fails_does_not_stop_the_others_and_is_tried_again(alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    for subject in ("A", "B"):
        create_task([], by=alice, subject=subject, due_at=when, remind_at=when)
    broken = Task.objects.get(subject="A").pk
    from crm.activities import reminders
    from crm.notifications import due

    def failing(item: DueItem) -> None:
        if item.record_id == broken:
            raise RuntimeError("the server is on fire")
        reminders.remind(item)

    with at(when), mock.patch.dict(due._handlers, {"reminder": failing}):
        fire_all()
    assert reminded(alice) == 1
    with at(when + timedelta(minutes=1)):
        fire_all()
    assert reminded(alice) == 2


@pytest.mark.parametrize(("error", "state"), [(ConnectionRefusedError("no"), MailState.WAITING), (TimeoutError("hm"), MailState.UNKNOWN)])
def test_what_the_mail_server_says_decides_whether_it_is_tried_again(error: Exception, state: str, alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when), mock.patch("django.core.mail.EmailMessage.send", side_effect=error):
        fire_all()
    assert NotificationMail.objects.get().state == state
    assert DueItem.objects.filter(kind="mail").exists() is (state == MailState.WAITING)
    with at(when + timedelta(hours=1)):
        fire_all()
    assert len(mail.outbox) == (1 if state == MailState.WAITING else 0)


def test_ada_lists_uncertain_mails_and_decides(alice: User, ada: User, ada_client: Any, alice_client: Any) -> None:
    when = timezone.now() + timedelta(seconds=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when), mock.patch("django.core.mail.EmailMessage.send", side_effect=TimeoutError("hm")):
        fire_all()
    assert alice_client.get("/notifications/uncertain/").status_code == 403
    assert "TimeoutError" in ada_client.get("/notifications/uncertain/").content.decode()
    assert ada_client.post(f"/notifications/uncertain/{NotificationMail.objects.get().pk}/", {"do": "send"}).status_code == 302
    fire_all()
    assert len(mail.outbox) == 1
    assert not uncertain_mails(ada.organization_id).exists()


def test_a_mail_shows_nothing_that_its_reader_may_not_see(alice: User, dora: User) -> None:
    """Between the reminder and the mail the task went to somebody else."""
    when = timezone.now() + timedelta(hours=1)
    task = create_task([], by=alice, subject="Secret plans", due_at=when, remind_at=when)
    from crm.notifications.due import fire_next

    with at(when):
        assert fire_next()
        Task.objects.filter(pk=task.pk).update(owner=dora, team=dora.team)
        from crm.access.derived import refresh_access

        refresh_access(Task, [task.pk])
        fire_all()
    assert mail.outbox == []
    assert NotificationMail.objects.get().state == MailState.SETTLED


def test_who_switched_reminder_mails_off_is_reminded_in_the_app_alone(alice: User, alice_client: Any, bob: User) -> None:
    assert alice_client.post("/notifications/preferences/", {"kind-reminder": "app", "digest_hour": "7"}).status_code == 302
    when = timezone.now() + timedelta(hours=1)
    for person in (alice, bob):
        create_task([], by=person, subject="Call", due_at=when, remind_at=when)
    with at(when):
        fire_all()
    assert (reminded(alice), reminded(bob)) == (1, 1)
    assert [message.to for message in mail.outbox] == [[bob.email]]


def test_a_mail_that_waits_is_not_sent_once_its_reader_has_switched_them_off(alice: User) -> None:
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when):
        fire_all(slow=False)
        set_channels(alice, {"reminder": "app"}, digest_hour=7)
        fire_all()
    assert mail.outbox == []
    assert NotificationMail.objects.get().state == MailState.SETTLED


def test_a_server_that_does_not_answer_before_the_mail_was_not_given_it(alice: User, settings: Any) -> None:
    """A connection that hangs is no uncertain mail: it is tried again."""
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    with at(when), mock.patch("django.core.mail.backends.locmem.EmailBackend.open", side_effect=TimeoutError("timed out"), create=True):
        fire_all()
    assert NotificationMail.objects.get().state == MailState.WAITING
    with at(when + timedelta(minutes=3)):
        fire_all()
    assert len(mail.outbox) == 1


def test_colleagues_who_take_part_are_reminded_too(alice: User, bob: User, dora: User) -> None:
    start = timezone.now() + timedelta(hours=1)
    meeting = plan_meeting([], by=alice, subject="Review", at=start, remind_at=start, attendees=[bob, dora])
    set_attendees(meeting, [bob], by=alice)
    with at(start):
        fire_all()
    assert (reminded(alice), reminded(bob), reminded(dora)) == (1, 1, 0)


def test_nobody_is_reminded_of_what_left_their_sight(alice: User, dora: User) -> None:
    """The role no longer sees tasks at all."""
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call", due_at=when, remind_at=when)
    role = Role.objects.get(key="sales-rep")
    role.reaches = {**role.reaches, "task": {}}
    role.save()
    with at(when):
        fire_all()
    assert not Notification.objects.exists()
    assert mail.outbox == []
    assert not DueItem.objects.exists()


def test_a_reminder_that_came_late_says_so(alice: User, alice_client: Any) -> None:
    when = timezone.now() + timedelta(hours=1)
    create_task([], by=alice, subject="Call Elin", due_at=when, remind_at=when)
    with at(when + timedelta(minutes=30)):
        fire_all()
    assert "Late reminder: Call Elin" in alice_client.get("/notifications/").content.decode()
    assert mail.outbox[0].subject == "Late reminder: Call Elin"
