"""Half a year of believable activities for the demonstration organization, relative to today, the same ones at every start."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from crm.access.decisions import may_create
from crm.access.derived import add_access
from crm.activities.choices import Direction, Kind, Outcome, Priority
from crm.activities.models import KINDS, Activity, ActivityLink
from crm.audit.log import CREATE, Change, log_changes
from crm.fields.record_types import record_types
from crm.lib.dates import local_to_utc
from crm.search.rebuild import rebuild_documents
from crm.tenancy.models import Organization
from crm.users.models import User

DAYS = 182
CALLS = [
    ("Confirmed the delivery for next week, wants the papers by e-mail.", Outcome.REACHED),
    ("Asked for a quote for 24 more meters. Budget is approved in the new year.", Outcome.REACHED),
    ("Happy with the pilot. Their second plant would be next.", Outcome.REACHED),
    ("Left a message about the open invoice.", Outcome.VOICEMAIL),
    ("", Outcome.NO_ANSWER),
    ("In a meeting, call again after lunch.", Outcome.BUSY),
    ("Would like to see the new series before deciding. Suggested a visit in two weeks.", Outcome.REACHED),
    ("Price is fine, the terms of payment are not: asks for 60 days.", Outcome.REACHED),
    ("Their buyer is on leave until Monday, spoke to the assistant.", Outcome.REACHED),
    ("Asked to be called back about the service contract.", Outcome.VOICEMAIL),
]
NOTES = [
    "Met at the trade show in Hanover. Looks for a supplier with service in the region.",
    "Their contract with the competitor ends in spring. Stay close.",
    "Prefers short e-mails and decides on Fridays.",
    "New head of purchasing since this month, introduce ourselves.",
    "Complained about the late delivery in May, settled with a credit note.",
    "Uses our sensors in two halls; the third is planned for next year.",
    "The works council must agree to new equipment, count on six weeks.",
    "Wants one invoice for all sites from January.",
    "Compares us with two others. Decides on service, not on price.",
    "Happy to be named as a reference, asks to see the text first.",
    "Parking only at gate 2, bring safety shoes.",
]
MAILS = [
    (Direction.OUTGOING, "Quote as discussed", "Here is the quote we spoke about. It holds until the end of next month."),
    (Direction.INCOMING, "Re: Quote as discussed", "Thank you, the price works for us. Could you split the delivery in two?"),
    (Direction.OUTGOING, "Service dates for next year", "These are the dates for calibration at your sites. Tell us which suit you."),
    (
        Direction.INCOMING,
        "Question about the gateway",
        "Since the last update it restarts at night. What do you need from us to look into it?",
    ),
    (Direction.OUTGOING, "Thank you for the tour", "Thank you for showing us the plant. As promised, the data sheets are attached."),
    (Direction.INCOMING, "Order 24 meters", "We would like to order 24 meters as quoted. The order number follows from purchasing."),
    (Direction.OUTGOING, "Order confirmation", "Your order is booked. Delivery is planned in three weeks; we will confirm the day."),
    (Direction.INCOMING, "New address for invoices", "From next month please send invoices to our shared service centre."),
    (Direction.OUTGOING, "Dates for the review", "Would Tuesday or Thursday of next week suit you for the review?"),
    (Direction.INCOMING, "Re: Dates for the review", "Thursday at ten is good. Could your service colleague join us?"),
]
MEETINGS = [
    ("Site visit", "At their plant"),
    ("Contract walk-through", "Video"),
    ("Quarterly review", "Our office"),
    ("Demo of the new gateway", "Video"),
]
TASKS = [
    "Send the revised quote",
    "Call about the renewal",
    "Ask for the order number",
    "Prepare the site visit",
    "Send the data sheets",
    "Check the open invoice",
]


def make_demo(organization: Organization, people: list[User], now: datetime) -> None:
    """Fill the timelines of the organization's customers and contacts, in its tenant, after they were made."""
    random = Random(20260202)
    customers: list[Any] = list(
        record_types["customer"].model._default_manager.filter(organization=organization).select_related("owner").order_by("pk")
    )
    contacts: dict[int, list[Any]] = {}
    for contact in record_types["contact"].model._default_manager.filter(organization=organization).order_by("pk"):
        contacts.setdefault(contact.customer_id, []).append(contact)  # type: ignore[attr-defined]  # a contact has one
    plans: list[tuple[Activity, list[Any]]] = []
    for number, customer in enumerate(customers):
        if number % 9 == 8:
            continue  # gone quiet
        said: set[str] = set()
        for _each in range(random.randint(9, 16) if number % 6 == 0 else random.randint(1, 6)):
            contact = random.choice(contacts.get(customer.pk, [None]))
            plans.append((_past(customer, contact, now, random, said), [customer, *([contact] if contact else [])]))
    for person in people:
        plans += _ahead(person, [customer for customer in customers if customer.owner_id == person.pk], contacts, now, random)
    for person in _colleagues(organization, people):
        plans += _ahead(person, random.sample(customers, min(12, len(customers))), contacts, now, random)
    _save(organization, plans)


