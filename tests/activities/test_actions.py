"""What happens when people write down what they did."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.access.decisions import NotPermitted
from crm.activities.actions import (
    complete_task,
    create_task,
    link_activity,
    log_call,
    plan_meeting,
    reopen_task,
    snooze_task,
    unlink_activity,
    write_note,
)
from crm.activities.models import Activity, ActivityLink, Call, Note, Task
from crm.events.models import Event
from crm.notifications.models import DueItem
from crm.records.actions import delete_record, restore_record, share_record, update_record
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer


def on_timeline(record: object) -> list[int]:
    return list(ActivityLink.objects.filter(record_type=record._meta.model_name, record_id=record.pk).values_list("activity_id", flat=True))  # type: ignore[attr-defined]


def test_alices_note_hangs_on_the_contact_and_its_customer(alice: User) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    note = write_note([contact], by=alice, body="Met at the trade show")
    assert on_timeline(contact) == on_timeline(customer) == [note.pk]


def test_the_same_form_sent_twice_makes_one_note(alice: User) -> None:
    customer = make_customer(alice)
    first = write_note([customer], by=alice, token="abc", body="Once")
    again = write_note([customer], by=alice, token="abc", body="Once")
    assert first == again
    assert Note.objects.count() == 1


def test_an_activity_is_audited_announced_and_moves_last_activity_alone(alice: User) -> None:
    customer = make_customer(alice)
    before = Customer.objects.get(pk=customer.pk)
    log_call([customer], by=alice, body="Asked for a quote", outcome="reached", duration_seconds=660)
    after = Customer.objects.get(pk=customer.pk)
    assert after.last_activity_at is not None
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    assert Event.objects.filter(kind="call.created").exists()


def test_an_older_call_does_not_move_last_activity_back(alice: User) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="Now")
    now = Customer.objects.get(pk=customer.pk).last_activity_at
    log_call([customer], by=alice, at=timezone.now() - timedelta(days=30))
    assert Customer.objects.get(pk=customer.pk).last_activity_at == now


def test_who_sees_the_customer_sees_its_notes_and_nobody_else_does(alice: User, bob: User, dora: User, mona: User) -> None:
    customer = make_customer(mona, "Mona's own")
    note = write_note([customer], by=mona, body="Between us")
    assert not Note.objects.visible_to(dora).exists()
    share_record(customer, dora, by=mona)
    assert Note.objects.visible_to(dora).get() == note
    assert Activity.objects.visible_to(dora).get() == note
    assert not Note.objects.visible_to(bob).exists()


def test_a_shared_task_is_seen_without_its_customer(alice: User, dora: User) -> None:
    task = create_task([make_customer(alice)], by=alice, subject="Together")
    assert not Task.objects.visible_to(dora).exists()
    share_record(task, dora, by=alice)
    assert Task.objects.visible_to(dora).get() == task
    assert not Call.objects.visible_to(dora).exists()


def test_charlie_sees_none_of_it(alice: User, charlie: User) -> None:
    write_note([make_customer(alice)], by=alice, body="Ours")
    assert not Activity.objects.visible_to(charlie).exists()
    assert not Note.objects.visible_to(charlie).exists()


def test_dora_cannot_write_on_what_she_does_not_see(alice: User, dora: User) -> None:
    with pytest.raises(NotPermitted):
        write_note([make_customer(alice)], by=dora, body="Hello")


def test_rows_come_out_as_what_they_are(alice: User) -> None:
    create_task([], by=alice, subject="Send the quote")
    write_note([], by=alice, body="Hm")
    assert {type(activity).__name__ for activity in Activity.objects.all()} == {"Task", "Note"}


def test_a_task_without_a_subject_is_refused_with_a_way_out(alice: User) -> None:
    with pytest.raises(ValidationError, match="Enter a short description"):
        create_task([], by=alice)


def test_a_meeting_does_not_end_before_it_begins(alice: User) -> None:
    now = timezone.now()
    with pytest.raises(ValidationError, match="end is before the start"):
        plan_meeting([], by=alice, subject="Review", at=now, end_at=now - timedelta(hours=1))


def test_completing_a_monthly_task_brings_the_next_one_once(alice: User) -> None:
    alice.time_zone = "Europe/Stockholm"
    alice.save()
    customer = make_customer(alice)
    due = datetime(2027, 1, 31, 8, 0, tzinfo=UTC)
    task = create_task([customer], by=alice, subject="Invoice", due_at=due, remind_at=due - timedelta(days=1), repeat="monthly")
    following = complete_task(task, by=alice)
    assert following is not None
    assert following.due_at == datetime(2027, 2, 28, 8, 0, tzinfo=UTC)
    assert following.remind_at == datetime(2027, 2, 27, 8, 0, tzinfo=UTC)
    assert following.pk in on_timeline(customer)
    assert complete_task(task, by=alice) is None
    third = complete_task(following, by=alice)
    assert third is not None
    assert third.due_at == datetime(2027, 3, 31, 7, 0, tzinfo=UTC)  # nine o'clock in Stockholm, summer time by then


def test_a_stale_copy_cannot_complete_it_again(alice: User) -> None:
    task = create_task([], by=alice, subject="Daily", due_at=timezone.now(), repeat="daily")
    stale = Task.objects.get(pk=task.pk)
    complete_task(task, by=alice)
    assert complete_task(stale, by=alice) is None or Task.objects.count() == 2
    assert Task.objects.filter(done_at=None).count() == 1


def test_reopening_takes_the_next_one_back(alice: User) -> None:
    task = create_task([], by=alice, subject="Weekly", due_at=timezone.now(), repeat="weekly")
    complete_task(task, by=alice)
    reopen_task(task, by=alice)
    assert [t.pk for t in Task.objects.filter(deleted_at=None)] == [task.pk]
    assert Task.objects.get(pk=task.pk).done_at is None


def test_snoozing_keeps_the_time_of_the_day_and_moves_the_reminder(alice: User) -> None:
    due = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=3)
    task = create_task([], by=alice, subject="Later", due_at=due, remind_at=due - timedelta(hours=1))
    snooze_task(task, days=1, by=alice)
    task.refresh_from_db()
    assert task.due_at.hour == 10
    assert task.due_at > timezone.now()
    assert task.due_at - task.remind_at == timedelta(hours=1)


def test_the_due_row_follows_the_task_whoever_writes_it(alice: User) -> None:
    when = timezone.now() + timedelta(days=7)
    task = create_task([], by=alice, subject="Follow up", due_at=when, remind_at=when)
    assert DueItem.objects.get(record_id=task.pk).due_at == when
    update_record(task, by=alice, remind_at=when + timedelta(hours=1))
    assert DueItem.objects.get(record_id=task.pk).due_at == when + timedelta(hours=1)
    delete_record(task, by=alice)
    assert not DueItem.objects.exists()
    restore_record(task, by=alice)
    assert DueItem.objects.exists()
    complete_task(task, by=alice)
    assert not DueItem.objects.exists()
    reopen_task(task, by=alice)
    assert DueItem.objects.exists()


def test_links_follow_the_activity(alice: User, mona: User) -> None:
    customer = make_customer(alice)
    task = create_task([customer], by=alice, subject="Call")
    assert ActivityLink.objects.get(record_type="customer").is_open
    complete_task(task, by=alice)
    link = ActivityLink.objects.get(record_type="customer")
    assert not link.is_open
    assert link.at == task.done_at
    update_record(task, by=mona, owner=mona)
    assert ActivityLink.objects.get(record_type="customer").actor_id == mona.pk


def test_linking_and_unlinking(alice: User) -> None:
    first, second = make_customer(alice), make_customer(alice, "Second")
    call = log_call([first], by=alice)
    link_activity(call, second, by=alice)
    assert on_timeline(second) == [call.pk]
    assert Customer.objects.get(pk=second.pk).last_activity_at is not None
    unlink_activity(call, second, by=alice)
    assert on_timeline(second) == []
    assert Customer.objects.get(pk=second.pk).last_activity_at is None
