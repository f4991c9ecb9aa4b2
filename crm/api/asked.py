"""What a list is asked for: which records, in which order, which of their fields, from where on."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.query.address import from_pairs
from crm.query.operators import operators_of
from crm.query.paging import DEFAULT, Cursor, Sort, read_cursor, sort_of
from crm.query.questions import checked
from crm.query.rules import Condition, Group, Rule, RuleError, parse
from crm.users.models import User

OWN = frozenset({"filter", "f", "g", "match", "q", "sort", "fields", "limit", "cursor"})
LIMIT, MOST = 50, 200
LONGEST_SEARCH = 200
BY_KIND = {Kind.LONG_TEXT: "contains", Kind.DATE: "on", Kind.TIME: "on", Kind.TAGS: "has_any"}
YES_NO = {"true": "yes", "1": "yes", "yes": "yes", "false": "no", "0": "no", "no": "no"}


@dataclass(frozen=True)
class Asked:
    """`keys` are the fields in the answer, in their order."""

    rule: Group
    search: str
    sort: Sort
    keys: tuple[str, ...]
    limit: int
    cursor: Cursor | None

    @property
    def is_filtered(self) -> bool:
        return bool(self.rule.members or self.search)


def asked(params: QueryDict, record_type: RecordType, user: User) -> Asked:
    """The list that an address describes. Raises RuleError for the first part that is not understood or not allowed."""
    sort = sort_of(params.get("sort") or f"-{DEFAULT}", record_type, user)
    return Asked(
        rule=_rule(params, record_type, user),
        search=" ".join(params.get("q", "").split())[:LONGEST_SEARCH],
        sort=sort,
        keys=keys_of(params.get("fields"), record_type),
        limit=_limit(params.get("limit")),
        cursor=_cursor(params.get("cursor"), sort),
    )


def keys_of(text: str | None, record_type: RecordType) -> tuple[str, ...]:
    """The fields that `?fields=name,owner` names; all of the record's own without it. Raises RuleError for one that does not exist."""
    if text is None:
        return tuple(key for key, field in record_type.fields.items() if not field.is_beyond)
    keys, fields = [key.strip() for key in text.split(",")], record_type.fields
    for key in keys:
        if key not in fields:
            raise RuleError(_("There is no field “%(field)s”.") % {"field": key[:60]})
    return tuple(dict.fromkeys(keys))


def only_fields(params: QueryDict, record_type: RecordType) -> tuple[str, ...]:
    """Of an address that takes `fields` and nothing else. Raises RuleError."""
    unknown = next((key for key in params if key != "fields"), None)
    if unknown is not None:
        raise RuleError(_("There is no parameter “%(name)s”.") % {"name": unknown[:60]})
    return keys_of(params.get("fields"), record_type)


def _rule(params: QueryDict, record_type: RecordType, user: User) -> Group:
    members: list[Rule] = []
    for key in params:
        if key not in OWN:
            members.append(checked(_simple(key, params.getlist(key), record_type), record_type, user))
    if params.get("filter"):
        members.append(checked(parse(params["filter"]), record_type, user))
    match = match_of(params)
    if params.keys() & {"f", "g"}:
        members.append(from_pairs(params.getlist("f"), params.getlist("g"), match, record_type, user, refuse=_refuse))
    return Group("all", tuple(members))


def match_of(params: QueryDict) -> str:
    """How several filters go together. Raises RuleError."""
    match = params.get("match", "all")
    if match not in {"all", "any"}:
        raise RuleError(_("“match” is all or any."))
    return match


def _refuse(part: str, sentence: str) -> None:
    raise RuleError(sentence)


def _simple(key: str, values: list[str], record_type: RecordType) -> Condition:
    """“?city=Berlin”, “?lifecycle=lead&lifecycle=customer”; without a value where it is empty."""
    field = record_type.fields.get(key)
    if field is None:
        raise RuleError(_("There is neither a parameter nor a field “%(field)s”.") % {"field": key[:60]})
    if values == [""]:
        return Condition(key, "is_empty")
    if field.kind == Kind.YES_NO:
        return Condition(key, YES_NO.get(values[-1].lower(), values[-1]))
    return _several(field, values) if len(values) > 1 else Condition(key, BY_KIND.get(field.kind, "is"), _member(field, values[0]))


def _several(field: Field, values: list[str]) -> Condition:
    operators = operators_of(field)
    op = next((op for op in ("any_of", "has_any") if op in operators), None)
    if op is None:
        raise RuleError(_("%(field)s takes one value here. Use “filter” for more.") % {"field": capfirst(str(field.label))})
    return Condition(field.key, op, tuple(values))


def _member(field: Field, value: str) -> Any:
    return (value,) if field.kind == Kind.TAGS else value


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= MOST:
        raise RuleError(_("“limit” is a number from 1 to %(most)d.") % {"most": MOST})
    return int(text)


def _cursor(text: str | None, sort: Sort) -> Cursor | None:
    if not text:
        return None
    try:
        return read_cursor(text, sort)
    except (RuleError, json.JSONDecodeError):
        raise RuleError(_("This cursor is not understood. Begin again without one.")) from None
