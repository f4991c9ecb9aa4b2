"""A rule in words: for chips, for the summary below a builder, for the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.fields.fields import Field
from crm.fields.kinds import RELATED, Kind
from crm.fields.record_types import RecordType
from crm.lib.countries import country_name
from crm.lib.languages import language_name
from crm.query.operators import Takes
from crm.query.questions import Question, question_of
from crm.query.rules import Condition, Not, Rule, conditions_of
from crm.users.models import Team, User

SHOWN = 3


@dataclass(frozen=True)
class Words:
    """One condition: field, operator and value as they are read. `value` is "" where the operator takes none."""

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.field, self.operator, self.value) if part)


class Speaker:
    """Rules of one record type in words for one person: names of people and records cost one statement each, for all rules together.

    The rules must be askable by the person, see crm.query.questions.checked.
    """

    def __init__(self, record_type: RecordType, user: User, rules: Iterable[Rule]) -> None:
        self.record_type, self.user = record_type, user
        self._questions = {condition: self._question(condition) for rule in rules for condition in conditions_of(rule)}
        self._names: dict[str, dict[int, str]] = {}

    def words(self, condition: Condition) -> Words:
        """One condition, for a chip."""
        question = self._questions.get(condition) or self._question(condition)
        label = str(question.field.label)
        return Words(label[:1].upper() + label[1:], str(question.operator.words), self._value(question))

    def sentence(self, rule: Rule, *, outermost: bool = True) -> str:
        """The whole rule: "Lifecycle is Customer and (Country is Sweden or Country is Norway)"."""
        if isinstance(rule, Condition):
            return str(self.words(rule))
        if isinstance(rule, Not):
            said = self.sentence(rule.member)
            return _("not (%(rule)s)") % {"rule": said} if said else ""
        parts = [said for member in rule.members if (said := self.sentence(member, outermost=False))]
        joined = (_(" and ") if rule.how == "all" else _(" or ")).join(parts)
        return joined if outermost or len(parts) < 2 else f"({joined})"

    def _question(self, condition: Condition) -> Question:
        return question_of(condition, self.record_type, self.user)

    def _value(self, question: Question) -> str:
        takes, operand = question.operator.takes, question.operand
        if takes == Takes.NOTHING:
            return ""
        if takes == Takes.DAYS:
            return ngettext("%(n)d day", "%(n)d days", operand) % {"n": operand}
        if takes == Takes.TWO:
            return _("%(first)s and %(last)s") % {
                "first": self._one(question.field, operand[0]),
                "last": self._one(question.field, operand[1]),
            }
        members = operand if isinstance(operand, tuple) else (operand,)
        said = ", ".join(self._one(question.field, member) for member in members[:SHOWN])
        return f"{said} +{len(members) - SHOWN}" if len(members) > SHOWN else said

    def _one(self, field: Field, value: Any) -> str:
        if field.kind in RELATED | {Kind.TAGS}:
            return self._named(field).get(value) or _("somebody or something gone")
        if field.kind in {Kind.COUNTRY, Kind.LANGUAGE}:
            return str((country_name if field.kind == Kind.COUNTRY else language_name)(value))
        if field.choices:
            return str(field.label_of(value))
        if isinstance(value, date):
            return date_format(value, self.user.organization.date_format if self.user.organization else "Y-m-d")
        return _number(value) if isinstance(value, int | Decimal) else str(value)

    def _named(self, field: Field) -> dict[int, str]:
        """The names of the rows that the rules mention, within the person's sight."""
        if field.key not in self._names:
            self._names[field.key] = {row.pk: str(row) for row in self._rows(field)}
        return self._names[field.key]

    def _rows(self, field: Field) -> Any:
        keys = {pk for question in self._questions.values() if question.field.key == field.key for pk in _keys(question.operand)}
        return named_rows(field, self.user).filter(pk__in=keys)


def named_rows(field: Field, user: User) -> Any:
    """What a person, team, tag or reference field can name, within the person's sight."""
    if field.kind == Kind.PERSON:
        return User.objects.of_organization(user.organization_id)
    if field.kind == Kind.TEAM:
        return Team.objects.filter(organization=user.organization)
    model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # tags and references have one
    return model.objects.visible_to(user) if field.kind == Kind.REFERENCE else model.objects.filter(organization=user.organization)


def _keys(operand: Any) -> tuple[int, ...]:
    return operand if isinstance(operand, tuple) else (operand,) if operand is not None else ()


def _number(value: int | Decimal) -> str:
    plain = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    return number_format(value, len(plain.partition(".")[2]), force_grouping=True)
