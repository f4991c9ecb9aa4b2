"""Pages by key: nothing is skipped, nothing comes twice, whatever is equal, empty, added or removed in between."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.fields.record_types import record_types
from crm.query.paging import Cursor, newest_page_of, page_of, read_cursor, sort_of, write_cursor
from crm.query.rules import RuleError
from crm.tenancy.models import Organization
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer

pytestmark = pytest.mark.django_db
SORTS = [
    "name",
    "-name",
    "annual_revenue",
    "-annual_revenue",
    "last_activity_at",
    "-last_activity_at",
    "lifecycle",
    "-size",
    "owner",
    "-owner",
    "updated_at",
]
NOW = timezone.now()
rows = st.lists(
    st.tuples(st.sampled_from(["a", "B", "b", "ä"]), st.sampled_from([None, 0, 1, 2]), st.sampled_from([None, 0, 1]), st.booleans()),
    max_size=9,
)


def fill(user: User, facts: list[Any], *, at: int = 0) -> list[Customer]:
    colleague = User.objects.filter(organization_id=user.organization_id).exclude(pk=user.pk).order_by("pk").first() or user
    made = [
        Customer(
            organization_id=user.organization_id, name=name, annual_revenue=revenue, size=revenue,
            last_activity_at=None if days is None else NOW - timedelta(days=days), updated_at=NOW - timedelta(days=at),
            owner=user if owned else colleague,
        )
        for name, revenue, days, owned in facts
    ]  # fmt: skip
    return Customer._base_manager.bulk_create(made)


def walk(user: User, text: str, size: int, *, between: Any = None) -> tuple[list[int], list[list[int]]]:
    """All pages forwards: the keys in their order, and page by page."""
    sort = sort_of(text, record_types["customer"], user)
    pages, after = [], None
    while True:
        page = page_of(Customer.objects.visible_to(user), sort, size, after=after)
        pages.append([row.pk for row in page.rows])
        if not page.has_next:
            return [pk for keys in pages for pk in keys], pages
        after = read_cursor(write_cursor(page.last), sort)
        if between:
            between()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=rows, text=st.sampled_from(SORTS), size=st.integers(1, 4))
def test_every_row_comes_once_and_the_way_back_is_the_same(ada: User, facts: list[Any], text: str, size: int) -> None:
    Customer._base_manager.all().delete()
    made = {row.pk for row in fill(ada, facts)}
    keys, pages = walk(ada, text, size)
    assert sorted(keys) == sorted(made)
    sort = sort_of(text, record_types["customer"], ada)
    everything = page_of(Customer.objects.visible_to(ada), sort, 100).rows
    assert [row.pk for row in everything] == keys
    values = [row.sort_key for row in everything]
    filled = [value for value in values if value is not None]
    assert filled == sorted(filled, reverse=sort.descending)
    assert values[len(filled) :] == [None] * (len(values) - len(filled))
    for earlier, later in zip(pages, pages[1:], strict=False):
        first = next(row for row in everything if row.pk == later[0])
        back = page_of(Customer.objects.visible_to(ada), sort, size, before=Cursor(first.sort_key, first.pk))
        assert [row.pk for row in back.rows] == earlier


@pytest.mark.parametrize("text", SORTS)
def test_rows_that_come_and_go_between_pages_do_not_disturb_the_others(ada: User, text: str) -> None:
    old = {row.pk for row in fill(ada, [("m", number % 3 if number % 4 else None, number % 2 or None, True) for number in range(12)])}
    keys, _pages = walk(
        ada, text, 3, between=lambda: fill(ada, [("a", 0, 0, False), ("z", None, None, True)]) if Customer.objects.count() < 20 else None
    )
    assert len(keys) == len(set(keys))
    assert old <= set(keys)


def test_the_quick_default_order_is_the_same_as_the_general_one(alice: User, bob: User, dora: User) -> None:
    for number in range(7):
        make_customer(alice if number % 2 else dora, f"Customer {number}")
    sort = sort_of("-updated_at", record_types["customer"], bob)
    general = page_of(Customer.objects.visible_to(bob), sort, 2)
    quick = newest_page_of(Customer.objects.all(), bob, 2)
    assert [row.pk for row in quick.rows] == [row.pk for row in general.rows]
    following = newest_page_of(Customer.objects.all(), bob, 2, after=quick.last)
    assert [row.pk for row in following.rows] == [
        row.pk for row in page_of(Customer.objects.visible_to(bob), sort, 2, after=general.last).rows
    ]
    back = newest_page_of(Customer.objects.all(), bob, 2, before=following.first)
    assert [row.pk for row in back.rows] == [row.pk for row in quick.rows]


@pytest.mark.parametrize(
    "text", ["", "x", "bnVsbA", "W251bGwsMV0", "WyJhIiwtMV0", "WyJhIix0cnVlXQ", "W3t9LDFd", "W1tdLDFd", "é", "A" * 5000]
)
def test_a_cursor_that_means_nothing_is_refused(ada: User, text: str) -> None:
    for key in ("updated_at", "size"):
        sort = sort_of(key, record_types["customer"], ada)
        if text == "W251bGwsMV0" and sort.nullable:
            continue
        with pytest.raises(RuleError):
            read_cursor(text, sort)


@pytest.mark.parametrize("level", ["hidden", "masked"])
def test_what_the_role_withholds_cannot_be_sorted_by(alice: User, level: str) -> None:
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": level}}
    with pytest.raises(RuleError, match="does not show"):
        sort_of("-annual_revenue", record_types["customer"], alice)


@pytest.mark.parametrize("text", ["tags", "description", "parent", "nothing", "", "-", "password", "owner__password", "customer.name"])
def test_what_has_no_order_is_refused(alice: User, text: str, in_tenant: Organization) -> None:
    with pytest.raises(RuleError, match="cannot be sorted"):
        sort_of(text, record_types["customer"], alice)
