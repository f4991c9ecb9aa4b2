"""Meetings and tasks as iCalendar (RFC 5545), as one person may read them."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from crm.activities.actions.attendees import PERSON, attendees_of
from crm.activities.models import Activity, ActivityLink, Meeting, Task
from crm.fields.record_types import record_types
from crm.lib.text import clean
from crm.users.models import User

BEFORE, AHEAD = timedelta(days=90), timedelta(days=366)
AN_HOUR, HALF_AN_HOUR = timedelta(hours=1), timedelta(minutes=30)
MOST = 5_000


def feed_text(person: User, *, with_tasks: bool) -> bytes:
    """The person's own meetings, those that the person takes part in, and open tasks, from three months ago to a year ahead."""
    calendar = _calendar(_("Tern: %(name)s") % {"name": person.name})
    for meeting in meetings_of(person):
        calendar.add_component(_meeting_event(meeting, person))
    for task in tasks_of(person) if with_tasks else ():
        calendar.add_component(_task_event(task, person))
    return bytes(calendar.to_ical())


def meeting_text(meeting: Meeting, person: User) -> bytes:
    """One meeting, with the colleagues who take part, to be put into any calendar."""
    calendar = _calendar(str(meeting))
    event = _meeting_event(meeting, person)
    if meeting.owner is not None:
        event.add("organizer", _address(meeting.owner))
    for colleague in attendees_of(meeting):
        event.add("attendee", _address(colleague))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def meetings_of(person: User) -> Any:
    """Seen, and the person's own or with the person in it."""
    first = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    taking_part = ActivityLink.objects.filter(
        organization_id=person.own_organization_id, activity_id=OuterRef("pk"), record_type=PERSON, record_id=person.pk
    )
    mine = Meeting.objects.visible_to(person).filter(Q(owner=person) | Exists(taking_part))
    return mine.filter(at__gte=first - BEFORE, at__lt=first + AHEAD).order_by("at", "pk")[:MOST]


def tasks_of(person: User) -> Any:
    """Open ones with a day on which they are due."""
    first = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Task.objects.visible_to(person).open().filter(owner=person)
    return mine.filter(due_at__gte=first - BEFORE, due_at__lt=first + AHEAD).order_by("due_at", "pk")[:MOST]


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Tern//Tern CRM//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", clean(name))
    calendar.add("x-wr-calname", clean(name))
    calendar.add("refresh-interval", HALF_AN_HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    return calendar


def _meeting_event(meeting: Meeting, person: User) -> Event:
    event = _event(meeting, person)
    if meeting.all_day:
        _days(event, meeting.at.date(), (meeting.end_at or meeting.at).date())
    else:
        _times(event, meeting.at, meeting.end_at or meeting.at + AN_HOUR)
    event.add("status", "CONFIRMED")
    return event


def _task_event(task: Task, person: User) -> Event:
    """Tasks as events, since most programs leave out the tasks of a calendar that they subscribe to. They block no time."""
    event = _event(task, person)
    due = task.due_at or timezone.now()
    _times(event, due, due + HALF_AN_HOUR)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [_("Task")])
    return event


def _event(activity: Activity, person: User) -> Event:
    """What is known of every activity, without the fields that the role withholds."""
    fields = record_types.of(activity).fields
    subject, body, place = (_readable(activity, fields, key, person) for key in ("subject", "body", "place"))
    event = Event()
    event.add("uid", f"activity-{activity.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", activity.version - 1)
    event.add("dtstamp", activity.updated_at)
    event.add("last-modified", activity.updated_at)
    event.add("summary", subject or capfirst(str(activity._meta.verbose_name)))
    event.add("url", f"{settings.BASE_URL}{activity.get_absolute_url()}")
    for name, text in (("description", body), ("location", place)):
        if text:
            event.add(name, text)
    return event


def _readable(activity: Activity, fields: Any, key: str, person: User) -> str:
    return clean(str(getattr(activity, key))) if key in fields and fields[key].readable_by(person) else ""


def _times(event: Event, begin: datetime, end: datetime) -> None:
    event.add("dtstart", begin)
    event.add("dtend", max(begin, end))


def _days(event: Event, first: date, last: date) -> None:
    """The end of whole days is the day behind the last one."""
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))


def _address(person: User) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = clean(person.name)
    return address