def _colleagues(organization: Organization, people: list[User]) -> list[User]:
    """Managers, support, marketing: whoever else has tasks of their own."""
    others = User.objects.of_organization(organization.pk).active().exclude(pk__in=[person.pk for person in people])
    found = others.select_related("role", "team", "organization").order_by("pk")
    return [person for person in found if may_create(person, KINDS[Kind.TASK])]


def _unsaid(options: list[Any], said: set[str], random: Random) -> Any:
    """One that this customer has not had, while there is one."""
    chosen = random.choice([option for option in options if str(option) not in said] or options)
    said.add(str(chosen))
    return chosen


def _past(customer: Any, contact: Any, now: datetime, random: Random, said: set[str]) -> Activity:
    """Something that was done on a working day of the last half year."""
    known = min(DAYS, (now - customer.created_at).days - 3)  # nothing happens before the customer was added
    at = _working_time(customer.owner, now - timedelta(days=random.uniform(1, known)), random)
    facts: dict[str, Any] = {"owner": customer.owner, "team": customer.team, "at": at, "created_at": at}
    kind = random.choices([Kind.CALL, Kind.NOTE, Kind.EMAIL, Kind.MEETING, Kind.TASK], [5, 3, 5, 2, 2])[0]
    if kind == Kind.CALL:
        body, outcome = _unsaid(CALLS, said, random)
        length = random.randint(40, 1500) if outcome == Outcome.REACHED else None
        facts |= {"body": body, "outcome": outcome, "direction": Direction.OUTGOING, "duration_seconds": length}
    elif kind == Kind.NOTE:
        facts |= {"body": _unsaid(NOTES, said, random)}
    elif kind == Kind.EMAIL:
        direction, subject, body = _unsaid(MAILS, said, random)
        who = str(contact or customer)
        facts |= {"direction": direction, "subject": subject, "body": body}
        facts |= {"sender": who} if direction == Direction.INCOMING else {"recipients": who}
    elif kind == Kind.MEETING:
        subject, place = _unsaid(MEETINGS, said, random)
        facts |= {"subject": subject, "place": place, "end_at": at + timedelta(hours=1)}
    else:
        facts |= {"subject": _unsaid(TASKS, said, random), "due_at": at, "done_at": at, "done_by": customer.owner}
    return KINDS[kind](kind=kind, **facts)


