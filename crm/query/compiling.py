"""A rule as one Q, under the field and row access of whoever asks."""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from crm.fields.fields import Field
from crm.fields.kinds import NUMERIC, Kind
from crm.fields.models import CustomField, CustomValue
from crm.fields.record_types import RecordType, record_types
from crm.query.periods import Calendar
from crm.query.questions import Question, question_of
from crm.query.rules import Condition, Not, Rule
from crm.users.models import User

LAST = "\U0010ffff"


def to_q(rule: Rule, record_type: RecordType, user: User) -> Q:
    """What to filter the record type's querysets by. Raises RuleError: unknown, nonsense, or withheld from this person.

    Referenced records count only where the person sees them. It may hold subqueries, but runs no statement itself.
    """
    if isinstance(rule, Condition):
        return _Compiler(record_type, user).condition(question_of(rule, record_type, user))
    if isinstance(rule, Not):
        return ~to_q(rule.member, record_type, user)
    parts = [to_q(member, record_type, user) for member in rule.members]
    return reduce(and_ if rule.how == "all" else or_, parts) if parts else Q()


class _Compiler:
    def __init__(self, record_type: RecordType, user: User) -> None:
        self.record_type, self.user = record_type, user
        self.calendar = Calendar.of(user.organization)

    def condition(self, question: Question) -> Q:
        if question.field.is_beyond:
            return self._beyond(question)
        return self._own(question, question.field.path, self.record_type)

    def _beyond(self, question: Question) -> Q:
        """Across a reference: among the referenced records that the person sees."""
        reference, name = question.field.path.split("__", 1)
        model: Any = self.record_type.model._meta.get_field(reference).remote_field.model  # type: ignore[union-attr]
        target = record_types.of(model)
        found = model.objects.visible_to(self.user).filter(self._own(question, name, target))
        within = Q(**{f"{reference}__in": found.order_by().values("pk")})
        negative = question.operator.key in {"is_not", "none_of", "is_empty", "not_last_days", "has_none"}
        return within | Q(**{f"{reference}__isnull": True}) if negative else within

    def _own(self, question: Question, path: str, record_type: RecordType) -> Q:
        op, operand, field = question.operator.key, question.operand, question.field
        if field.custom is not None:
            return self._custom(question, field.custom)
        if op in {"is_empty", "is_not_empty"}:
            empty = _empty(field, path)
            return empty if op == "is_empty" else ~empty
        key = record_type.sort_keys.get(path, "")
        if field.kind in NUMERIC:
            return _number(op, operand, path, key)
        special: dict[str, Callable[[str, str, Any], Q]] = {
            Kind.DATE: self._date,
            Kind.TIME: self._time,
            Kind.PERSON: self._person,
            Kind.TEAM: self._team,
            Kind.REFERENCE: self._reference,
            Kind.ENTRY: self._entry,
            Kind.TAGS: self._tags,
            Kind.YES_NO: lambda op, path, _operand: Q(**{path: op == "yes"}),
            **dict.fromkeys((Kind.CHOICE, Kind.COUNTRY, Kind.CURRENCY, Kind.LANGUAGE), _choice),
        }
        asks = special.get(field.kind)
        return asks(op, path, operand) if asks else _text(op, operand, path, key)

    def _custom(self, question: Question, row: CustomField) -> Q:
        """By the rows of the field, which an index finds; of a long text in the records themselves."""
        field, op = question.field, question.operator.key
        if field.kind == Kind.LONG_TEXT:
            there = Q(custom__has_key=row.name)
            return {"is_empty": ~there, "is_not_empty": there}.get(op) or there & Q(**{f"{field.path}__icontains": question.operand})
        own = CustomValue.objects.filter(organization_id=row.organization_id, field_id=row.pk, record_id=OuterRef("pk"))
        if op in {"is_empty", "is_not_empty"}:
            return Q(Exists(own)) if op == "is_not_empty" else ~Q(Exists(own))
        if op == "has_all":
            return reduce(and_, (Q(Exists(own.filter(text=member.lower()))) for member in question.operand))
        if op == "not_last_days":
            return self._custom_in(own, field, "last_days", question.operand, future=True)
        positive = {"is_not": "is", "none_of": "any_of", "has_none": "has_any", "no": "yes"}
        found = self._custom_in(own, field, positive.get(op, op), question.operand)
        return ~found if op in positive else found

    def _custom_in(self, own: Any, field: Field, op: str, operand: Any, *, future: bool = False) -> Q:
        """Where a row says so. `future`: where none of these days or later ones is there."""
        if field.kind == Kind.DATE:
            return (
                ~Q(Exists(own.filter(day__gte=self.calendar.today - operand * timedelta(days=1))))
                if future
                else Q(Exists(own.filter(self._date(op, "day", operand))))
            )
        if field.kind in NUMERIC:
            return Q(Exists(own.filter(_number(op, operand, "number", "number_key"))))
        if field.kind == Kind.YES_NO:
            return Q(Exists(own.filter(number_key=1)))
        if field.kind == Kind.PERSON:
            return Q(Exists(own.filter(self._person_key(op, operand))))
        if isinstance(operand, tuple):
            return Q(Exists(own.filter(text__in=[member.lower() for member in operand])))
        return Q(Exists(own.filter(_text("is" if op == "has_any" else op, operand.lower(), "text", "text"))))

    def _person_key(self, op: str, operand: Any) -> Q:
        if op == "is_me":
            return Q(number_key=self.user.pk)
        if op == "my_team":
            mine = User.objects.of_organization(self.user.organization_id).filter(team_id=self.user.team_id or 0)
            return Q(number_key__in=list(mine.values_list("pk", flat=True)))
        return Q(number_key__in=operand if isinstance(operand, tuple) else [operand])

    def _date(self, op: str, path: str, operand: Any) -> Q:
        return self._span(op, path, operand, lambda day: day)

    def _time(self, op: str, path: str, operand: Any) -> Q:
        return self._span(op, path, operand, self.calendar.moment)

    def _span(self, op: str, path: str, operand: Any, begin: Callable[[Any], Any]) -> Q:
        """Days as half-open spans, so that times and dates read alike."""
        day, today = timedelta(days=1), self.calendar.today
        if op == "before":
            return Q(**{f"{path}__lt": begin(operand)})
        if op == "after":
            return Q(**{f"{path}__gte": begin(operand + day)})
        if op == "not_last_days":
            return Q(**{f"{path}__lt": begin(today - operand * day)}) | Q(**{f"{path}__isnull": True})
        if op in {"last_days", "next_days"}:
            first, end = (today - operand * day, today + day) if op == "last_days" else (today, today + (operand + 1) * day)
        elif op in {"on", "between"}:
            first, last = operand if op == "between" else (operand, operand)
            end = last + day
        else:
            first, end = self.calendar.span(op)
        return Q(**{f"{path}__gte": begin(first), f"{path}__lt": begin(end)})

    def _person(self, op: str, path: str, operand: Any) -> Q:
        if op == "is_me":
            return Q(**{path: self.user.pk})
        if op == "my_team":
            mine = User.objects.of_organization(self.user.organization_id).filter(team_id=self.user.team_id or 0)
            return Q(**{f"{path}__in": mine.values("pk")})
        return _choice(op, path, operand)

    def _team(self, op: str, path: str, operand: Any) -> Q:
        return Q(**{path: self.user.team_id or 0}) if op == "is_mine" else _choice(op, path, operand)

    def _entry(self, op: str, path: str, operand: Any) -> Q:
        return _choice(op, path, operand)

    def _reference(self, op: str, path: str, operand: Any) -> Q:
        model: Any = self.record_type.model._meta.get_field(path).remote_field.model  # type: ignore[union-attr]
        return Q(**{f"{path}__in": model.objects.visible_to(self.user).filter(pk=operand).values("pk")})

    def _tags(self, op: str, path: str, operand: Any) -> Q:
        column: Any = self.record_type.model._meta.get_field(path)
        own, tag = column.m2m_field_name(), column.m2m_reverse_field_name()
        worn = column.remote_field.through.objects.filter(organization_id=self.user.organization_id)

        def wears(*tags: int) -> Exists:
            return Exists(worn.filter(**{own: OuterRef("pk"), f"{tag}__in": tags}))

        if op == "has_all":
            return reduce(and_, (Q(wears(tag)) for tag in operand))
        return ~Q(wears(*operand)) if op == "has_none" else Q(wears(*operand))


