"""What `check_values` asks of one record, asked of many: columns with remembered answers, constraints as set statements."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.models.constraints import BaseConstraint

from crm.lib.copying import copy_rows, temporary_table
from crm.lib.domains import PLAIN as PLAIN_WEBSITE
from crm.records.actions.checks import columns_of
from crm.records.asked import Asked
from crm.records.custom_checks import custom_errors
from crm.records.models import Record

REMEMBERED = 20_000
Errors = dict[str, list[str]]


class ColumnCheck:
    """`clean()` of one model field, as `clean_fields()` calls it. Answers to repeated values are remembered."""

    def __init__(self, column: "models.Field[Any, Any]") -> None:
        self._column = column
        self._plain = isinstance(column, models.ForeignKey) or not column.editable
        self._answers: dict[Any, tuple[Any, list[str]]] = {}

    def __call__(self, value: Any) -> tuple[Any, list[str]]:
        """The cleaned value and no sentences, or what is wrong. Whether a foreign key's row exists is for the references to say."""
        if self._plain:
            return value, []
        if value in self._answers:
            return self._answers[value]
        if len(self._answers) > REMEMBERED:
            self._answers.clear()
        answer = self._answers[value] = self._ask(value)
        return answer

    def _ask(self, value: Any) -> tuple[Any, list[str]]:
        if self._column.blank and value in self._column.empty_values:
            return value, []
        if isinstance(self._column, models.URLField) and PLAIN_WEBSITE.fullmatch(value) and len(value) <= (self._column.max_length or 0):
            return value, []  # Django's own expression takes these, and fifty times as long
        try:
            return self._column.clean(value, None), []
        except ValidationError as error:
            return value, error.messages


class RecordChecks:
    """All that holds for records of one model besides the database's constraints. One per batch or job."""

    def __init__(self, model: Any) -> None:
        self._columns = {column.name: ColumnCheck(column) for column in model._meta.concrete_fields if not column.generated}
        self._required = [c.name for c in model._meta.concrete_fields if c.editable and not c.blank and not c.has_default() and not c.null]

    def column(self, key: str) -> ColumnCheck | None:
        return self._columns.get(key)

    def of(self, record: Record, keys: set[str] | None, *, checked: bool = False) -> Errors:
        """What is wrong with a record, by field. `keys` are those that change, None for a new one.

        `checked`: the columns that changed have been through `column()` already.
        """
        errors: Errors = {}
        asked = self._required if checked else (self._columns if keys is None else [key for key in keys if key in self._columns])
        for key in asked:
            if checked and keys is not None and key not in keys:
                continue
            sentences = self._column_errors(record, key)
            if sentences:
                errors[key] = sentences
        errors |= custom_errors(record, keys)
        try:
            record.check_consistency(keys)
        except ValidationError as error:
            for key, sentences in _by_field(error).items():
                errors.setdefault(key, []).extend(sentences)
        return errors

    def _column_errors(self, record: Record, key: str) -> list[str]:
        check = self._columns[key]
        if check._plain:
            return []
        value, sentences = check(getattr(record, key))
        if not sentences:
            setattr(record, key, value)
        return sentences


def _by_field(error: ValidationError) -> Errors:
    if hasattr(error, "error_dict"):
        return {"" if key == "__all__" else key: list(sentences) for key, sentences in error.message_dict.items()}
    return {"": list(error.messages)}


@contextmanager
def draft_table(model: type[Record], extra: Iterable[str] = ()) -> Iterator["DraftTable"]:
    """A temporary table of records that are not written yet, with the columns that constraints and `extra` need."""
    keys = {"organization", *extra} | {name for constraint in model._meta.constraints for name in columns_of(constraint, model)}
    columns = {column.name: column for column in model._meta.concrete_fields if column.name in keys and not column.generated}
    types = {"number": "bigint", "record_id": "bigint", "tenant": "bigint"} | {str(c.column): _type(c) for c in columns.values()}
    with connection.cursor() as cursor, temporary_table(cursor, "drafts", types):
        yield DraftTable(model, list(columns.values()), cursor)


def is_constrained(model: type[Record], keys: Iterable[str]) -> bool:
    """Whether one of the model's rules asks any of these fields: what none asks cannot break one."""
    asked = {name for constraint in model._meta.constraints for name in columns_of(constraint, model)}
    asked |= {name for rule in model.asked for name in (*rule.fields, rule.field)}
    opaque = any(not isinstance(each, CheckConstraint) and not getattr(each, "fields", ()) for each in model._meta.constraints)
    return opaque or bool(asked & set(keys))


