"""Colleagues who take part in a meeting: it hangs on them as it hangs on a contact, and they see it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from crm.access.decisions import require
from crm.access.shares import add_share, remove_share
from crm.activities.actions.links import hang
from crm.activities.models import Activity, ActivityLink
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.notifications.actions import notify
from crm.search.documents import refresh_principals
from crm.users.models import User

PERSON = "user"
"""The record type of links to colleagues. It has no pages, so nothing that walks along links to records meets it."""


def attendees_of(activity: Activity) -> list[User]:
    """The colleagues who take part besides the owner, by name."""
    return attendees_by_activity([activity.pk], activity.organization_id).get(activity.pk, [])


def attendees_by_activity(pks: Iterable[int], organization_id: int | None) -> dict[int, list[User]]:
    """Of many activities, in at most two statements."""
    links = ActivityLink.objects.filter(organization_id=organization_id or 0, activity_id__in=list(pks), record_type=PERSON)
    pairs = list(links.values_list("activity_id", "record_id"))
    people = User.objects.of_organization(organization_id).select_related("role").in_bulk({pk for _activity, pk in pairs}) if pairs else {}
    found: dict[int, list[User]] = {}
    for activity, pk in pairs:
        if pk in people:
            found.setdefault(activity, []).append(people[pk])
    return {activity: sorted(each, key=lambda person: str(person).casefold()) for activity, each in found.items()}


@transaction.atomic
def set_attendees(meeting: Activity, people: Iterable[User], *, by: User) -> bool:
    """These colleagues take part and nobody else. Who is new sees the meeting and is told of it. Returns whether that changed anything."""
    require(by, "change", meeting)
    wanted = {person.pk: person for person in people if person.pk != meeting.owner_id}
    known = {person.pk: person for person in attendees_of(meeting)}
    new, gone = [wanted[pk] for pk in wanted if pk not in known], [known[pk] for pk in known if pk not in wanted]
    if not new and not gone:
        return False
    hang(meeting, [(PERSON, person.pk) for person in new])
    for person in new:
        add_share(meeting, person, may_change=False, by=by)
    _let_go(meeting, gone)
    refresh_principals(record_types.of(meeting), [meeting.pk])
    names: Any = [", ".join(sorted(map(str, each.values()))) for each in (known, wanted)]
    log_change(Change(meeting, UPDATE, f"{meeting.kind}.attendees", {"attendees": (names[0], names[1])}), by=by)
    record_event(f"{meeting.kind}.attendees", meeting, by=by, data={"people": sorted(wanted)})
    for person in new:
        if person.pk != by.pk:
            notify(person, "invited", meeting, key=f"invited:{meeting.pk}", by=by)
    return True


def _let_go(meeting: Activity, people: list[User]) -> None:
    links = ActivityLink.objects.filter(organization_id=meeting.organization_id, activity_id=meeting.pk, record_type=PERSON)
    links.filter(record_id__in=[person.pk for person in people]).delete()
    for person in people:
        remove_share(meeting, person)
