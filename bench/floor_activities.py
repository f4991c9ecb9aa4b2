"""The floors of the activity lists and of My day: the same rows with what they are about, without asking who may see them."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from crm.activities.actions.attendees import PERSON
from crm.activities.models import Activity, ActivityLink
from crm.notifications.models import Following, Notification
from crm.users.models import User
from customers.models import Contact, Customer

SIZE = 50
COLUMNS = {
    "task": ("due_at", "priority", "repeat", "done_at"),
    "call": ("at", "direction", "outcome", "duration_seconds"),
    "meeting": ("at", "end_at", "all_day", "place"),
    "note": ("body", "at"),
    "email": ("direction", "sender", "recipients", "at"),
}


def list_context(kind: str, organization: int, alias: str) -> dict[str, Any]:
    """What floor/activities.html shows: the newest of a kind."""
    columns = COLUMNS[kind]
    mine = Activity.objects.using(alias).filter(organization_id=organization, kind=kind, deleted_at=None)
    rows: list[Any] = list(mine.only("kind", "subject", "owner", "updated_at", *columns).order_by("-updated_at", "-pk")[: SIZE + 1])
    people = User.objects.using(alias).filter(organization_id=organization, pk__in={row.owner_id for row in rows})
    names = dict(people.values_list("pk", "name"))
    for row in rows:
        row.owner_name, row.shown = names.get(row.owner_id, ""), [getattr(row, column) for column in columns]
    _put_about(rows, alias)
    return {"kind": kind, "columns": columns, "rows": rows[:SIZE], "more": len(rows) > SIZE}


def day_context(person: int, organization: int, alias: str) -> dict[str, Any]:
    """What floor/day.html shows: own tasks and meetings of today, what went quiet, what is new."""
    now = timezone.localtime()
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    mine = Activity.objects.using(alias).filter(organization_id=organization, owner_id=person, deleted_at=None)
    tasks, meetings = mine.filter(kind="task"), mine.filter(kind="meeting", at__lt=end, at__gte=start - timedelta(days=31))
    invitations = ActivityLink.objects.filter(organization_id=organization, record_type=PERSON, record_id=person, at__lt=end)
    invited = Activity.objects.using(alias).filter(pk__in=invitations.values("activity_id"), kind="meeting", end_at__gt=start)
    due, done = tasks.filter(done_at=None, due_at__lt=end), tasks.filter(done_at__gte=start)
    shown = list(due.order_by("due_at", "pk")[:30].union(done.order_by("-done_at")[:10], all=True))
    agenda = list(meetings.filter(Q(at__gte=start) | Q(end_at__gt=start)).order_by("at")[:20].union(invited.order_by("at")[:20], all=True))
    _put_about([*shown, *agenda], alias)
    told = Notification.objects.using(alias).filter(organization_id=organization, person_id=person)
    return {
        "tasks": shown,
        "meetings": agenda,
        "counts": tasks.filter(Q(done_at=None, due_at__lt=end) | Q(done_at__gte=start)).aggregate(
            due=Count("pk", filter=Q(done_at=None)), late=Count("pk", filter=Q(done_at=None, due_at__lt=now))
        ),
        "quiet": _quiet(person, organization, now, alias),
        "news": list(told.select_related("actor").order_by("-at", "-pk")[:60]),
        "follows": Following.objects.using(alias).filter(organization_id=organization, person_id=person).exists(),
        "unread": told.filter(read_at=None)[:99].count(),
    }


def _quiet(person: int, organization: int, now: Any, alias: str) -> list[Any]:
    long_ago = now - timedelta(days=60)
    silent = Q(last_activity_at__lt=long_ago) | Q(last_activity_at=None, created_at__lt=long_ago)
    mine = Customer.objects.using(alias).filter(silent, organization_id=organization, owner_id=person, deleted_at=None)
    return list(mine.only("name", "last_activity_at").order_by("last_activity_at", "pk")[:6])


def _put_about(activities: list[Any], alias: str) -> None:
    """The customers and contacts that each hangs on."""
    pks = [activity.pk for activity in activities]
    links = list(ActivityLink.objects.using(alias).filter(activity_id__in=pks).order_by("pk")) if pks else []
    known: dict[tuple[str, int], Any] = {}
    for key, model in (("customer", Customer), ("contact", Contact)):
        ids = {link.record_id for link in links if link.record_type == key}
        found = model.objects.using(alias).filter(deleted_at=None).only("name").in_bulk(ids) if ids else {}
        known |= {(key, pk): record for pk, record in found.items()}
    for activity in activities:
        keys = [(link.record_type, link.record_id) for link in links if link.activity_id == activity.pk]
        activity.about = [known[key] for key in keys if key in known]
