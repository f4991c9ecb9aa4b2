"""Two hundred added fields on customers: what they cost a list that shows none of them, and a filter on one beside a standard column's."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection, connections

from bench.browser import Browser, signed_in
from bench.measure import in_turns
from bench.world import World
from crm.config.wsgi import application
from crm.fields.models import CustomField
from crm.fields.record_types import record_types
from crm.setup.actions import create_field
from crm.setup.actions.fields import fill_index
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User

FIELDS, BATCH = 200, 20_000
KINDS = ("text", "decimal", "date", "choice", "yes_no", "money")
GRADES = ("lead", "prospect", "customer", "dormant", "former", "partner", "supplier", "competitor", "other")
VALUES = "jsonb_build_object('bench_grade', lifecycle, 'bench_score', coalesce(annual_revenue, 0)::text, 'bench_code', billing_country)"
SAME = [
    ("filter, common", "f=custom.bench_grade:any_of:customer", "f=lifecycle:any_of:customer"),
    ("filter, rare", "f=custom.bench_grade:any_of:competitor", "f=lifecycle:any_of:competitor"),
    ("filter, text", "f=custom.bench_code:is:is", "f=billing_country:any_of:IS"),
    ("filter, number", "f=custom.bench_score:above:400000000", "f=annual_revenue:above:400000000"),
]
MOST_LIST, MOST_FILTER = 1.2, 2.0
VERSION = "bench"


@dataclass(frozen=True)
class Pair:
    """A page and the one that it is held against, seconds each."""

    case: str
    person: str
    page: float
    other: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.page / self.other


def custom_fields_of(world: World) -> Iterator[Pair]:
    """The fields and their values are made where they are missing: minutes, at a million customers.

    An organization without a version of its fields is one that never had any: so it is for all other cases.
    """
    _prepare(world.organization)
    try:
        for person in world.people:
            browser = signed_in(application, person.user)
            yield _with_and_without(world.organization, person.key, browser)
            for case, custom, standard in SAME:
                page, other = in_turns(lambda: _get(browser, custom), lambda: _get(browser, standard))  # noqa: B023
                yield Pair(case, person.key, median(page), median(other), MOST_FILTER)
    finally:
        _set_version(world.organization, "")


def _set_version(organization: Organization, version: str) -> None:
    Organization.objects.filter(pk=organization.pk).update(fields_version=version)


def _with_and_without(organization: Organization, person: str, browser: Browser) -> Pair:
    """In turns. The fields stay there for what follows."""

    def seen(version: str) -> float:
        _set_version(organization, version)
        _get(browser, "")
        return _get(browser, "")

    other, page = in_turns(lambda: seen(""), lambda: seen(VERSION))
    _set_version(organization, VERSION)
    return Pair("list, 200 fields", person, median(page), median(other), MOST_LIST)


def _get(browser: Browser, query: str) -> float:
    answer = browser.get(f"/customers/?{query}")
    assert answer.status == 200, answer.status
    return answer.seconds


def _prepare(organization: Organization) -> None:
    with tenant(organization):
        if CustomField.objects.kept().filter(organization=organization).count() >= FIELDS:
            _set_version(organization, VERSION)
            return
        _make(_administrator(organization))
        _set_version(organization, VERSION)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE customers_customer SET custom = {VALUES} WHERE organization_id = %s", [organization.pk])  # noqa: S608
        rows = list(CustomField.objects.filter(organization=organization, name__startswith="bench_"))
    for row in rows:
        after: int | None = 0
        while after is not None:
            with tenant(organization):
                after = fill_index(row, after, BATCH)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE fields_customvalue")


def _make(ada: User) -> None:
    customer = record_types["customer"]
    create_field(customer, "choice", by=ada, label="Bench grade", options=[{"label": grade} for grade in GRADES])
    create_field(customer, "decimal", by=ada, label="Bench score")
    create_field(customer, "text", by=ada, label="Bench code")
    for number in range(FIELDS - 3):
        kind = KINDS[number % len(KINDS)]
        options: dict[str, Any] = {"options": [{"label": "A"}, {"label": "B"}]} if kind == "choice" else {}
        create_field(customer, kind, by=ada, label=f"Bench field {number}", **options)


def _administrator(organization: Organization) -> User:
    """The first person, as an administrator in memory alone."""
    person = User.objects.select_related("role", "organization").filter(organization=organization).order_by("pk")[0]
    assert person.role is not None
    person.role.is_administrator = True
    return person
