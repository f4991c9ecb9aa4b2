"""Large, deterministic bench data in set statements: for `manage.py seed`, never for real organizations."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper

from crm.access.derived import view_of
from crm.fields.record_types import record_types


def noise(number: str, salt: int, size: int) -> str:
    """SQL for a number in 0 … size-1 that looks random and is always the same for the same `number`."""
    return f"(abs(hashint8extended(({number})::bigint, {salt})) %% {size})"


def pick(words: str, number: str) -> str:
    """SQL for one of a psycopg array parameter's words."""
    return f"(%({words})s::text[])[1 + ({number})::int %% array_length(%({words})s::text[], 1)]"


def insert_rows(
    cursor: CursorWrapper, model: type[models.Model], columns: Mapping[str, str], source: str, parameters: Mapping[str, Any]
) -> int:
    """INSERT … SELECT: `columns` are SQL expressions by column, all others get the field's empty value. Returns the number of rows."""
    values = {
        column.column: _empty(column) for column in model._meta.local_concrete_fields if not column.primary_key and not column.generated
    }
    values.update(columns)
    names = ", ".join(f'"{name}"' for name in values)
    cursor.execute(
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(values.values())} {source}',  # names from models
        parameters,
    )
    rows = int(cursor.rowcount)
    cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    return rows


def derive_access(cursor: CursorWrapper, model: type[models.Model], organization_id: int) -> int:
    """All access rows of the organization, from the rule. Returns the number of rows."""
    access: Any = _concrete(model)._meta.get_field("access").related_model
    cursor.execute(
        f"INSERT INTO {access._meta.db_table} (organization_id, principal, updated_at, record_id) "
        f"SELECT DISTINCT organization_id, principal, updated_at, record_id FROM {view_of(model)} WHERE organization_id = %s",
        [organization_id],
    )
    rows = int(cursor.rowcount)
    cursor.execute(f"ANALYZE {access._meta.db_table}")
    return rows


def write_documents(
    cursor: CursorWrapper, model: type[models.Model], organization_id: int, title: str, body: str, *, joins: str = "", only: str = "true"
) -> int:
    """All search documents of the organization; `title`, `body` and the condition `only` are SQL over the row `r`. Returns how many."""
    access: Any = _concrete(model)._meta.get_field("access").related_model
    cursor.execute(
        "INSERT INTO search_searchdocument (record_id, record_type, organization_id, principals, title, body, updated_at) "
        f"SELECT r.id, %(type)s, r.organization_id, p.principals, {title}, {body}, r.updated_at FROM {model._meta.db_table} r {joins} "
        f"JOIN (SELECT record_id, array_agg(principal) AS principals FROM {access._meta.db_table} WHERE organization_id = %(organization)s "
        f"GROUP BY record_id) p ON p.record_id = r.id WHERE r.organization_id = %(organization)s AND {only}",
        {"type": record_types.of(model).key, "organization": organization_id},
    )
    return int(cursor.rowcount)


def _concrete(model: type[models.Model]) -> Any:
    return model._meta.concrete_model


def _empty(column: "models.Field[Any, Any]") -> str:
    if column.null:
        return "NULL"
    if isinstance(column, models.BooleanField):
        return "false"
    if isinstance(column, models.IntegerField):
        return "1" if column.name == "version" else "0"
    if isinstance(column, models.DateTimeField):
        return "now()"
    if isinstance(column, models.JSONField):
        return "'{}'::jsonb"
    default = column.get_default()
    return "'" + str(default or "").replace("'", "''") + "'"
