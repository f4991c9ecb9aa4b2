"""A rule in the address, readable: ?f=lifecycle:is:customer&f=billing_country:any_of:SE,DK. Nested groups are compact JSON in ?g=."""

import json
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from crm.fields.record_types import RecordType
from crm.query.operators import Takes, operators_of
from crm.query.questions import checked
from crm.query.rules import CONDITIONS, Condition, Group, Rule, RuleError, as_data, conditions_of, parse
from crm.users.models import User

Pairs = list[tuple[str, str]]


def to_pairs(rule: Rule) -> Pairs:
    """The query parameters of a rule; `from_pairs` reads them back as a group that asks the same."""
    group = rule if isinstance(rule, Group) else Group("all", (rule,))
    pairs: Pairs = [("match", "any")] if group.how == "any" else []
    for member in group.members:
        pairs.append(
            ("f", _written(member)) if isinstance(member, Condition) else ("g", json.dumps(as_data(member), separators=(",", ":")))
        )
    return pairs


def from_pairs(
    fs: Iterable[str], gs: Iterable[str], how: str, record_type: RecordType, user: User, *, refuse: Callable[[str, str], None]
) -> Group:
    """The rule that an address describes, as far as this person may ask it. `refuse(part, sentence)` is told what is left out."""
    members: list[Rule] = []
    for text, read in [*((text, _read) for text in fs), *((text, _nested) for text in gs)]:
        if not text:
            continue
        try:
            member = checked(read(text, record_type), record_type, user)
            if sum(1 for one in [*members, member] for _condition in conditions_of(one)) > CONDITIONS:
                raise RuleError(_("The rule has more than %(most)d conditions. Split it into several views.") % {"most": CONDITIONS})
            members.append(member)
        except RuleError as error:
            refuse(text, str(error))
    return Group("any" if how == "any" else "all", tuple(members))


def _written(condition: Condition) -> str:
    value = condition.value
    if value is None:
        return f"{condition.field}:{condition.op}"
    return f"{condition.field}:{condition.op}:{','.join(str(one) for one in value) if isinstance(value, tuple) else value}"


def _read(text: str, record_type: RecordType) -> Rule:
    name, _mark, rest = text.partition(":")
    op, colon, raw = rest.partition(":")
    field = record_type.fields.get(name)
    operator = operators_of(field).get(op) if field else None
    several = operator is not None and operator.takes in {Takes.MANY, Takes.TWO}
    value = (tuple(raw.split(",")) if several else raw) if colon else None
    return parse(as_data(Condition(name, op, value)))


def _nested(text: str, record_type: RecordType) -> Rule:
    return parse(text)
