"""What the measured addresses need to know about a bench organization: its people, a record and a far page for each."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.config.seed import REACHES
from crm.query.paging import Cursor, write_cursor
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer

PAGE, DEEP = 50, 1000


@dataclass(frozen=True)
class Person:
    """One of the people whose reach is measured. `at` is the last row before page 1000, or before their last full page."""

    key: str
    user: User
    sees: int
    record: int
    at: Cursor
    page: int


@dataclass(frozen=True)
class World:
    organization: Organization
    people: list[Person]
    customers: int


def world_of(slug: str) -> World:
    """Raises Organization.DoesNotExist where nothing is seeded."""
    organization = Organization.objects.get(slug=slug)
    with tenant(organization):
        people = [_person(organization, slug, key) for key in REACHES]
        return World(organization, people, max(person.sees for person in people))


def _person(organization: Organization, slug: str, key: str) -> Person:
    user = User.objects.select_related("organization", "role", "team").get(organization=organization, email=f"{key}@{slug}.example")
    customers = Customer.objects.visible_to(user).order_by("-updated_at", "-pk")
    sees = customers.count()
    page = min(DEEP, max(2, sees // PAGE))
    at, pk = customers.values_list("updated_at", "pk")[max(0, min((page - 1) * PAGE - 1, sees - 2))]
    return Person(key, user, sees, _typical(customers), Cursor(at, pk), page)


def _typical(customers: Any) -> int:
    """The newest record with something related: two contacts."""
    newest = list(customers.values_list("pk", flat=True)[:PAGE])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM customers_contact WHERE customer_id = ANY(%s) GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1",
            [newest],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else newest[0]


def after(person: Person) -> str:
    """The query of the far page."""
    return f"after={write_cursor(person.at)}&n={(person.page - 1) * PAGE + 1}"
