"""What one person's day holds: read once, in a handful of statements."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from crm.activities.actions.attendees import PERSON
from crm.activities.actions.links import about_of
from crm.activities.models import ActivityLink, Meeting, Task
from crm.fields.record_types import record_types
from crm.notifications.bell import unread_count
from crm.notifications.models import Following, Notification
from crm.notifications.wording import Shown, worded
from crm.users.models import Reach, User

TASKS, DONE, MEETINGS, QUIET, NEWS, LOOKED_AT = 30, 10, 20, 6, 8, 60
LONGEST = timedelta(days=31)
"""A meeting that began longer ago is no longer asked whether it goes on."""
FOLLOWED = ("changed", "activity")
"""Notifications of what happened on what a person follows."""
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
    followed: list[Shown]
    follows: bool
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
    about = about_of([*tasks, *meetings], user)
    upcoming = next((meeting for meeting in meetings if not meeting.all_day and (meeting.end_at or meeting.at) > now), None)
    counts = _counts(user, start, start + timedelta(days=1))
    followed, news = _told(user)
    shown = worded([*followed, *news], user)
    return MyDay(
        tasks=[Item(task, about.get(task.pk, [])) for task in tasks],
        meetings=[Item(meeting, about.get(meeting.pk, []), meeting is upcoming) for meeting in meetings],
        quiet=_quiet(user, now),
        quiet_days=QUIET_AFTER.days,
        followed=[one for one in shown[: len(followed)] if one.url],
        follows=bool(followed) or Following.objects.filter(organization_id=user.own_organization_id, person=user).exists(),
        news=shown[len(followed) :],
        unread=unread_count(user),
        next_meeting=upcoming.at if upcoming and upcoming.at > now else None,
        week=week,
        **counts,
    )


def _tasks(user: User, start: datetime, end: datetime) -> list[Task]:
    """Open ones by when they are due, then what was done today."""
    mine = Task.objects.owned_by(user)
    due, done = mine.due_before(end).order_by("due_at", "pk")[:TASKS], mine.filter(done_at__gte=start).order_by("-done_at")[:DONE]
    found = list(due.union(done, all=True))
    open_ones = sorted((task for task in found if task.done_at is None), key=lambda task: (task.due_at, task.pk))
    ticked = sorted((task for task in found if task.done_at), key=lambda task: task.done_at, reverse=True)
    return open_ones + ticked[: max(0, DONE - len(open_ones) // 3)]


def _counts(user: User, start: datetime, end: datetime) -> dict[str, int]:
    mine = Task.objects.owned_by(user).filter(Q(done_at=None, due_at__lt=end) | Q(done_at__gte=start))
    found: dict[str, int] = mine.aggregate(
        due=Count("pk", filter=Q(done_at=None)),
        overdue=Count("pk", filter=Q(done_at=None, due_at__lt=timezone.now())),
        done=Count("pk", filter=Q(done_at__gte=start)),
    )
    return found


def _meetings(user: User, start: datetime) -> list[Meeting]:
    """Of the day: those that begin, go on or last all day, the person's own ones and those to which colleagues invited."""
    today = datetime.combine(start.date(), time(), UTC)  # how whole days are kept
    until = start + timedelta(days=1)
    begun = Q(at__gte=min(start, today) - LONGEST, at__lt=max(until, today + timedelta(days=1)))
    on_day = Q(all_day=True, at__lte=today, end_at__gte=today) | Q(all_day=False, at__lt=until) & (Q(at__gte=start) | Q(end_at__gt=start))
    own = Meeting.objects.owned_by(user).filter(begun, on_day).order_by("at", "pk")[:MEETINGS]
    links = ActivityLink.objects.filter(begun, organization_id=user.organization_id or 0, record_type=PERSON, record_id=user.pk)
    invited = Meeting.objects.visible_to(user).filter(on_day, pk__in=links.values("activity_id")).order_by("at", "pk")[:MEETINGS]
    found = {meeting.pk: meeting for meeting in own.union(invited, all=True)}
    return sorted(found.values(), key=lambda meeting: (not meeting.all_day, meeting.at, meeting.pk))[:MEETINGS]


def _told(user: User) -> tuple[list[Notification], list[Notification]]:
    """The newest of what happened on what the person follows, and of all else, from one look at the newest ones."""
    newest = list(Notification.objects.of(user).select_related("actor").order_by("-at", "-pk")[:LOOKED_AT])
    followed = [one for one in newest if one.kind in FOLLOWED]
    return followed[:NEWS], [one for one in newest if one.kind not in FOLLOWED][:NEWS]


def _quiet(user: User, now: datetime) -> list[Any]:
    """Own records of the types that can go quiet (`quiet_since`), the longest silence first."""
    found: list[Any] = []
    for kind in record_types:
        if hasattr(kind.objects().none(), "quiet_since") and kind.reach(user, "view") != Reach.NONE:
            mine = kind.objects().of_organization(user).filter(owner=user)  # every reach includes the own ones
            found += list(mine.quiet_since(now - QUIET_AFTER).order_by("last_activity_at", "pk")[:QUIET])
    return found[:QUIET]