def _ahead(person: User, own: list[Any], contacts: dict[int, list[Any]], now: datetime, random: Random) -> list[tuple[Activity, list[Any]]]:
    """What waits for a person: two late tasks, some for today and the next days, meetings."""
    plans: list[tuple[Activity, list[Any]]] = []
    for days, clock in (
        (-3, time(15)),
        (-1, time(10)),
        (0, time(16)),
        (0, time(17, 30)),
        (1, time(9)),
        (2, time(11)),
        (6, time(14)),
        (9, time(10)),
    ):
        due = _at(person, now, days, clock)
        facts = {"subject": random.choice(TASKS), "due_at": due, "at": due, "priority": random.choice(list(Priority))}
        remind = due - timedelta(minutes=30)
        task = KINDS[Kind.TASK](kind=Kind.TASK, remind_at=remind if remind > now else None, created_at=now - timedelta(days=4), **facts)
        plans.append((_of(task, person), _with_contact(random.choice(own), contacts)))
    for days, hour in ((0, 10), (0, 14), (1, 13), (4, 9)):
        subject, place = random.choice(MEETINGS)
        start = _at(person, now, days, time(hour))
        facts = {
            "subject": subject,
            "place": place,
            "at": start,
            "end_at": start + timedelta(minutes=45),
            "created_at": now - timedelta(days=5),
        }
        plans.append((_of(KINDS[Kind.MEETING](kind=Kind.MEETING, **facts), person), _with_contact(random.choice(own), contacts)))
    return plans


def _with_contact(customer: Any, contacts: dict[int, list[Any]]) -> list[Any]:
    return [customer, *contacts.get(customer.pk, [])[:1]]


def _of(activity: Activity, person: User) -> Activity:
    activity.owner, activity.team = person, person.team
    return activity


def _at(person: User, now: datetime, days: int, clock: time) -> datetime:
    zone = ZoneInfo(person.zone_name)
    return local_to_utc(now.astimezone(zone).date() + timedelta(days=days), clock, zone)


def _working_time(person: User, moment: datetime, random: Random) -> datetime:
    """About then, between eight and five on a weekday."""
    moment -= timedelta(days=max(0, moment.weekday() - 4))
    return local_to_utc(moment.date(), time(random.randint(8, 16), random.randrange(0, 60, 5)), ZoneInfo(person.zone_name))


def _save(organization: Organization, plans: list[tuple[Activity, list[Any]]]) -> None:
    """Rows, links, access, search, log: as the actions leave them, in few statements."""
    for activity, _records in plans:
        activity.organization = organization
        activity.updated_at = min(activity.at, activity.created_at)
        activity.created_by = activity.updated_by = activity.owner
    activities = Activity._base_manager.bulk_create([activity for activity, _records in plans], batch_size=500)
    ActivityLink.objects.bulk_create([link for activity, records in plans for link in _links(activity, records)], batch_size=1000)
    _derive_access(activities)
    for kind in sorted({activity.kind for activity in activities}):
        rebuild_documents(record_types[kind], organization.pk)
    for owner in dict.fromkeys(activity.owner for activity in activities):
        own = [activity for activity in activities if activity.owner == owner]
        log_changes([Change(one, CREATE, f"{one.kind}.created", {}, at=one.created_at) for one in own], by=owner)
    for key in ("customer", "contact"):
        _last_activity(key, organization)


def _derive_access(activities: list[Activity]) -> None:
    """The tables were filled a moment ago and have no statistics yet: without them the planner must not loop over loops."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        add_access(Activity, [activity.pk for activity in activities])
        cursor.execute("SET LOCAL enable_nestloop = on")


def _links(activity: Activity, records: list[Any]) -> list[ActivityLink]:
    is_open = activity.kind == Kind.TASK and activity.done_at is None
    facts: dict[str, Any] = {"organization_id": activity.organization_id, "activity": activity, "kind": activity.kind, "at": activity.at}
    return [
        ActivityLink(**facts, actor=activity.owner, is_open=is_open, record_type=record._meta.model_name, record_id=record.pk)
        for record in records
    ]


def _last_activity(key: str, organization: Organization) -> None:
    """When something last happened there, for all records of the type at once."""
    table = connection.ops.quote_name(record_types[key].model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} r SET last_activity_at = l.at FROM (SELECT record_id, max(at) AS at FROM activities_activitylink "  # noqa: S608
            "WHERE organization_id = %(organization)s AND record_type = %(key)s AND NOT is_open AND at <= now() GROUP BY record_id) l "
            "WHERE r.id = l.record_id AND r.organization_id = %(organization)s",
            {"organization": organization.pk, "key": key},
        )