def _empty(field: Field, path: str) -> Q:
    if field.kind == Kind.TAGS or (field.column is not None and field.column.null):
        missing = Q(**{f"{path}__isnull": True})
        return missing | Q(**{path: ""}) if field.kind in {Kind.TEXT, Kind.EMAIL} else missing
    return Q(**{path: ""})


def _choice(op: str, path: str, operand: Any) -> Q:
    found = Q(**{f"{path}__in": operand}) if isinstance(operand, tuple) else Q(**{path: operand})
    return ~found if op in {"is_not", "none_of"} else found


def _number(op: str, operand: Any, path: str, key: str) -> Q:
    """`key` is a float column of the same order: its redundant bound lets an index do it, which numeric cannot below a policy."""
    if op in {"is", "is_not"}:
        found = Q(**{path: operand})
        return found if op == "is" else ~found
    bounds = {"below": ("lt", None), "at_most": ("lte", None), "above": (None, "gt"), "at_least": (None, "gte"), "between": ("lte", "gte")}
    upper, lower = bounds[op]
    low, high = operand if op == "between" else (operand, operand)
    q = Q()
    if upper:
        q &= Q(**{f"{path}__{upper}": high}, **({f"{key}__lte": float(high)} if key else {}))
    if lower:
        q &= Q(**{f"{path}__{lower}": low}, **({f"{key}__gte": float(low)} if key else {}))
    return q


def _text(op: str, operand: str, path: str, key: str) -> Q:
    """Without regard to case. `key` is a lower-cased column: text comparisons on it may use an index below a policy."""
    if op == "contains":
        return Q(**{f"{path}__icontains": operand})
    if op == "begins":
        low = operand.lower()
        return Q(**{f"{key}__gte": low, f"{key}__lt": low + LAST}) if key else Q(**{f"{path}__istartswith": operand})
    found = Q(**{key: Lower(Value(operand))}) if key else Q(Exact(Lower(path), Lower(Value(operand))))
    return ~found if op == "is_not" else found
