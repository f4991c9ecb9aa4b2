"""Rules as data: read, refused with a sentence, written back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.query.rules import CONDITIONS, Condition, Group, Not, Rule, RuleError, as_data, parse

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20)
scalars = st.one_of(st.none(), texts, st.integers(-10, 10**6), st.booleans())
conditions = st.builds(Condition, texts, texts, st.one_of(scalars, st.lists(scalars, max_size=4).map(tuple)))
rules: st.SearchStrategy[Rule] = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(Not, inner), st.builds(Group, st.sampled_from(["all", "any"]), st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def depth(rule: Rule) -> int:
    if isinstance(rule, Condition):
        return 1
    inner = [rule.member] if isinstance(rule, Not) else rule.members
    return 1 + max((depth(member) for member in inner), default=0)


@given(rules.filter(lambda rule: depth(rule) <= 5))
def test_a_rule_is_read_back_as_it_was_written(rule: Rule) -> None:
    assert parse(as_data(rule)) == rule


@pytest.mark.parametrize(
    "data",
    [
        None, 7, [], "", "{", {"all": {}}, {"field": "name"}, {"field": 1, "op": "is"}, {"field": "name", "op": "is", "value": {}},
        {"field": "name", "op": "is", "value": [[1]]}, {"all": [], "any": []}, {"field": "name", "op": "is", "extra": 1},
        {"field": "name", "op": "is", "value": "\x00"}, {"field": "name", "op": "is", "value": "x" * 301}, "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_a_sentence(data: Any) -> None:
    with pytest.raises(RuleError) as refused:
        parse(data)
    assert str(refused.value).endswith(".")


def test_five_groups_deep_is_read_and_six_are_refused() -> None:
    def nested(levels: int) -> dict[str, Any]:
        data: dict[str, Any] = {"field": "name", "op": "is_empty"}
        for _level in range(levels):
            data = {"all": [data]}
        return data

    assert parse(nested(5))
    with pytest.raises(RuleError, match="deeper"):
        parse(nested(6))


def test_more_than_fifty_conditions_are_refused() -> None:
    one = {"field": "name", "op": "is_empty"}
    assert parse({"all": [one] * CONDITIONS})
    with pytest.raises(RuleError, match="50"):
        parse({"all": [{"any": [one] * 26}, {"any": [one] * 25}]})
