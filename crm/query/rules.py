"""A rule as a tree: `{"all": [{"field": "stage", "op": "is", "value": "open"}, {"any": […]}, {"not": {…}}]}`. Data, without meaning yet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

DEPTH, CONDITIONS, TEXT, MEMBERS = 5, 50, 300, 100


class RuleError(ValueError):
    """The rule cannot be read, or not by this person. One sentence for people; `condition` is the part that is wrong, if it is one."""

    def __init__(self, sentence: str | Promise, condition: "Condition | None" = None) -> None:
        super().__init__(str(sentence))
        self.condition = condition


@dataclass(frozen=True)
class Condition:
    """One field, one operator, one value. `value` is JSON: None, text, a number, or a tuple of these."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class Group:
    """All or any of its members. An empty group holds for everything."""

    how: Literal["all", "any"] = "all"
    members: tuple["Rule", ...] = field(default=())

    def but(self, *members: "Rule") -> "Group":
        return Group(self.how, members)


@dataclass(frozen=True)
class Not:
    """Where its member does not hold."""

    member: "Rule"


Rule = Condition | Group | Not
EVERYTHING = Group()


def parse(data: Any) -> Rule:
    """The rule that JSON data or its text describes. Raises RuleError when it is none, deeper than 5 or longer than 50 conditions."""
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            raise RuleError(_("This is not a rule: it is not JSON.")) from None
    rule = _parse(data, 1)
    if sum(1 for _condition in conditions_of(rule)) > CONDITIONS:
        raise RuleError(_("The rule has more than %(most)d conditions. Split it into several views.") % {"most": CONDITIONS})
    return rule


def as_data(rule: Rule) -> dict[str, Any]:
    """The JSON data of a rule: `parse(as_data(rule)) == rule`."""
    if isinstance(rule, Condition):
        data: dict[str, Any] = {"field": rule.field, "op": rule.op}
        if rule.value is not None:
            data["value"] = list(rule.value) if isinstance(rule.value, tuple) else rule.value
        return data
    return {"not": as_data(rule.member)} if isinstance(rule, Not) else {rule.how: [as_data(member) for member in rule.members]}


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """All conditions of a tree, in their order."""
    if isinstance(rule, Condition):
        yield rule
    elif isinstance(rule, Not):
        yield from conditions_of(rule.member)
    else:
        for member in rule.members:
            yield from conditions_of(member)


def _parse(data: Any, depth: int) -> Rule:
    if depth > DEPTH + 1:
        raise RuleError(_("The rule is nested deeper than %(most)d groups.") % {"most": DEPTH})
    if not isinstance(data, dict):
        raise RuleError(_("This is not a rule."))
    if set(data) == {"not"}:
        return Not(_parse(data["not"], depth + 1))
    for how in ("all", "any"):
        if set(data) == {how}:
            return Group(how, _members(data[how], depth))
    return _condition(data)


def _members(data: Any, depth: int) -> tuple[Rule, ...]:
    if not isinstance(data, list):
        raise RuleError(_("A group of a rule holds a list."))
    if len(data) > CONDITIONS:
        raise RuleError(_("The rule has more than %(most)d conditions. Split it into several views.") % {"most": CONDITIONS})
    return tuple(_parse(member, depth + 1) for member in data)


def _condition(data: dict[str, Any]) -> Condition:
    if not {"field", "op"} <= set(data) <= {"field", "op", "value"}:
        raise RuleError(_("A condition has a field, an operator and a value."))
    name, op, value = data["field"], data["op"], data.get("value")
    if not isinstance(name, str) or not isinstance(op, str):
        raise RuleError(_("A condition has a field, an operator and a value."))
    return Condition(name, op, tuple(_scalar(one) for one in value[: MEMBERS + 1]) if isinstance(value, list) else _scalar(value))


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and len(value) <= TEXT and "\x00" not in value:
        return value
    raise RuleError(_("A value of the rule is not a text, a number, or a list of these."))
