"""Doing a task, taking that back, putting it off. A task that repeats comes again when it is done."""

import zoneinfo
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.access.decisions import may
from crm.activities.actions.links import hang, happened, links_of
from crm.activities.models import Task
from crm.fields.custom import custom_fields
from crm.lib.dates import day_in, local_to_utc, repeat_next
from crm.records.actions import create_record, delete_record, update_record
from crm.users.models import User


@transaction.atomic
def complete_task(task: Task, *, by: User) -> Task | None:
    """Done. Returns the next one where the task repeats. Completing what is done changes nothing."""
    _lock(task)
    if task.done_at is not None:
        return None
    update_record(task, by=by, verb="task.completed", done_at=timezone.now(), done_by=by)
    happened(task, links_of(task))
    return _repeat(task, by) if task.repeat and task.due_at else None


@transaction.atomic
def reopen_task(task: Task, *, by: User) -> Task:
    """Not done after all. The next one that completing it made goes again, unless somebody has touched it."""
    _lock(task)
    if task.done_at is None:
        return task
    update_record(task, by=by, verb="task.reopened", done_at=None, done_by=None)
    following = Task.objects.filter(organization_id=task.organization_id, previous=task, deleted_at=None, done_at=None, version=1).first()
    if following is not None and may(by, "delete", following):
        delete_record(following, by=by)
    return task


@transaction.atomic
def snooze_task(task: Task, *, days: int, by: User) -> Task:
    """Put it off to that many days from today, at the same time of the day; the reminder moves along."""
    zone = zone_of(task.owner or by)
    day = day_in(zone, timezone.now()) + timedelta(days=days)
    return update_record(task, by=by, verb="task.snoozed", **_moved(task, day, zone))


def zone_of(person: User) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(person.zone_name)


def _lock(task: Task) -> None:
    """The task as it is now, and nobody else's until the end of the transaction."""
    task.refresh_from_db(from_queryset=Task.objects.filter(organization_id=task.organization_id).select_for_update(of=("self",)))


def _added(task: Task, by: User) -> dict[str, Any]:
    """The values of the fields that the organization added, but for those that only one record may have."""
    fields = [placed.field for placed in custom_fields("task").placed]
    return {field.key: getattr(task, field.key) for field in fields if not (field.custom and field.custom.unique) and field.editable_by(by)}


def _moved(task: Task, day: date, zone: zoneinfo.ZoneInfo) -> dict[str, Any]:
    """Due and reminder on another day: the same times on the wall, the same number of days between them."""
    if task.due_at is None:
        return {"due_at": datetime.combine(day, datetime.min.time(), zone).replace(hour=23, minute=59)}
    due = task.due_at.astimezone(zone)
    moved = {"due_at": local_to_utc(day, due.time(), zone)}
    if task.remind_at:
        remind = task.remind_at.astimezone(zone)
        moved["remind_at"] = local_to_utc(day - (due.date() - remind.date()), remind.time(), zone)
    return moved


def _repeat(task: Task, by: User) -> Task | None:
    """The next one, on the first day of the rule that is not over yet; None where that is after the last day."""
    zone = zone_of(task.owner or by)
    first = task.repeat_from or day_in(zone, task.due_at)  # type: ignore[arg-type]  # asked before
    today, day = day_in(zone, timezone.now()), day_in(zone, task.due_at)  # type: ignore[arg-type]
    day = repeat_next(day, task.repeat, first)
    while day < today:
        day = repeat_next(day, task.repeat, first)
    if task.repeat_until and day > task.repeat_until:
        return None
    kept = {key: getattr(task, key) for key in ("subject", "body", "priority", "repeat", "repeat_until", "owner", "team")}
    following = create_record(Task, by=by, previous=task, repeat_from=first, **kept, **_added(task, by), **_moved(task, day, zone))
    hang(following, links_of(task))
    return following
