"""Rules over several tables that no constraint of the database can hold: asked before a record is written, of one or of many."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection


@dataclass(frozen=True)
class Asked:
    """`sql` selects `d.number` of the drafts `d` that break the rule; "{drafts}" stands for them, with `fields` as columns."""

    name: str
    fields: tuple[str, ...]
    field: str
    sql: str
    message: Any

    def get_violation_error_message(self) -> str:
        return str(self.message)

    def offenders(self) -> str:
        """Of the table `drafts`."""
        return self.sql.format(drafts="drafts")

    def check(self, record: Any, keys: set[str] | None) -> None:
        """Raise ValidationError, at `field`, for one record. `keys` are those that change, None for a new one."""
        if keys is not None and not keys & {*self.fields, self.field}:
            return
        columns = [record._meta.get_field(name) for name in ("organization", *self.fields)]
        drafts = ", ".join(f'%s::{column.db_type(connection)} AS "{column.column}"' for column in columns)
        values = [getattr(record, column.attname) for column in columns]
        with connection.cursor() as cursor:
            cursor.execute(self.sql.format(drafts=f"(SELECT 1 AS number, %s::bigint AS record_id, {drafts})"), [record.pk, *values])
            if cursor.fetchone():
                raise ValidationError({self.field: self.get_violation_error_message()})
