"""What the platform's happenings mean to people who follow a record."""

from crm.events.models import Event
from crm.events.outbox import on
from crm.fields.record_types import record_types
from crm.notifications.actions.notify import notify
from crm.notifications.models import Following
from crm.notifications.wording import readable_labels
from crm.users.models import User


def followers_of(record_type: str, record_id: int, *, but: int | None = None) -> list[User]:
    """The active people who follow the record, without whoever did it."""
    found = Following.objects.filter(record_type=record_type, record_id=record_id, person__is_active=True).exclude(person_id=but)
    return [following.person for following in found.select_related("person__role", "person__organization")]


@on("*.updated")
def tell_followers(event: Event) -> None:
    """Only those who still see the record, and one of the fields that changed."""
    if event.record_id is None or event.record_type not in record_types:
        return
    people = followers_of(event.record_type, event.record_id, but=event.actor_id)
    for person in people:
        record = record_types[event.record_type].objects().visible_to(person).filter(pk=event.record_id).first()
        fields = event.data.get("fields", [])
        if record is not None and (not fields or readable_labels(event.record_type, fields, person)):
            notify(person, "changed", record, key=f"event:{event.pk}", by=event.actor, data={"fields": fields})
