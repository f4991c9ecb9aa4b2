"""Changes through the actions beside the bare statement with its commit. What was written is taken back.

Each turn changes another record, as people do: the versions of one that is changed a thousand times within minutes pile up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import count, cycle
from typing import Any

from django.db import connections, transaction
from django.db.models import Max, Min
from django.utils import timezone

from bench.browser import Browser, counted, signed_in
from bench.cases import Goal
from bench.measure import Cell, Times, in_turns
from bench.timing import seconds_of
from bench.world import Person, World
from crm.access.derived import refresh_access
from crm.activities.actions import log_call
from crm.activities.choices import Kind
from crm.activities.models import Activity
from crm.audit.models import LogEntry
from crm.config.wsgi import application
from crm.events.models import Event, PendingEvent
from crm.fields.record_types import record_types
from crm.records.actions import create_record, share_record, update_record
from crm.search.documents import write_document
from crm.tenancy.transaction import tenant
from crm.users.actions.teams import change_team
from crm.users.models import Role, Team, User
from customers.models import Customer, CustomerPersonShare

ALIAS, NAME, RECORDS = "owner", "Bench Writes", 40
EDIT = "UPDATE customers_customer SET name = %s, updated_at = now(), version = version + 1 WHERE id = %s"
SHARE = (
    "INSERT INTO customers_customerpersonshare (organization_id, user_id, content_object_id, permission_id, shared_by_id) "
    "SELECT %s, %s, %s, min(permission_id), %s FROM customers_customerpersonshare"
)
MOVE = "UPDATE users_team SET parent_id = %s WHERE id = %s"
EDITED, FREE = Goal(10, 10), Goal(seconds=0.2)
Work = Callable[[], object]


def writes_of(world: World) -> Iterator[Cell]:
    """Create, edit, edit through the page, log a call, share and move a team, as the person who sees everything."""
    person = next(one for one in world.people if one.key == "everything")
    with undone(world, person) as pks:
        browser = signed_in(application, person.user)
        for key, action, bare, goal in _pairs(world, person, browser, pks):
            yield _cell(world, person, key, action, bare, goal)


Pair = tuple[str, Work, Work, Goal]


def _pairs(world: World, person: Person, browser: Browser, pks: list[int]) -> Iterator[Pair]:
    records = cycle(pks)
    yield from _edits(world, person, browser, records)
    yield _call(world, person.user, records)
    yield _share(world, person.user, records)
    move, bare = _moves(world, person.user)
    yield "move a team", move, bare, FREE


def _edits(world: World, person: Person, browser: Browser, records: Iterator[int]) -> Iterator[Pair]:
    number, user, organization = count(1), person.user, world.organization

    def create() -> object:
        return create_record(Customer, by=user, name=f"{NAME} {next(number)}", kind="company")

    def insert() -> object:
        return Customer.objects.using(ALIAS).bulk_create(
            [Customer(organization=organization, name=f"{NAME} bare {next(number)}", kind="company", owner=user)]
        )

    def edit() -> object:
        return update_record(Customer.objects.get(pk=next(records)), by=user, name=f"{NAME} {next(number)}")

    def post() -> None:
        answer = browser.post(f"/customers/{next(records)}/cell/phone/", {"phone": f"+4930{1234567 + next(number)}"}, hx_request="true")
        if answer.status != 200:
            raise RuntimeError(f"The edit was answered with {answer.status}.")

    def update() -> None:
        _execute(EDIT, [f"{NAME} {next(number)}", next(records)])

    yield "create", _within(world, create), insert, EDITED
    yield "edit", _within(world, edit), update, EDITED
    yield "edit in the list", post, update, FREE


def _share(world: World, user: User, records: Iterator[int]) -> Pair:
    people = User.objects.filter(organization=world.organization, name__startswith="Person")
    holders, strangers = iter(people.order_by("pk")), iter(people.order_by("-pk"))

    def share() -> object:
        return share_record(Customer.objects.get(pk=next(records)), next(holders), by=user)

    def insert_share() -> None:
        _execute(SHARE, [world.organization.pk, next(strangers).pk, next(records), user.pk])

    return "share", _within(world, share), insert_share, FREE


def _call(world: World, user: User, records: Iterator[int]) -> Pair:
    def call() -> object:
        return log_call([Customer.objects.get(pk=next(records))], by=user, subject=NAME)

    def insert_call() -> None:
        made = Activity(organization=world.organization, kind=Kind.CALL, subject=NAME, at=timezone.now(), owner=user)
        Activity.objects.using(ALIAS).bulk_create([made])

    return "log a call", _within(world, call), insert_call, FREE


def _moves(world: World, user: User) -> tuple[Work, Work]:
    administrator = copy(user)
    with tenant(world.organization):
        administrator.role = Role.objects.get(organization=world.organization, key="administrator")
        teams = list(Team.objects.filter(organization=world.organization).order_by("pk"))
    turn = count()

    def move() -> object:
        team = Team.objects.get(pk=teams[8].pk)
        return change_team(team, name=team.name, parent=teams[1 + next(turn) % 3], by=administrator)

    return _within(world, move), lambda: _execute(MOVE, [teams[1 + next(turn) % 3].pk, teams[8].pk])


def _within(world: World, work: Work) -> Work:
    def run() -> None:
        with tenant(world.organization):
            work()

    return run


def _execute(sql: str, parameters: list[Any]) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, parameters)


def _cell(world: World, person: Person, key: str, action: Work, bare: Work, goal: Goal) -> Cell:
    for _ in range(RECORDS // 2):
        action()
        bare()
    actions, bares = in_turns(lambda: seconds_of(action), lambda: seconds_of(bare))
    with counted() as asked:
        action()
    with counted() as floor:
        bare()
    return Cell(
        case=key,
        person=person.key,
        customers=world.customers,
        sees=person.sees,
        page=Times.of(actions),
        floor=Times.of(bares),
        data=len(asked.data),
        who=len(asked.who),
        frame=len(asked.frame),
        statement_seconds=asked.seconds,
        floor_statement_seconds=floor.seconds,
        size=0,
        goal=goal,
        turns=len(actions),
    )


@contextmanager
def undone(world: World, person: Person) -> Iterator[list[int]]:
    """The records to change. Afterwards the organization is what it was before: rows, access, search, log and events."""
    organization = world.organization.pk
    with tenant(world.organization):
        pks = edited(person)
    before = list(Customer.objects.using(ALIAS).filter(pk__in=pks).values())
    parents = dict(Team.objects.using(ALIAS).filter(organization=organization).values_list("pk", "parent"))
    marks = {model: _last(model) for model in (Customer, CustomerPersonShare, Activity, LogEntry, Event)}
    try:
        yield pks
    finally:
        with transaction.atomic(ALIAS):
            _take_back(organization, marks)
            generated = {column.attname for column in Customer._meta.concrete_fields if column.generated}
            for values in before:
                kept = {key: value for key, value in values.items() if key not in generated}
                Customer.objects.using(ALIAS).filter(pk=values["id"]).update(**kept)
            for pk, parent in parents.items():
                Team.objects.using(ALIAS).filter(pk=pk).update(parent=parent)
        with tenant(world.organization):
            refresh_access(Customer, pks)
            for record in Customer.objects.filter(pk__in=pks):
                write_document(record_types.of(Customer), record)


def edited(person: Person) -> list[int]:
    """The keys of the records that are changed, spread over all that the person sees. In the tenant's transaction."""
    customers = Customer.objects.visible_to(person.user)
    ends = customers.aggregate(first=Min("pk"), last=Max("pk"))
    step = max(1, (ends["last"] - ends["first"]) // RECORDS)
    return list(customers.filter(pk__in=range(ends["first"], ends["last"], step)).order_by("?").values_list("pk", flat=True))


def _last(model: Any) -> int:
    return int(model.objects.using(ALIAS).order_by("-pk").values_list("pk", flat=True).first() or 0)


def _take_back(organization: int, marks: dict[Any, int]) -> None:
    made = list(Customer.objects.using(ALIAS).filter(organization=organization, pk__gt=marks[Customer]).values_list("pk", flat=True))
    _execute("DELETE FROM customers_customeraccess WHERE record_id = ANY(%s)", [made])
    _execute("DELETE FROM search_searchdocument WHERE record_type = 'customer' AND record_id = ANY(%s)", [made])
    called = list(Activity.objects.using(ALIAS).filter(organization=organization, pk__gt=marks[Activity]).values_list("pk", flat=True))
    _execute("DELETE FROM activities_activitylink WHERE activity_id = ANY(%s)", [called])
    _execute("DELETE FROM activities_activityaccess WHERE record_id = ANY(%s)", [called])
    _execute("DELETE FROM search_searchdocument WHERE record_type = 'call' AND record_id = ANY(%s)", [called])
    PendingEvent.objects.using(ALIAS).filter(organization_id=organization, event_id__gt=marks[Event]).delete()
    for model, mark in marks.items():
        model.objects.using(ALIAS).filter(organization=organization, pk__gt=mark)._raw_delete(ALIAS)
