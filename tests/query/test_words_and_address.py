"""A rule in the address and in words."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from crm.fields.record_types import record_types
from crm.query.address import from_pairs, to_pairs
from crm.query.questions import checked
from crm.query.rules import Group, parse
from crm.query.words import Speaker
from crm.users.models import User
from tests.factories.customers import make_customer


def group(*members: dict[str, Any], how: str = "all") -> dict[str, Any]:
    return {how: list(members)}


RULES = [
    group(),
    group({"field": "lifecycle", "op": "is", "value": "customer"}, {"field": "billing_country", "op": "any_of", "value": ["SE", "DK"]}),
    group({"field": "name", "op": "contains", "value": "a:b,c & d=é %"}, how="any"),
    group({"field": "annual_revenue", "op": "between", "value": ["1.5", "20000"]}, {"field": "owner", "op": "is_me"}),
    group({"field": "created_at", "op": "last_days", "value": 30}, group({"field": "size", "op": "above", "value": 3}, how="any")),
    group({"not": group({"field": "size", "op": "is_empty"}, how="any")}),
]


@pytest.mark.parametrize("data", RULES)
def test_the_address_gives_the_same_rule_back(alice: User, data: dict[str, Any]) -> None:
    kind = record_types["customer"]
    rule = checked(parse(data), kind, alice)
    params = QueryDict(urlencode(to_pairs(rule)))
    refused: list[str] = []
    read = from_pairs(
        params.getlist("f"), params.getlist("g"), params.get("match", ""), kind, alice, refuse=lambda part, why: refused.append(why)
    )
    assert read == rule
    assert refused == []


def test_the_address_is_readable(alice: User) -> None:
    rule = checked(parse(RULES[1]), record_types["customer"], alice)
    assert to_pairs(rule) == [("f", "lifecycle:is:customer"), ("f", "billing_country:any_of:SE,DK")]


def test_a_part_that_is_not_understood_is_left_out_and_said(alice: User) -> None:
    refused: list[tuple[str, str]] = []
    read = from_pairs(
        ["lifecycle:is:lead", "shoe_size:is:44", "name"],
        ["{"],
        "all",
        record_types["customer"],
        alice,
        refuse=lambda *why: refused.append(why),
    )
    assert isinstance(read, Group)
    assert len(read.members) == 1
    assert [part for part, _why in refused] == ["shoe_size:is:44", "name", "{"]


def test_words_name_people_and_choices(alice: User, bob: User, django_assert_num_queries: Any) -> None:
    kind = record_types["customer"]
    rule = checked(
        parse(
            group(
                {"field": "lifecycle", "op": "is", "value": "customer"},
                group(
                    {"field": "owner", "op": "any_of", "value": [alice.pk, bob.pk]},
                    {"field": "annual_revenue", "op": "at_least", "value": "50000"},
                    how="any",
                ),
            )
        ),
        kind,
        alice,
    )  # fmt: skip
    with django_assert_num_queries(1):
        sentence = Speaker(kind, alice, [rule]).sentence(rule)
    assert sentence == "Lifecycle is Customer and (Owner is any of Alice, Bob or Annual revenue ≥ 50,000)"


def test_words_do_not_name_a_record_that_bob_does_not_see(bob: User, dora: User) -> None:
    secret = make_customer(dora, "Secret Brewing")
    kind = record_types["contact"]
    rule = checked(parse({"field": "customer", "op": "is", "value": secret.pk}), kind, bob)
    assert "Secret" not in Speaker(kind, bob, [rule]).sentence(rule)
