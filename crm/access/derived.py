"""Keeping the derived access rows true: the one rule is the SQL view, these statements follow it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models


def view_of(model: type[models.Model]) -> str:
    """The name of the view that says through which principals each record is seen."""
    return f"{_concrete(model)._meta.db_table}_principal"


def refresh_access(model: type[models.Model], ids: Iterable[int]) -> None:
    """Make the access rows of these records what the rule says: after create, a new owner or team, a share."""
    access, view = access_table(model), view_of(model)
    pks = list(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record_id, principal FROM {access} WHERE record_id = ANY(%(ids)s) EXCEPT "  # noqa: S608  # names from models
            f"SELECT record_id, principal FROM {view} WHERE record_id = ANY(%(ids)s)",
            {"ids": pks},
        )
        stale = cursor.fetchall()
        if stale:  # what follows access rows looks for what follows each deletion, also of no rows: a share would pay for it
            cursor.execute(
                f"DELETE FROM {access} a USING unnest(%s::bigint[], %s::int[]) AS stale(record_id, principal) "  # noqa: S608
                "WHERE a.record_id = stale.record_id AND a.principal = stale.principal",
                [[record for record, _ in stale], [principal for _, principal in stale]],
            )
        cursor.execute(
            f"INSERT INTO {access} (organization_id, principal, updated_at, record_id) "  # noqa: S608
            f"SELECT DISTINCT organization_id, principal, updated_at, record_id FROM {view} WHERE record_id = ANY(%(ids)s) "
            "ON CONFLICT (record_id, principal) DO UPDATE SET updated_at = excluded.updated_at "
            f"WHERE {access}.updated_at <> excluded.updated_at",
            {"ids": pks},
        )


def add_access(model: type[models.Model], ids: Iterable[int]) -> None:
    """The access rows of records that have none yet: after they were created."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {access_table(model)} (organization_id, principal, updated_at, record_id) "  # noqa: S608
            f"SELECT DISTINCT organization_id, principal, updated_at, record_id FROM {view_of(model)} WHERE record_id = ANY(%s)",
            [list(ids)],
        )


def touch_access(model: type[models.Model], ids: Iterable[int], updated_at: datetime) -> None:
    """The common edit: only the time of the last change moves."""
    keys = list(ids)
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {access_table(model)} SET updated_at = %s WHERE record_id = ANY(%s)",  # noqa: S608
            [updated_at, keys],
        )


def repair_access(model: type[models.Model]) -> int:
    """Make all access rows of the tenant (of all tenants, as the owner role) true. Returns how many were not: 0 when actions are right."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"MERGE INTO {access_table(model)} a USING (SELECT DISTINCT * FROM {view_of(model)}) p "  # noqa: S608
            "ON a.record_id = p.record_id AND a.principal = p.principal "
            "WHEN MATCHED AND a.updated_at <> p.updated_at THEN UPDATE SET updated_at = p.updated_at "
            "WHEN NOT MATCHED BY TARGET THEN INSERT (organization_id, principal, updated_at, record_id) "
            "VALUES (p.organization_id, p.principal, p.updated_at, p.record_id) "
            "WHEN NOT MATCHED BY SOURCE THEN DELETE"
        )
        return int(cursor.rowcount)


def _concrete(model: type[models.Model]) -> Any:
    return model._meta.concrete_model


def access_table(model: type[models.Model]) -> str:
    """The name of the table with the access rows of a record type."""
    access: Any = _concrete(model)._meta.get_field("access").related_model
    return str(access._meta.db_table)
