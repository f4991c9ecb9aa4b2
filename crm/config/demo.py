"""The demonstration organization: people, teams, and what each domain makes for it."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import create_organization, create_team, join_team
from crm.users.models import Role, Team, User

SLUG, PASSWORD, HOST = "demo", "tern-demo", "demo.example"
MAKERS = ("customers.demo", "crm.activities.demo", "sales.demo", "marketing.demo", "support.demo", "crm.config.demo_day")
Maker = Callable[[Organization, list[User], datetime], None]

PEOPLE: list[tuple[str, str, str, str]] = [
    ("ada", "Ada Holm", "administrator", ""),
    ("mona", "Mona Lindqvist", "sales-manager", "Sales"),
    ("alice", "Alice Berg", "sales-rep", "Nordics"),
    ("bob", "Bob Keller", "sales-rep", "Nordics"),
    ("carla", "Carla Rossi", "sales-rep", "Central Europe"),
    ("tomas", "Tomás Herrera", "sales-rep", "Central Europe"),
    ("priya", "Priya Raman", "sales-rep", "Central Europe"),
    ("sam", "Sam Okafor", "support-agent", "Service"),
    ("sara", "Sara Nyman", "support-agent", "Service"),
    ("greta", "Greta Weber", "support-manager", "Service"),
    ("mia", "Mia Laurent", "marketer", ""),
    ("rolf", "Rolf Dahl", "read-only", ""),
]
LOG_INS = ("ada", "mona", "alice", "bob", "sam", "mia")


def demo_exists() -> bool:
    return Organization.objects.filter(slug=SLUG).exists()


@transaction.atomic
def make_demo() -> Organization:
    """Make the demonstration organization with all that the installed domains show. Fails when there is one."""
    now = timezone.now()
    organization = create_organization(
        "Halden Instruments", SLUG, time_zone="Europe/Stockholm", country="SE", currency="EUR", is_demo=True, unique_contact_emails=True
    )
    with tenant(organization):
        people = _people(organization)
        sellers = [person for person in people if person.role and person.role.key == "sales-rep"]
        for name in MAKERS:
            if find_spec(name):
                maker: Maker = import_module(name).make_demo
                maker(organization, sellers, now)
    return organization


def _people(organization: Organization) -> list[User]:
    sales = create_team("Sales", organization=organization)
    teams: dict[str, Team | None] = {"": None, "Sales": sales, "Service": create_team("Service", organization=organization)}
    teams |= {name: create_team(name, organization=organization, parent=sales) for name in ("Nordics", "Central Europe")}
    roles = {role.key: role for role in Role.objects.filter(organization=organization)}
    password = make_password(PASSWORD)
    people = []
    for login, name, role, team in PEOPLE:
        user = User(email=f"{login}@{HOST}", name=name, organization=organization, role=roles[role], password=password)
        user.save()
        join_team(user, teams[team])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        people.append(user)
    return people
