"""The bench data keep their promises: who reaches how much, and that nothing about it has to be repaired."""

from typing import Any

import pytest
from django.db import connections

from bench.browser import Browser, counted, signed_in
from bench.floor import FloorHandler
from bench.world import world_of
from crm.access.derived import repair_access
from crm.activities.models import Activity
from crm.activities.seed import PER_CUSTOMER
from crm.config.seed import make_bench
from crm.config.wsgi import application
from crm.search.models import SearchDocument
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from customers.models import Contact, Customer

CUSTOMERS = 1000
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


KEYS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2"
)


@pytest.fixture
def bench(transactional_db: None) -> Organization:
    with connections["owner"].cursor() as cursor:
        cursor.execute(KEYS)
        before = cursor.fetchall()
        make_bench("bench", CUSTOMERS)
        cursor.execute(KEYS)
        assert cursor.fetchall() == before, "a foreign key was lost while an empty database was filled"
    connections["owner"].close()
    return Organization.objects.get(slug="bench")


def test_the_seed_keeps_its_promises(bench: Organization) -> None:
    world = world_of("bench")
    sees = {person.key: person.sees for person in world.people}
    assert sees["everything"] == sees["whole-tree"] == CUSTOMERS
    assert sees["tenth-percent"] == CUSTOMERS // 1000
    assert sees["one-percent"] == CUSTOMERS // 100
    assert 0.29 <= sees["third"] / CUSTOMERS <= 0.33
    with tenant(bench):
        assert Contact.objects.count() == CUSTOMERS * 13 // 10
        assert Activity.objects.count() == CUSTOMERS * PER_CUSTOMER
        assert [repair_access(model) for model in (Customer, Contact, Activity)] == [0, 0, 0]
        assert SearchDocument.objects.filter(organization=bench).count() == CUSTOMERS * 53 // 10
    _the_floor_shows_the_same(world)


def _the_floor_shows_the_same(world: Any) -> None:
    """And the page asks no more for fifty rows than it may."""
    person = next(one for one in world.people if one.key == "everything")
    browser, floor = signed_in(application, person.user), Browser(FloorHandler())
    with tenant(world.organization):
        newest = list(Customer.objects.order_by("-updated_at", "-pk").values_list("name", flat=True)[:50])
    page, bare = browser.get("/customers/"), floor.get(f"/{world.organization.pk}/customers/")
    assert (page.status, bare.status) == (200, 200)
    for answer in (page, bare):
        text = answer.body.decode()
        rows = text[text.index("<tbody") :]
        places = [rows.index(name) for name in newest]
        assert places == sorted(places)
    for path in ("/customers/", f"/customers/{person.record}/"):
        browser.get(path)  # what is cached for all is cached
        with counted() as statements:
            browser.get(path)
        assert len(statements.data) <= 12
        assert len([sql for sql in statements.frame if "set_config" in sql]) == 1
