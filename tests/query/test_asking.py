"""What rules find, and for whom."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.fields.record_types import record_types
from crm.query.compiling import to_q
from crm.query.periods import Calendar
from crm.query.questions import checked
from crm.query.rules import RuleError, parse
from crm.users.models import User
from customers.models import Contact, Customer, Tag
from tests.factories.customers import make_contact, make_customer


def found(user: User, data: Any, model: Any = Customer) -> set[str]:
    kind = record_types.of(model)
    rule = checked(parse(data), kind, user)
    return set(model.objects.visible_to(user).filter(to_q(rule, kind, user)).values_list("name", flat=True))


def one(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


@pytest.fixture
def three(alice: User) -> None:
    make_customer(alice, "Vattvik Energi AB", lifecycle="customer", annual_revenue=Decimal(100), billing_country="SE", size=40)
    make_customer(alice, "Nordhavn Brewing", lifecycle="prospect", annual_revenue=Decimal("250.5"), billing_country="DK", industry="food")
    make_customer(alice, "Pellgrove Pharma", lifecycle="lead", billing_country="CH", size=0)


ALL_THREE = {"Vattvik Energi AB", "Nordhavn Brewing", "Pellgrove Pharma"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (one("name", "is", "vattvik energi ab"), {"Vattvik Energi AB"}),
        (one("name", "is_not", "VATTVIK energi ab"), ALL_THREE - {"Vattvik Energi AB"}),
        (one("name", "contains", "BREW"), {"Nordhavn Brewing"}),
        (one("name", "begins", "nord"), {"Nordhavn Brewing"}),
        (one("name", "contains", "%"), set()),
        (one("lifecycle", "is", "lead"), {"Pellgrove Pharma"}),
        (one("lifecycle", "is_not", "lead"), ALL_THREE - {"Pellgrove Pharma"}),
        (one("lifecycle", "any_of", ["lead", "customer"]), ALL_THREE - {"Nordhavn Brewing"}),
        (one("lifecycle", "none_of", ["lead", "customer"]), {"Nordhavn Brewing"}),
        (one("industry", "is_empty"), ALL_THREE - {"Nordhavn Brewing"}),
        (one("industry", "is_not_empty"), {"Nordhavn Brewing"}),
        (one("industry", "none_of", ["energy"]), ALL_THREE),
        (one("billing_country", "any_of", ["se", "Denmark"]), ALL_THREE - {"Pellgrove Pharma"}),
        (one("annual_revenue", "above", "100"), {"Nordhavn Brewing"}),
        (one("annual_revenue", "at_least", 100), ALL_THREE - {"Pellgrove Pharma"}),
        (one("annual_revenue", "below", "250.5"), {"Vattvik Energi AB"}),
        (one("annual_revenue", "at_most", "250.5"), ALL_THREE - {"Pellgrove Pharma"}),
        (one("annual_revenue", "between", ["300", "200"]), {"Nordhavn Brewing"}),
        (one("annual_revenue", "is", 100), {"Vattvik Energi AB"}),
        (one("annual_revenue", "is_not", 100), ALL_THREE - {"Vattvik Energi AB"}),
        (one("annual_revenue", "is_empty"), {"Pellgrove Pharma"}),
        (one("size", "is_not_empty"), ALL_THREE - {"Nordhavn Brewing"}),
        (one("last_activity_at", "not_last_days", 30), ALL_THREE),
        (one("created_at", "today"), ALL_THREE),
        (one("created_at", "this_week"), ALL_THREE),
        (one("created_at", "last_days", 1), ALL_THREE),
        (one("created_at", "next_days", 1), ALL_THREE),
        (one("created_at", "before", "2020-01-01"), set()),
        (one("owner", "is_me"), ALL_THREE),
        (one("owner", "my_team"), ALL_THREE),
        (one("team", "is_mine"), ALL_THREE),
        ({"not": one("lifecycle", "is", "lead")}, ALL_THREE - {"Pellgrove Pharma"}),
        ({"any": [one("lifecycle", "is", "lead"), one("industry", "is", "food")]}, {"Pellgrove Pharma", "Nordhavn Brewing"}),
        ({"all": [one("lifecycle", "is", "lead"), one("industry", "is", "food")]}, set()),
        ({"all": []}, ALL_THREE),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("three")
def test_alice_finds(alice: User, data: Any, expected: set[str]) -> None:
    assert found(alice, data) == expected


@pytest.mark.usefixtures("three")
def test_is_me_means_whoever_looks(bob: User) -> None:
    assert found(bob, one("owner", "is_me")) == set()


@pytest.mark.usefixtures("three")
def test_tags_any_all_none(alice: User) -> None:
    key, near = (Tag.objects.create(name=name) for name in ("key account", "near"))
    customers = {customer.name: customer for customer in Customer.objects.all()}
    customers["Nordhavn Brewing"].tags.add(key, near, through_defaults={"organization_id": alice.organization_id})
    customers["Pellgrove Pharma"].tags.add(near, through_defaults={"organization_id": alice.organization_id})
    assert found(alice, one("tags", "has_any", [key.pk, near.pk])) == {"Nordhavn Brewing", "Pellgrove Pharma"}
    assert found(alice, one("tags", "has_all", [key.pk, near.pk])) == {"Nordhavn Brewing"}
    assert found(alice, one("tags", "has_none", [key.pk])) == {"Vattvik Energi AB", "Pellgrove Pharma"}
    assert found(alice, one("tags", "is_empty")) == {"Vattvik Energi AB"}


def test_across_a_reference_only_what_bob_sees_is_found(alice: User, bob: User, dora: User) -> None:
    secret = make_customer(dora, "Secret Brewing")
    open_one = make_customer(alice, "Open Brewing")
    make_contact(alice, "Elin", "Ek", customer=open_one)
    hidden = make_contact(alice, "Karin", "Holm")
    Contact.objects.filter(pk=hidden.pk).update(customer=secret)
    assert found(bob, one("customer.name", "contains", "brewing"), Contact) == {"Elin Ek"}
    assert found(bob, one("customer", "is", secret.pk), Contact) == set()
    assert found(bob, one("customer", "is", open_one.pk), Contact) == {"Elin Ek"}


@pytest.mark.parametrize(
    "data",
    [
        one("nothing", "is", "x"), one("organization", "is", 1), one("unique_name", "is", "x"), one("owner.password", "contains", "a"),
        one("owner__password", "contains", "a"), one("name", "regex", "x"), one("name", "is"), one("lifecycle", "is", "king"),
        one("annual_revenue", "above", "a lot"), one("annual_revenue", "above", "1e400"), one("annual_revenue", "above", "NaN"),
        one("size", "is", "1.5"), one("created_at", "on", "yesterday"), one("created_at", "last_days", "0"),
        one("created_at", "last_days", "²"),
        one("created_at", "between", ["2026-01-01"]), one("owner", "is", "alice"), one("owner", "any_of", []), one("owner", "is", "9" * 40),
        one("lifecycle", "any_of", ["lead"] * 101), one("billing_country", "is", "Atlantis"),
        one("created_at", "is_empty"), one("owner", "is_empty"), one("created_at", "on", "0001-01-01"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(alice: User, data: Any) -> None:
    with pytest.raises(RuleError) as refused:
        checked(parse(data), record_types["customer"], alice)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("level", ["hidden", "masked"])
def test_what_the_role_withholds_cannot_be_asked(alice: User, level: str) -> None:
    assert alice.role is not None
    alice.role.levels = {"customer": {"annual_revenue": level, "name": level}}
    for data in (one("annual_revenue", "above", 1), {"any": [{"not": one("annual_revenue", "is_empty")}]}):
        with pytest.raises(RuleError, match="does not show"):
            to_q(parse(data), record_types["customer"], alice)
    with pytest.raises(RuleError, match="does not show"):
        to_q(parse(one("customer.name", "is", "x")), record_types["contact"], alice)


def test_a_fiscal_year_from_april_and_its_quarters() -> None:
    from zoneinfo import ZoneInfo

    calendar = Calendar(datetime(2026, 2, 28, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Stockholm"), 4)
    assert calendar.today == date(2026, 3, 1)
    assert calendar.span("this_year") == (date(2025, 4, 1), date(2026, 4, 1))
    assert calendar.span("this_quarter") == (date(2026, 1, 1), date(2026, 4, 1))
    assert calendar.span("this_month") == (date(2026, 3, 1), date(2026, 4, 1))
    assert calendar.span("this_week") == (date(2026, 2, 23), date(2026, 3, 2))


def test_today_is_the_organizations_day(alice: User) -> None:
    assert alice.organization is not None
    alice.organization.time_zone = "Pacific/Kiritimati"
    customer = make_customer(alice, "Late")
    begins = Calendar.of(alice.organization).moment(Calendar.of(alice.organization).today)
    Customer.objects.filter(pk=customer.pk).update(created_at=begins)
    assert found(alice, one("created_at", "today")) == {"Late"}
    Customer.objects.filter(pk=customer.pk).update(created_at=begins - timedelta(seconds=1))
    assert found(alice, one("created_at", "today")) == set()
    assert timezone.now().tzinfo is not None