def unique_columns(record: Record) -> set[str]:
    """The fields that the model's unique constraints ask, in their conditions, too."""
    return {name for each in record._meta.constraints if isinstance(each, UniqueConstraint) for name in columns_of(each, type(record))}


def _type(column: "models.Field[Any, Any]") -> str:
    """What is too long is found out by the checks, with a sentence."""
    return "text" if isinstance(column, models.CharField) else str(column.db_type(connection))


class DraftTable:
    """Drafts in the database. `number` is the caller's key of a draft."""

    def __init__(self, model: type[Record], columns: "Sequence[models.Field[Any, Any]]", cursor: Any) -> None:
        self.model, self.cursor = model, cursor
        self._columns = columns
        self._values = attrgetter("organization_id", *[column.attname for column in columns])
        self._editor = connection.SchemaEditorClass(connection)

    def fill(self, drafts: Iterable[tuple[int, int | None, Record]]) -> None:
        """Add drafts: (number, key of the existing record or None, record)."""
        names = ["number", "record_id", "tenant", *(str(column.column) for column in self._columns)]
        copy_rows(self.cursor, "drafts", names, ((number, pk, *self._values(record)) for number, pk, record in drafts))
        self.cursor.execute("ANALYZE drafts (number)")  # how many there are is all that plans need

    def drop(self, numbers: Iterable[int]) -> None:
        self.cursor.execute("DELETE FROM drafts WHERE number = ANY(%s)", [list(numbers)])

    def select(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over `drafts`."""
        self.cursor.execute(sql, parameters)
        return list(self.cursor.fetchall())

    def violations(self, *, unique_only: bool = False) -> Iterator[tuple[int, BaseConstraint | Asked]]:
        """Drafts that the database would refuse beside what it holds now. Drafts are not compared with each other.

        `unique_only`: they were asked before, and only other records may have come since.
        """
        for constraint in self.model._meta.constraints:
            if unique_only and not isinstance(constraint, UniqueConstraint):
                continue
            for (number,) in self.select(self._offenders(constraint)):
                yield number, constraint
        for rule in self.model.asked:
            for (number,) in self.select(rule.offenders()):
                yield number, rule

    def _offenders(self, constraint: BaseConstraint) -> str:
        if isinstance(constraint, CheckConstraint):
            check = constraint._get_check_sql(self.model, self._editor)  # type: ignore[attr-defined]  # Django's own SQL of it
            return f"SELECT number FROM (SELECT *, record_id AS id FROM drafts) d WHERE ({check}) IS FALSE"  # noqa: S608
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            return self._doubles(constraint)
        return "SELECT number FROM drafts WHERE false"

    def _doubles(self, constraint: UniqueConstraint) -> str:
        names = [self._quoted(field) for field in constraint.fields]
        condition = constraint._get_condition_sql(self.model, self._editor) or "true"  # type: ignore[attr-defined]
        same = " AND ".join(f"m.{name} = d.{name}" for name in names)
        table = self._editor.quote_name(self.model._meta.concrete_model._meta.db_table)  # type: ignore[union-attr]
        return (
            f"SELECT d.number FROM (SELECT * FROM drafts WHERE {condition}) d "  # noqa: S608
            f"JOIN (SELECT id, {', '.join(names)} FROM {table} WHERE {condition}) m ON {same} AND m.id IS DISTINCT FROM d.record_id"
        )

    def claims(self) -> Iterator[tuple[str, str]]:
        """(constraint, SQL of the value that only one row may have, NULL where the constraint does not apply)."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.fields:
                condition = constraint._get_condition_sql(self.model, self._editor) or "true"  # type: ignore[attr-defined]
                names = [self._quoted(field) for field in constraint.fields if field != "organization"]
                missing = " OR ".join(f"{name} IS NULL" for name in names)
                value = " || '|' || ".join(f"{name}::text" for name in names)
                yield constraint.name, f"CASE WHEN ({condition}) AND NOT ({missing}) THEN {value} END"

    def _quoted(self, field: str) -> str:
        column: Any = self.model._meta.get_field(field)
        return str(self._editor.quote_name(column.column))
