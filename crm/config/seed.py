"""The bench organization: 200 people in 20 teams of three levels, and what each domain seeds for them."""

from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from crm.config.seed_keys import checked_at_the_end
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import create_organization
from crm.users.models import Role, Team, User

TEAMS, PEOPLE = 20, 200
SEEDERS = ("customers.seed", "crm.activities.seed", "sales.seed", "marketing.seed", "support.seed")
APPS = ["customers", "activities", "search", "sales", "marketing", "support"]  # whose tables they fill
REACHES = {"tenth-percent": "own", "one-percent": "own", "third": "tree", "whole-tree": "tree", "everything": "all"}

# Which owners there are: slot 0 is the person of 0.1 %, slot 1 of 1 %, slot 2 the teams below the second team, slot 3 all others.
OWNERS = """
SELECT slot, id, team_id, row_number() OVER (PARTITION BY slot ORDER BY id) - 1 AS number, count(*) OVER (PARTITION BY slot) AS size
FROM (
    SELECT u.id, u.team_id, CASE
        WHEN u.email LIKE 'tenth-percent@%%' THEN 0 WHEN u.email LIKE 'one-percent@%%' THEN 1
        WHEN t.name = 'Team 2' OR p.name = 'Team 2' THEN 2 ELSE 3 END AS slot
    FROM users_user u JOIN users_team t ON t.id = u.team_id LEFT JOIN users_team p ON p.id = t.parent_id
    WHERE u.organization_id = %(organization)s
) owners
"""


def make_bench(slug: str, customers: int) -> dict[str, int]:
    """Make and fill the organization in set statements, the same rows every time. Returns how many rows of each kind."""
    organization = create_organization("Bench", slug, time_zone="UTC")
    with tenant(organization):
        _people(organization, slug)
    try:
        counts = _rows(organization, customers)
    except BaseException:
        with tenant(organization):
            organization.delete()
        raise
    _analyze(connections["owner"].cursor())
    return counts


def _rows(organization: Organization, customers: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    alone = not Organization.objects.using("owner").exclude(pk=organization.pk).exists()
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('crm.organization_id', %s, true)", [str(organization.pk)])
        with checked_at_the_end(cursor, APPS) if alone else nullcontext():
            for name in SEEDERS:
                if find_spec(name):
                    counts |= import_module(name).seed(cursor, organization.pk, OWNERS, customers)
    return counts


def _people(organization: Organization, slug: str) -> None:
    """Team 1 leads teams 2 to 4, which lead the others. Five people have the reaches that are measured."""
    teams: list[Team] = []
    for number in range(1, TEAMS + 1):
        parent = None if number == 1 else teams[0] if number <= 4 else teams[1 + number % 3]
        group = Group.objects.create(name=f"org-{organization.pk}-team-{number}")
        teams.append(Team.objects.create(organization=organization, name=f"Team {number}", parent=parent, group=group))
    types = ("customer", "contact", "task", "call", "meeting", "note", "email")
    roles = {
        key: Role.objects.create(
            organization=organization,
            key=key,
            name=key,
            reaches={kind: dict.fromkeys(("view", "create", "change", "delete", "export", "share"), reach) for kind in types},
        )
        for key, reach in REACHES.items()
    }
    places = {"tenth-percent": teams[19], "one-percent": teams[18], "third": teams[1], "whole-tree": teams[0], "everything": teams[0]}
    people = [_person(organization, key, f"{key}@{slug}.example", roles[key], team) for key, team in places.items()]
    rep = Role.objects.get(organization=organization, key="sales-rep")
    others = [_person(organization, f"Person {n}", f"person{n}@{slug}.example", rep, teams[n % TEAMS]) for n in range(PEOPLE - len(people))]
    User.objects.bulk_create([*people, *others])
    through = User.groups.through
    through.objects.bulk_create(through(user_id=user.pk, group_id=user.team.group_id) for user in [*people, *others] if user.team)


def _person(organization: Organization, name: str, email: str, role: Role, team: Team) -> User:
    return User(organization=organization, name=name, email=email, role=role, team=team, password="!")


def _analyze(cursor: CursorWrapper) -> None:
    """Plans rest on fresh statistics, and what is read from an index alone on pages that are known to be visible to all."""
    cursor.execute("ANALYZE" if cursor.db.in_atomic_block else "VACUUM (ANALYZE)")
