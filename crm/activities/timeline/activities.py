"""Activities as entries: one walk along the index of links, whatever the number of activities."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.actions.attendees import PERSON
from crm.activities.choices import HUES, ICONS, Kind
from crm.activities.models import Activity, ActivityLink
from crm.activities.timeline.entries import Ask, Entry, Source, timeline_source
from crm.fields.fields import HIDDEN, MASKED
from crm.fields.record_types import record_types
from crm.notifications.wording import visible_records
from crm.users.models import Reach, User

RANK = 10
WORDS = 8
TEXTS = ("subject", "body", "place", "sender", "recipients")
FACTS = ("subject", "body", "due_at", "remind_at", "end_at", "all_day", "place", "priority", "repeat", "direction", "outcome",
         "duration_seconds", "sender", "recipients", "done_at")  # fmt: skip
READ = ("is_open", "activity__owner__name", "activity__owner__email", *(f"activity__{key}" for key in ("kind", "at", "owner", *FACTS)))


def load(ask: Ask) -> list[Entry]:
    """What was done before the cursor; on the first page also what is to come; behind a cursor of what is to come only that."""
    kinds = [kind for kind in Kind.values if ask.show in {"", kind} and ask.user.reach(kind, "view") != Reach.NONE]
    if not kinds:
        return []
    now = timezone.now()
    links = _links(ask, kinds)
    done = links.filter(ask.beyond(RANK, "at", "activity_id"), is_open=False, at__lte=now).order_by("-at", "-activity_id")[: ask.size]
    # each part has its partial index; one condition with "or" would read all links
    parts = (links.filter(_later(ask), is_open=True), links.filter(_later(ask), is_open=False, at__gt=now))
    to_do, to_come = (part.order_by("at", "activity_id")[: ask.size] for part in parts)
    keys = done.union(to_do, to_come, all=True) if ask.first else to_do.union(to_come, all=True) if ask.coming else done
    found = list(_whole(keys, ask))
    others = visible_records({key for link in found for key in _keys(link.others)}, ask.user)
    others |= _colleagues({key for link in found for key in _keys(link.others)}, ask.user)
    return [_entry(link, others, ask.user, now) for link in found]


def _later(ask: Ask) -> Q:
    if ask.coming is None:
        return Q()
    return Q(at__gte=ask.coming.at) & ~Q(at=ask.coming.at, activity_id__lte=ask.coming.pk)


def _colleagues(keys: set[tuple[str, int]], user: User) -> dict[tuple[str, int | None], Any]:
    """The colleagues who take part. A statement only where there are any."""
    pks = {pk for key, pk in keys if key == PERSON}
    people = User.objects.of_organization(user.organization_id).in_bulk(pks) if pks else {}
    return {(PERSON, pk): person for pk, person in people.items()}


def _links(ask: Ask, kinds: list[str]) -> Any:
    """The keys of the record's links."""
    key, pk = ask.record._meta.model_name, ask.record.pk
    links = ActivityLink.objects.filter(organization_id=ask.user.organization_id or 0, record_type=key, record_id=pk, kind__in=kinds)
    links = links.filter(_said(ask, kinds), activity__deleted_at=None)
    return (links.filter(actor_id=ask.actor) if ask.actor else links).values("pk")


def _whole(keys: Any, ask: Ask) -> Any:
    """Those links with their activities; each brings along what else its activity hangs on, as "type:id".

    The columns are named once, not in each part of the union: writing them three times took longer than the database took to answer.
    """
    hanging = ActivityLink.objects.filter(activity_id=OuterRef("activity_id"))
    hanging = hanging.exclude(record_type=ask.record._meta.model_name, record_id=ask.record.pk)
    text = Concat(F("record_type"), Value(":"), Cast("record_id", CharField()), output_field=CharField())
    others = ArraySubquery(hanging.order_by("pk").annotate(text=text).values("text"))
    return ActivityLink.objects.filter(pk__in=keys).select_related("activity__owner").only(*READ).annotate(others=others)


def _said(ask: Ask, kinds: list[str]) -> Q:
    """Every word stands in one of the texts that the role may read of that kind."""
    words = ask.filters.words.split()[:WORDS]
    if not words:
        return Q()
    condition = Q(pk__in=[])
    for kind in kinds:
        fields = record_types[kind].fields
        readable = [key for key in TEXTS if key in fields and fields[key].readable_by(ask.user)]
        of_kind = Q(kind=kind) if readable else Q(pk__in=[])
        for word in words:
            of_kind &= reduce(or_, (Q(**{f"activity__{key}__icontains": word}) for key in readable), Q())
        condition |= of_kind
    return condition


def _keys(texts: list[str]) -> list[tuple[str, int]]:
    return [(record_type, int(pk)) for record_type, _colon, pk in (text.partition(":") for text in texts)]


def _entry(link: ActivityLink, others: dict[Any, Any], user: User, now: Any) -> Entry:
    activity = link.activity
    seen = {key: others[key] for key in _keys(link.others) if key in others}  # type: ignore[attr-defined]  # annotated
    facts = {
        **readable_facts(activity, user),
        "activity": activity,
        "others": [other for key, other in seen.items() if key[0] != PERSON],
        "colleagues": sorted((other for key, other in seen.items() if key[0] == PERSON), key=str),
        "mine": may_touch(user, activity),
        "late": bool(link.is_open and activity.due_at and activity.due_at < now),
    }
    kind = Kind(activity.kind)
    upcoming = link.is_open or activity.at > now
    whole = activity.all_day
    template = f"activities/entries/{kind.value}.html"
    return Entry(RANK, activity.pk, activity.at, kind.value, ICONS[kind], template, activity.owner, HUES[kind], facts, upcoming, whole)


def readable_facts(activity: Activity, user: User) -> dict[str, Any]:
    """The activity's values that the role may read; the others are missing."""
    fields = record_types[activity.kind].fields
    read = {key: fields[key].read(activity, user) for key in FACTS if key in fields}
    return {key: value for key, value in read.items() if value is not HIDDEN and value is not MASKED}


def may_touch(user: User, activity: Activity) -> bool:
    """Whether to offer editing and deleting; the action decides."""
    reach = user.reach(activity.kind, "change")
    return reach == Reach.ALL or (reach != Reach.NONE and activity.owner_id == user.pk)


timeline_source(
    Source(
        "activities",
        RANK,
        load,
        (
            (Kind.NOTE, _("Notes")),
            (Kind.EMAIL, _("E-mails")),
            (Kind.CALL, _("Calls")),
            (Kind.MEETING, _("Meetings")),
            (Kind.TASK, _("Tasks")),
        ),
    )
)
