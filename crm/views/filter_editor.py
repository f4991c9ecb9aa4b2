"""The form in which one filter is made or changed: field, operator, value. A plain GET form in two steps, in one with htmx."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import NAMED, NUMERIC, Kind
from crm.fields.record_types import RecordType, record_types
from crm.lib.countries import country_choices
from crm.lib.languages import language_choices
from crm.lib.money import currency_choices
from crm.query.operators import Operator, Takes, operators_of
from crm.query.places import added, as_group, part_at, replaced
from crm.query.questions import filterable_fields, question_of
from crm.query.rules import Condition, Group, Rule, RuleError
from crm.query.words import named_rows
from crm.users.models import User
from crm.views.list_state import ListState
from crm.views.references import MARK, called, text_of
from crm.views.rule_builder import condition_at

TABLES: dict[str, Callable[[], Sequence[tuple[str, Any]]]] = {
    Kind.COUNTRY: country_choices,
    Kind.LANGUAGE: language_choices,
    Kind.CURRENCY: currency_choices,
}
LISTED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.COUNTRY, Kind.LANGUAGE, Kind.CURRENCY, Kind.PERSON, *NAMED, Kind.TAGS})
BOXES = 12


@dataclass(frozen=True)
class Option:
    value: str
    label: Any
    chosen: bool


@dataclass(frozen=True)
class FilterEditor:
    """What the form shows. `place` is where the filter that is changed stands, "" for a new one; `control` names the kind of input.

    `carried` are the parameters that the form takes along: into which group a new filter goes, whether the tree of groups is open.
    """

    choices: list[Option]
    field: Field | None = None
    place: str = ""
    operators: tuple[tuple[Operator, bool], ...] = ()
    control: str = ""
    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ("", "")
    days: str = "30"
    target: str = ""
    carried: tuple[tuple[str, str], ...] = ()

    @property
    def boxes(self) -> bool:
        """Few choices are boxes to tick, many are a list to choose from."""
        return len(self.options) <= BOXES


def editor_of(params: QueryDict, state: ListState, record_type: RecordType, user: User) -> FilterEditor | None:
    """The editor that the address asks for with `edit` (a filter's place) or `add` (a field, "" for choosing one); None for none."""
    fields = filterable_fields(record_type, user)
    place = params.get("edit", "")
    condition = condition_at(state.rule, place)
    if condition is None and "add" not in params:
        return None
    key = params.get("add", "") or (condition.field if condition else "")
    field = fields.get(key)
    carried = tuple((name, str(params[name])) for name in ("build", "at", "group") if params.get(name))
    choices = [Option(one.key, capfirst(str(one.label)), one.key == key) for one in fields.values()]
    choices.sort(key=lambda option: str(option.label).casefold())
    if field is None:
        return FilterEditor(choices, carried=carried)
    same = condition if condition and condition.field == field.key else None
    return replace(_editor(choices, field, same, place if condition else "", user), carried=carried)


def is_applied(params: QueryDict) -> bool:
    """Whether the form was sent."""
    return "field" in params and "op" in params and "other" not in params


def with_filter(params: QueryDict, state: ListState, record_type: RecordType, user: User) -> ListState:
    """The list with the filter that the form describes, in the place of the one it changes. Raises RuleError."""
    field = filterable_fields(record_type, user).get(params.get("field", ""))
    operator = operators_of(field).get(params.get("op", "")) if field else None
    if field is None or operator is None:
        raise RuleError(_("Choose a field and what to ask of it."))
    condition = question_of(_condition(field, operator, params, user), record_type, user).condition
    place, group = params.get("edit", ""), params.get("group", "")
    if condition_at(state.rule, place) is not None:
        return state.but(rule=as_group(replaced(state.rule, place, condition)))
    part: Rule = Group("any" if group == "any" else "all", (condition,)) if group else condition
    at = params.get("at", "")
    return state.but(rule=added(state.rule, at if isinstance(part_at(state.rule, at), Group) else "", part))


def _condition(field: Field, operator: Operator, params: QueryDict, user: User) -> Condition:
    values = tuple(value for value in params.getlist("v") if value)
    if operator.takes == Takes.NOTHING:
        return Condition(field.key, operator.key)
    if operator.takes == Takes.DAYS:
        return Condition(field.key, operator.key, params.get("days", ""))
    if operator.takes == Takes.TWO:
        return Condition(field.key, operator.key, (values[0] if values else "", params.get("v2", "")))
    if operator.takes == Takes.MANY:
        return Condition(field.key, operator.key, values)
    text = values[0] if values else ""
    return Condition(field.key, operator.key, _key_of(field, text, user) if field.kind == Kind.REFERENCE else text)


def _key_of(field: Field, text: str, user: User) -> str:
    """The key of a record that was chosen by its name, as suggestions write it or as it is called."""
    number = text.rpartition(MARK)[2]
    if number.isdecimal():
        return number
    rows = named_rows(field, user)
    found = [row.pk for row in called(record_types.of(rows.model), rows, " ".join(text.split()))[:2]]
    if len(found) != 1:
        raise RuleError(_("Choose one of the suggestions: “%(name)s” is none, or several are called so.") % {"name": text[:100]})
    return str(found[0])


def _editor(choices: list[Option], field: Field, condition: Condition | None, place: str, user: User) -> FilterEditor:
    operators = _offered(field)
    key = _same_offered(condition.op, operators) if condition else next(iter(operators))
    written = condition.value if condition else None
    values = tuple(str(one) for one in (written if isinstance(written, tuple) else (written,)) if one is not None)
    return FilterEditor(
        choices,
        field,
        place,
        tuple((operator, operator.key == key) for operator in operators.values()),
        _control(field),
        tuple(_options(field, values, user)) if field.kind in LISTED else (),
        (*_typed(field, values, user), "", "")[:2],
        values[0] if values and operators[key].takes == Takes.DAYS else "30",
        _target(field),
    )


def _target(field: Field) -> str:
    """The record type that a reference points to, for its suggestions."""
    model: Any = field.column.remote_field.model if field.column is not None and field.column.remote_field else None
    return str(model._meta.model_name) if field.kind == Kind.REFERENCE and model else ""


def _offered(field: Field) -> dict[str, Operator]:
    """Without "is" where "is any of" asks the same with a list to choose from."""
    operators = operators_of(field)
    return {key: one for key, one in operators.items() if not (key in {"is", "is_not"} and "any_of" in operators)}


def _same_offered(key: str, operators: dict[str, Operator]) -> str:
    return key if key in operators else {"is": "any_of", "is_not": "none_of"}.get(key, next(iter(operators)))


def _control(field: Field) -> str:
    if field.kind in LISTED:
        return "options"
    if field.kind in {Kind.DATE, Kind.TIME}:
        return "date"
    if field.kind == Kind.REFERENCE:
        return "reference"
    if field.kind == Kind.YES_NO:
        return "none"
    return "number" if field.kind in NUMERIC else "text"


def _options(field: Field, values: tuple[str, ...], user: User) -> list[Option]:
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        pairs: list[tuple[str, Any]] = list(field.choices)
    elif field.kind in TABLES:
        pairs = list(TABLES[field.kind]())
    else:
        rows = named_rows(field, user)
        if field.kind != Kind.ENTRY:  # entries come in an order of their own
            rows = (rows.active() if field.kind == Kind.PERSON else rows).order_by("name")
        pairs = [(str(row.pk), str(row)) for row in rows[:500]]
    return [Option(key, label, key in values) for key, label in pairs]


def _typed(field: Field, values: tuple[str, ...], user: User) -> tuple[str, ...]:
    if field.kind != Kind.REFERENCE or not values:
        return values
    return tuple(text_of(row) for row in named_rows(field, user).filter(pk=values[0]))
