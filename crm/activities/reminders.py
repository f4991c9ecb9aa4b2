"""Reminders of tasks and meetings: at their minute in the app exactly once, by e-mail at most once."""

from datetime import UTC
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.activities.actions import attendees_of
from crm.activities.choices import Kind
from crm.activities.models import Activity, ActivityLink
from crm.notifications.actions import notify
from crm.notifications.due import LATE, when_due
from crm.notifications.kinds import NotificationKind, register
from crm.notifications.models import Channel, DueItem, Notification
from crm.notifications.wording import actor_of, readable_labels, visible_records, wording
from crm.users.models import User

REMINDER = "reminder"
register(
    NotificationKind("mentioned", gettext_lazy("Somebody names you in a note"), Channel.APP),
    NotificationKind("assigned", gettext_lazy("Somebody gives you a task"), Channel.APP),
    NotificationKind("invited", gettext_lazy("Somebody invites you to a meeting"), Channel.APP),
    NotificationKind(REMINDER, gettext_lazy("Reminders that you set"), Channel.MAIL),
    NotificationKind("activity", gettext_lazy("Something is added to a record that you follow"), Channel.APP),
)


@when_due(REMINDER)
def remind(item: DueItem) -> None:
    """Tell the owner, of a meeting also the colleagues who take part. What is done, deleted or given another time is not told."""
    activity = Activity.objects.filter(organization_id=item.organization_id, pk=item.record_id, deleted_at=None).first()
    if activity is None or activity.done_at is not None or activity.remind_at != item.due_at:
        return
    key = f"{REMINDER}:{activity.pk}:{item.due_at.isoformat()}"
    late = timezone.now() - item.due_at > LATE
    facts = {"late_for": item.due_at.isoformat()} if late else {}
    for person in _to_remind(activity):
        notify(person, REMINDER, activity, key=key, data=facts)


def _to_remind(activity: Activity) -> list[User]:
    """Of the owner and the attendees those who may sign in and see it."""
    pks = {activity.owner_id or 0, *(person.pk for person in attendees_of(activity))}
    people = (
        User.objects.of_organization(activity.organization_id).active().filter(pk__in=pks).select_related("role", "organization", "team")
    )
    return [person for person in people if type(activity).objects.visible_to(person).filter(pk=activity.pk).exists()]


@wording(REMINDER, "bell", gettext_lazy("Reminders"))
def _reminder(notification: Notification, activity: Any, person: User) -> tuple[str, str]:
    """Reminder: Call Elin · due 24 Nov, 09:30 · Vattvik Energi AB"""
    late = "late_for" in notification.data
    text = _("Late reminder: %(what)s") if late else _("Reminder: %(what)s")
    due = [_("due %(time)s") % {"time": local(activity.due_at)}] if activity.due_at else []
    when = due if activity.kind == Kind.TASK else [day_of(activity)]
    return text % {"what": activity}, " · ".join([*when, *_about(activity, person)])


def _about(activity: Activity, person: User) -> list[str]:
    """The names of what it hangs on, as far as the person sees them."""
    links = ActivityLink.objects.filter(organization_id=activity.organization_id, activity_id=activity.pk)
    records = visible_records(links.values_list("record_type", "record_id"), person)
    return [str(record) for record in records.values()]


def day_of(meeting: Activity) -> str:
    """When it is, on the reader's clock; of a whole day the date."""
    return date_format(meeting.at.astimezone(UTC).date(), "D j M") if meeting.all_day else local(meeting.at)


def local(moment: Any) -> str:
    """A time as the reader's clock shows it; the end of the day is only its date."""
    at = timezone.localtime(moment)
    return date_format(at, "D j M" if (at.hour, at.minute) == (23, 59) else "D j M, H:i")


@wording("mentioned", "at", gettext_lazy("Mentions"))
def _mentioned(notification: Notification, note: Any, person: User) -> tuple[str, str]:
    body = note.body if readable_labels("note", ["body"], person) else ""
    return _("%(actor)s mentioned you in a note") % {"actor": actor_of(notification)}, body[:300]


@wording("activity", "activity", gettext_lazy("Activities"))
def _activity(notification: Notification, activity: Any, person: User) -> tuple[str, str]:
    kind = activity.get_kind_display()
    return _("%(actor)s added: %(kind)s") % {"actor": actor_of(notification), "kind": kind}, str(activity)


@wording("invited", "calendar", gettext_lazy("Invitations"))
def _invited(notification: Notification, meeting: Any, person: User) -> tuple[str, str]:
    """Alice invited you to Quarterly review · Tue 24 Nov, 13:00 · Vattvik Energi AB"""
    text = _("%(actor)s invited you to %(meeting)s") % {"actor": actor_of(notification), "meeting": meeting}
    return text, " · ".join([day_of(meeting), *_about(meeting, person)])


@wording("assigned", "checkbox", gettext_lazy("Tasks"))
def _assigned(notification: Notification, task: Any, person: User) -> tuple[str, str]:
    """Mona gave you a task: Send the quote · due Tue 24 Nov · Vattvik Energi AB"""
    text = _("%(actor)s gave you a task: %(task)s") % {"actor": actor_of(notification), "task": task}
    due = [_("due %(time)s") % {"time": local(task.due_at)}] if task.due_at else []
    return text, " · ".join([*due, *_about(task, person)])
