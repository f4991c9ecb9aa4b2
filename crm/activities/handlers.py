"""What happens to activities, told to those who follow what they hang on; and "last activity" after a deletion."""

from crm.activities.actions.links import links_of, refresh_last_activity
from crm.activities.choices import Kind
from crm.activities.hanging import parents
from crm.activities.models import KINDS, Activity, ActivityLink
from crm.events.models import Event
from crm.events.outbox import on
from crm.fields.record_types import record_types
from crm.notifications.actions import notify
from crm.notifications.handlers import followers_of
from crm.search.documents import refresh_principals
from crm.users.models import User


def _events(*verbs: str) -> list[str]:
    return [f"{kind}.{verb}" for kind in Kind.values for verb in verbs]


@on(*_events("created"))
def tell_followers_of_links(event: Event) -> None:
    """Somebody wrote, called, met or planned something on a record that others follow. Each follower is told once."""
    activity = _activity(event)
    if activity is None or activity.previous_id:
        return
    for record_type, pk in links_of(activity):
        for person in followers_of(record_type, pk, but=event.actor_id):
            if KINDS[activity.kind].objects.visible_to(person).filter(pk=activity.pk).exists():
                notify(person, "activity", activity, key=f"activity:{activity.pk}", by=event.actor)


@on("task.created", "task.updated")
def tell_who_has_to_do_it(event: Event) -> None:
    """Somebody was given a task by somebody else. Told once for each time, unless it has moved on already."""
    if event.kind.endswith(".updated") and "owner" not in event.data.get("fields", []):
        return
    task = _activity(event)
    if task is None or task.previous_id or task.done_at or task.owner_id in {None, event.actor_id} or event.actor_id is None:
        return
    person = User.objects.of_organization(event.organization_id).active().filter(pk=task.owner_id).select_related("role").first()
    if person is not None and type(task).objects.visible_to(person).filter(pk=task.pk).exists():
        notify(person, "assigned", task, key=f"assigned:{task.pk}:{event.pk}", by=event.actor)


@on(*_events("deleted", "restored", "reopened", "updated"))
def refresh_linked_records(event: Event) -> None:
    """Idempotent: it looks again when something last happened there."""
    moved = {"at", "done_at"} & set(event.data.get("fields", [])) or not event.kind.endswith(".updated")
    activity = Activity.objects.filter(organization_id=event.organization_id, pk=event.record_id or 0).first() if moved else None
    if activity is not None:
        refresh_last_activity(links_of(activity), event.organization_id)


@on("*.updated", "*.shared", "*.unshared", "*.restored", "*.deleted")
def find_activities_with_their_records(event: Event) -> None:
    """Search follows what the access rows followed at once: who sees a record also finds what hangs on it."""
    moved = {"owner", "team"} & set(event.data.get("fields", [])) or not event.kind.endswith(".updated")
    if not moved or event.record_type not in parents():
        return
    links = ActivityLink.objects.filter(
        organization_id=event.organization_id, record_type=event.record_type, record_id=event.record_id or 0
    )
    by_kind: dict[str, list[int]] = {}
    for kind, pk in links.values_list("kind", "activity_id"):
        by_kind.setdefault(kind, []).append(pk)
    for kind, pks in by_kind.items():
        refresh_principals(record_types[kind], pks)


def _activity(event: Event) -> Activity | None:
    return Activity.objects.filter(organization_id=event.organization_id, pk=event.record_id or 0, deleted_at=None).first()
