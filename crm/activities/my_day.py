"""What one person's day holds: read once, in a handful of statements."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from crm.activities.models import ActivityLink, Meeting, Task
from crm.fields.record_types import record_types
from crm.notifications.models import Notification
from crm.notifications.wording import Shown, visible_records, worded
from crm.users.models import Reach, User

TASKS, MEETINGS, QUIET, NEWS = 30, 20, 6, 8
QUIET_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Item:
    """A task or a meeting with what it is about, as far as that may be seen; `next` is the meeting that comes next."""

    activity: Any
    about: list[Any] = field(default_factory=list)
    next: bool = False


@dataclass(frozen=True)
class MyDay:
    tasks: list[Item]
    due: int
    overdue: int
    done: int
    meetings: list[Item]
    quiet: list[Any]
    quiet_days: int
    news: list[Shown]
    unread: int
    next_meeting: datetime | None
    week: bool


def my_day(user: User, *, week: bool = False) -> MyDay:
    """The person's own tasks due today (or in seven days) and overdue ones, meetings of the day, customers gone quiet, news."""
    now = timezone.localtime()
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=7 if week else 1)
    tasks, meetings = _tasks(user, start, end), _meetings(user, start)
    about = _about([*tasks, *meetings], user)
    upcoming = next((meeting for meeting in meetings if (meeting.end_at or meeting.at) > now), None)
    counts = _counts(user, start, start + timedelta(days=1))
    news = list(Notification.objects.of(user).select_related("actor").order_by("-at", "-pk")[:NEWS])
    return MyDay(
        tasks=[Item(task, about.get(task.pk, [])) for task in tasks],
        meetings=[Item(meeting, about.get(meeting.pk, []), meeting is upcoming) for meeting in meetings],
        quiet=_quiet(user, now),
        quiet_days=QUIET_AFTER.days,
        news=worded(news, user),
        unread=Notification.objects.of(user).unread().count(),
        next_meeting=upcoming.at if upcoming and upcoming.at > now else None,
        week=week,
        **counts,
    )


def _tasks(user: User, start: datetime, end: datetime) -> list[Task]:
    """Open ones by when they are due, then what was done today."""
    mine = Task.objects.owned_by(user)
    due = list(mine.due_before(end).order_by("due_at", "pk")[:TASKS])
    return due + list(mine.filter(done_at__gte=start).order_by("-done_at")[: max(0, 10 - len(due) // 3)])


def _counts(user: User, start: datetime, end: datetime) -> dict[str, int]:
    mine = Task.objects.owned_by(user).filter(Q(done_at=None, due_at__lt=end) | Q(done_at__gte=start))
    found: dict[str, int] = mine.aggregate(
        due=Count("pk", filter=Q(done_at=None)),
        overdue=Count("pk", filter=Q(done_at=None, due_at__lt=timezone.now())),
        done=Count("pk", filter=Q(done_at__gte=start)),
    )
    return found


def _meetings(user: User, start: datetime) -> list[Meeting]:
    mine = Meeting.objects.owned_by(user)
    return list(mine.filter(at__gte=start, at__lt=start + timedelta(days=1)).order_by("at", "pk")[:MEETINGS])


def _about(activities: list[Any], user: User) -> dict[int, list[Any]]:
    """The records on which these activities hang, as far as the person sees them: a statement, and one for each type."""
    pks = [activity.pk for activity in activities]
    links = ActivityLink.objects.filter(organization_id=user.organization_id or 0, activity_id__in=pks).order_by("pk")
    rows = list(links.values_list("activity_id", "record_type", "record_id")) if pks else []
    records = visible_records([(record_type, pk) for _activity, record_type, pk in rows], user)
    found: dict[int, list[Any]] = {}
    for activity, record_type, pk in rows:
        if (record_type, pk) in records:
            found.setdefault(activity, []).append(records[record_type, pk])
    return found


def _quiet(user: User, now: datetime) -> list[Any]:
    """Own records of the types that can go quiet (`quiet_since`), the longest silence first."""
    found: list[Any] = []
    for kind in record_types:
        if hasattr(kind.objects().none(), "quiet_since") and kind.reach(user, "view") != Reach.NONE:
            mine = kind.objects().visible_to(user).filter(owner=user).quiet_since(now - QUIET_AFTER)
            found += list(mine.order_by("last_activity_at", "pk")[:QUIET])
    return found[:QUIET]
