"""Reminders of tasks and meetings: at their minute in the app exactly once, by e-mail at most once."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.activities.choices import Kind
from crm.activities.models import Activity, ActivityLink
from crm.notifications.actions import notify
from crm.notifications.due import LATE, when_due
from crm.notifications.models import DueItem, Notification
from crm.notifications.wording import actor_of, readable_labels, visible_records, wording
from crm.users.models import User

REMINDER = "reminder"


@when_due(REMINDER)
def remind(item: DueItem) -> None:
    """Tell the owner. What is done, deleted, given another time or handed to nobody in between is not told."""
    activity = Activity.objects.filter(organization_id=item.organization_id, pk=item.record_id, deleted_at=None).first()
    if activity is None or activity.done_at is not None or activity.remind_at != item.due_at:
        return
    owner = User.objects.of_organization(item.organization_id).active().filter(pk=activity.owner_id or 0).select_related("role").first()
    if owner is None or not activity.__class__.objects.visible_to(owner).filter(pk=activity.pk).exists():
        return
    key = f"{REMINDER}:{activity.pk}:{item.due_at.isoformat()}"
    late = timezone.now() - item.due_at > LATE
    facts = {"late_for": item.due_at.isoformat()} if late else {}
    notify(owner, REMINDER, activity, key=key, mail=True, data=facts)


@wording(REMINDER, "bell")
def _reminder(notification: Notification, activity: Any, person: User) -> tuple[str, str]:
    """Reminder: Call Elin · due 24 Nov, 09:30 · Vattvik Energi AB"""
    late = "late_for" in notification.data
    text = _("Late reminder: %(what)s") if late else _("Reminder: %(what)s")
    moment = activity.due_at if activity.kind == Kind.TASK else activity.at
    parts = [_("due %(time)s") % {"time": local(moment)}] if moment else []
    links = ActivityLink.objects.filter(organization_id=activity.organization_id, activity_id=activity.pk)
    records = visible_records(links.values_list("record_type", "record_id"), person)
    return text % {"what": activity}, " · ".join([*parts, *[str(record) for record in records.values()]])


def local(moment: Any) -> str:
    """A time as the reader's clock shows it; the end of the day is only its date."""
    at = timezone.localtime(moment)
    return date_format(at, "D j M" if (at.hour, at.minute) == (23, 59) else "D j M, H:i")


@wording("mentioned", "at")
def _mentioned(notification: Notification, note: Any, person: User) -> tuple[str, str]:
    body = note.body if readable_labels("note", ["body"], person) else ""
    return _("%(actor)s mentioned you in a note") % {"actor": actor_of(notification)}, body[:300]


@wording("activity", "activity")
def _activity(notification: Notification, activity: Any, person: User) -> tuple[str, str]:
    kind = activity.get_kind_display()
    return _("%(actor)s added: %(kind)s") % {"actor": actor_of(notification), "kind": kind}, str(activity)
