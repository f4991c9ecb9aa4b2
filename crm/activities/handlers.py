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
