"""What the people do whom somebody leads: for those whose role sees the tasks of their teams."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from crm.access.principals import Principal, pks_among, principals_of
from crm.activities.actions.links import about_of
from crm.activities.choices import Kind
from crm.activities.models import Activity, Task
from crm.activities.my_day import Item
from crm.fields.record_types import record_types
from crm.users.models import Reach, User

PEOPLE, LATE = 50, 8
WEEK = timedelta(days=7)
LEADS = frozenset({Reach.TREE, Reach.ALL})


@dataclass(frozen=True)
class Colleague:
    """One person with open tasks that are late or due today, and what was done in seven days: tasks ticked off, activities held."""

    person: User
    late: int = 0
    today: int = 0
    done: int = 0
    activities: int = 0

    @property
    def tasks(self) -> str:
        """Where the open tasks of this person are listed."""
        return f"?f=owner:is:{self.person.pk}&f=done_at:is_empty&sort=due_at"


@dataclass(frozen=True)
class TeamDay:
    """The most late first. `late_tasks` are the longest late ones of all of them."""

    people: list[Colleague]
    late_tasks: list[Item] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.people)

    @property
    def activities(self) -> int:
        return sum(one.activities for one in self.people)


def leads_people(user: User) -> bool:
    """Whether the role sees the tasks of others, and whose they are."""
    return user.reach("task", "view") in LEADS and "owner" in record_types["task"].readable_fields(user)


def team_day(user: User) -> TeamDay:
    """The colleagues of the person's own team and of those below; without a team, whoever reaches all has everybody."""
    people = _people_below(user) if leads_people(user) else []
    pks = [person.pk for person in people]
    tasks, held = _tasks(user, pks), _held(user, pks)
    found = [Colleague(person, **tasks.get(person.pk, {}), activities=held.get(person.pk, 0)) for person in people]
    late = list(_of(user, pks).overdue().order_by("due_at", "pk").select_related("owner")[:LATE]) if pks else []
    about = about_of(late, user)
    ordered = sorted(found, key=lambda one: (-one.late, -one.today, one.person.name))
    return TeamDay(ordered, [Item(task, about.get(task.pk, [])) for task in late])


def _people_below(user: User) -> list[User]:
    teams = pks_among(principals_of(user, "task", "view"), Principal.TEAM)
    people = User.objects.of_organization(user.organization_id).active().exclude(pk=user.pk)
    if teams or user.reach("task", "view") != Reach.ALL:
        people = people.filter(team_id__in=teams)
    return list(people.order_by("name", "pk")[:PEOPLE])


def _of(user: User, pks: Iterable[int]) -> Any:
    """Tasks of these people: who leads them sees them by their owner, so nothing more is asked of each row."""
    return Task.objects.of_organization(user).filter(owner_id__in=pks)


def _tasks(user: User, pks: list[int]) -> dict[int, dict[str, int]]:
    now = timezone.localtime()
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    waiting = _of(user, pks).due_before(tomorrow).values("owner_id")
    counted = waiting.annotate(late=Count("pk", filter=Q(due_at__lt=now)), today=Count("pk", filter=Q(due_at__gte=now))).order_by()
    found = {row["owner_id"]: {"late": row["late"], "today": row["today"], "done": 0} for row in counted}
    ticked = _of(user, pks).filter(at__gte=now - WEEK, at__lte=now, done_at__isnull=False).values("owner_id")
    for row in ticked.annotate(done=Count("pk")).order_by():
        found.setdefault(row["owner_id"], {"late": 0, "today": 0})["done"] = row["done"]
    return found


def _held(user: User, pks: list[int]) -> dict[int, int]:
    """How many calls, meetings, notes and e-mails of seven days, of the kinds that the person sees of others."""
    kinds = [kind for kind in Kind.values if kind != Kind.TASK and user.reach(kind, "view") in LEADS]
    now = timezone.now()
    rows = Activity.objects.of_organization(user).filter(owner_id__in=pks, kind__in=kinds, at__gte=now - WEEK, at__lte=now)
    return dict(rows.values("owner_id").annotate(held=Count("pk")).order_by().values_list("owner_id", "held"))
