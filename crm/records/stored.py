"""Values of records as JSON that the program reads again: what an import staged, what a change of many can take back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from crm.audit.log import as_json
from crm.fields.custom import python_value
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.users.models import User


def dump(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return WRITTEN(value)


def encode(value: Any) -> Any:
    """What JSON cannot say: records by their key, decimals and times as the log has them."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal | date):
        return as_json(value)
    raise TypeError(type(value))


WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=encode, check_circular=False).encode


class Decoder:
    """Stored values as the columns hold them; records stay keys."""

    def __init__(self, record_type: RecordType) -> None:
        self._columns = {column.name: column for column in record_type.model._meta.concrete_fields}
        self._custom = {key: field for key, field in record_type.fields.items() if field.custom is not None and field.kind != Kind.PERSON}
        self._references: dict[str, Any] = {
            name: column.remote_field.model for name, column in self._columns.items() if isinstance(column, models.ForeignKey)
        } | {key: User for key, field in record_type.fields.items() if field.custom is not None and field.kind == Kind.PERSON}
        self._typed = {
            name: column
            for name, column in self._columns.items()
            if isinstance(column, models.DecimalField | models.DateField | models.DateTimeField)
        }

    def plain(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The columns' values: no references, no lists."""
        found = {}
        for key, value in values.items():
            described = self._custom.get(key)
            if described is not None:
                found[key] = python_value(described, value)
                continue
            column = self._columns.get(key)
            if column is None or isinstance(column, models.ForeignKey):
                continue
            found[key] = self._typed[key].to_python(value) if key in self._typed and value is not None else value
        return found

    def whole(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The same with the records that are referred to, asked for once for all rows; without those that are gone."""
        found: dict[Any, dict[int, Any]] = {}
        for key, model in self._references.items():
            found.setdefault(model, {}).update(dict.fromkeys(row[key] for row in rows if row.get(key) is not None))
        for model, pks in found.items():
            if pks:
                found[model] = model._base_manager.in_bulk(list(pks))
        return [{**self.plain(row), **self._referred(row, found)} for row in rows]

    def _referred(self, row: Mapping[str, Any], found: Mapping[Any, Mapping[int, Any]]) -> dict[str, Any]:
        said = {}
        for key in self._references.keys() & row.keys():
            record = found[self._references[key]].get(row[key]) if row[key] is not None else None
            if record is not None or row[key] is None:
                said[key] = record
        return said
