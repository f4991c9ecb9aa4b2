"""A condition with its meaning: the field, the operator and the value, allowed to this person."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.record_types import RecordType
from crm.query.operands import operand_of
from crm.query.operators import Operator, operators_of
from crm.query.reading import is_readable
from crm.query.rules import Condition, Group, Not, Rule, RuleError
from crm.users.models import User


@dataclass(frozen=True)
class Question:
    """`operand` is None, one value, a tuple of values, or a number of days: see crm.query.operands."""

    field: Field
    operator: Operator
    operand: Any

    @property
    def condition(self) -> Condition:
        """The question as data, values in their one written form."""
        value = self.operand
        if isinstance(value, tuple):
            return Condition(self.field.key, self.operator.key, tuple(_written(one) for one in value))
        return Condition(self.field.key, self.operator.key, _written(value))


def filterable_fields(record_type: RecordType, user: User) -> dict[str, Field]:
    """What the person may filter by. A hidden or masked value must not be guessed by asking."""
    return {key: field for key, field in record_type.fields.items() if field.filterable and is_readable(field, user)}


def question_of(condition: Condition, record_type: RecordType, user: User) -> Question:
    """The meaning of one condition for this person. Raises RuleError."""
    field = record_type.fields.get(condition.field)
    if field is None or not field.filterable:
        raise RuleError(_("There is no field “%(field)s” to filter by.") % {"field": condition.field}, condition)
    if not is_readable(field, user):
        raise RuleError(_("Your role does not show %(field)s, so it cannot be filtered by.") % {"field": field.label}, condition)
    operator = operators_of(field).get(condition.op)
    if operator is None:
        raise RuleError(_("%(field)s cannot be asked “%(op)s”.") % {"field": capfirst(str(field.label)), "op": condition.op}, condition)
    try:
        return Question(field, operator, operand_of(field, operator, condition.value))
    except RuleError as error:
        raise RuleError(str(error), condition) from None


def checked(rule: Rule, record_type: RecordType, user: User) -> Rule:
    """The same rule with its values in their one written form. Raises RuleError where this person may not ask it."""
    if isinstance(rule, Condition):
        return question_of(rule, record_type, user).condition
    if isinstance(rule, Not):
        return Not(checked(rule.member, record_type, user))
    return Group(rule.how, tuple(checked(member, record_type, user) for member in rule.members))


def _written(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    return format(value.normalize(), "f") if hasattr(value, "normalize") else value.isoformat()
