"""Pages of any order, by key instead of by number: nothing is skipped or shown twice when rows come and go between two pages."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.query.reading import is_readable
from crm.query.rules import RuleError
from crm.users.models import User

DEFAULT = "updated_at"
UNSORTED = frozenset({Kind.TAGS, Kind.LONG_TEXT, Kind.REFERENCE})


@dataclass(frozen=True)
class Sort:
    """An order by one field, ties by key. Empty values come last in both directions.

    `is_indexed` is false where all visible rows must be read to sort them.
    """

    field: Field
    descending: bool
    expression: Any
    column: "models.Field[Any, Any]"
    nullable: bool
    is_indexed: bool

    @property
    def key(self) -> str:
        """As it stands in the address: "name", "-updated_at"."""
        return f"-{self.field.key}" if self.descending else self.field.key

    @property
    def is_default(self) -> bool:
        return self.key == f"-{DEFAULT}"


@dataclass(frozen=True)
class Cursor:
    """Between two rows: beside the row with this sort value and key."""

    value: Any
    pk: int


@dataclass(frozen=True)
class Page:
    """Rows in order, each with its `sort_key`, and whether there are rows before and after them."""

    rows: list[Any]
    has_previous: bool
    has_next: bool

    @property
    def first(self) -> Cursor:
        return Cursor(self.rows[0].sort_key, self.rows[0].pk)

    @property
    def last(self) -> Cursor:
        return Cursor(self.rows[-1].sort_key, self.rows[-1].pk)


def sortable_fields(record_type: RecordType, user: User) -> dict[str, Field]:
    """What the person may sort by. The order of hidden or masked values would tell them."""
    return {key: field for key, field in record_type.fields.items() if _is_sortable(field) and is_readable(field, user)}


def sort_of(text: str, record_type: RecordType, user: User) -> Sort:
    """The order that "name" or "-name" asks for. Raises RuleError: unknown, not sortable, withheld from this person."""
    key = text.removeprefix("-")
    field = record_type.fields.get(key)
    if field is None or not _is_sortable(field):
        raise RuleError(_("The list cannot be sorted by “%(field)s”.") % {"field": key})
    if not is_readable(field, user):
        raise RuleError(_("Your role does not show %(field)s, so the list cannot be sorted by it.") % {"field": field.label})
    expression, column = _expression(field, record_type)
    nullable = column.null or field.kind in {Kind.PERSON, Kind.TEAM} or (field.kind == Kind.ENTRY and not field.required)
    return Sort(field, text.startswith("-"), expression, column, nullable, field.indexed)


def page_of(queryset: Any, sort: Sort, size: int, *, after: Cursor | None = None, before: Cursor | None = None) -> Page:
    """`size` rows after or before a cursor, or the first ones. At most two statements, one where no value can be empty."""
    backwards = before is not None
    rows = _rows(queryset, sort, size + 1, before if backwards else after, backwards=backwards)
    more, rows = len(rows) > size, rows[:size]
    return Page(rows[::-1], more, True) if backwards else Page(rows, after is not None, more)


def newest_page_of(queryset: Any, user: User, size: int, *, after: Cursor | None = None, before: Cursor | None = None) -> Page:
    """The default order without a filter, by the index of the access rows: see VisibleQuerySet.newest_page."""
    edge = before or after
    cursor = {"before": (edge.value, edge.pk)} if edge else {}
    rows = list(queryset.newest_page(user, size + 1, ascending=before is not None, **cursor))
    for row in rows:
        row.sort_key = row.updated_at
    more, rows = len(rows) > size, rows[:size]
    return Page(rows[::-1], more, True) if before else Page(rows, after is not None, more)


def write_cursor(cursor: Cursor) -> str:
    """The cursor for the address."""
    value = cursor.value if cursor.value is None or isinstance(cursor.value, bool | int | float) else str(cursor.value)
    data = json.dumps([value, cursor.pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def read_cursor(text: str, sort: Sort) -> Cursor:
    """The cursor of an address. Raises RuleError."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text[:2000] + "=" * (-len(text) % 4)))
        if not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < 2**63 or (isinstance(value, str) and "\x00" in value):
            raise ValueError(text)
        typed = None if value is None else sort.column.to_python(value)
        if (value is None and not sort.nullable) or isinstance(typed, list | dict):
            raise ValueError(text)
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        raise RuleError(_("This page of the list is not understood: showing the first one.")) from None
    return Cursor(typed, pk)


def _rows(queryset: Any, sort: Sort, size: int, cursor: Cursor | None, *, backwards: bool) -> list[Any]:
    """Rows with a value, then rows without one; the other way round when going backwards."""
    rows = queryset.annotate(sort_key=sort.expression)
    if not sort.nullable:
        return list(_with_value(rows, sort, cursor, backwards)[:size])
    parts = [_with_value, _without_value][:: -1 if backwards else 1]
    if cursor is not None and (cursor.value is None) == (parts[0] is _with_value):
        parts = parts[1:]
    found: list[Any] = []
    for number, part in enumerate(parts):
        if len(found) < size:
            found += part(rows, sort, cursor if number == 0 else None, backwards)[: size - len(found)]
    return found


def _with_value(rows: Any, sort: Sort, cursor: Cursor | None, backwards: bool) -> Any:
    descending = sort.descending != backwards
    if sort.nullable:
        rows = rows.filter(sort_key__isnull=False)
        # an index on "desc nulls last" serves both directions only when empty values are said to come first in the other one
        order = F("sort_key").desc(nulls_last=True) if descending else F("sort_key").asc(nulls_first=True)
    else:
        order = F("sort_key").desc() if descending else F("sort_key").asc()
    if cursor is not None:
        beyond = TupleLessThan if descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F("sort_key"), F("pk")), (cursor.value, cursor.pk)))
    return rows.order_by(order, "-pk" if descending else "pk")


def _without_value(rows: Any, sort: Sort, cursor: Cursor | None, backwards: bool) -> Any:
    descending = sort.descending != backwards
    rows = rows.filter(sort_key__isnull=True)
    if cursor is not None:
        rows = rows.filter(**{"pk__lt" if descending else "pk__gt": cursor.pk})
    return rows.order_by("-pk" if descending else "pk")


def _is_sortable(field: Field) -> bool:
    return field.sortable and field.kind not in UNSORTED and not field.is_beyond


def _expression(field: Field, record_type: RecordType) -> "tuple[Any, models.Field[Any, Any]]":
    """What to order by, and the column that its values are like."""
    if field.custom is not None and field.column is not None:
        written = KeyTextTransform(field.custom.name, "custom")
        text = isinstance(field.column, models.CharField) and not field.choices
        return (Lower(written) if text else Cast(written, field.column)), field.column
    if field.kind in {Kind.PERSON, Kind.TEAM}:
        return Lower(f"{field.path}__name"), models.CharField(null=True)
    if field.kind == Kind.ENTRY:
        entries: Any = field.column.remote_field.model  # type: ignore[union-attr]  # entries are foreign keys
        place = entries._meta.get_field(entries._meta.ordering[0])
        return F(f"{field.path}__{place.name}"), place
    key = record_type.sort_keys.get(field.key)
    if key:
        column: Any = record_type.model._meta.get_field(key)
        return F(key), getattr(column, "output_field", column) if column.generated else column
    if field.column is not None and isinstance(field.column, models.CharField) and not field.choices:
        return Lower(field.path), field.column
    return F(field.path), field.column or models.CharField()
