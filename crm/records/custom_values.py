"""The rows by which custom values are found: written from the records' column `custom`, in set statements, for one record or a million."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from crm.fields.custom import PREFIX, custom_fields, python_value
from crm.fields.kinds import Kind
from crm.fields.models import CustomField
from crm.fields.record_types import record_types

NUMBERS = [Kind.DECIMAL.value, Kind.MONEY.value, Kind.YES_NO.value, Kind.PERSON.value]
INDEXED = "f.organization_id = %(organization)s AND f.record_type = %(type)s AND (f.filterable OR f.unique) AND f.kind <> 'long_text'"
"""Asked of the table each time: what a process knows of the fields may be a moment old, and a row that is missing is never noticed."""

WRITE = f"""
INSERT INTO fields_customvalue (organization_id, field_id, record_id, text, number, number_key, day, claimed)
SELECT r.organization_id, f.id, r.id, CASE WHEN v.number IS NULL AND v.day IS NULL THEN left(lower(v.value), 400) END,
       v.number, v.number::float8, v.day, CASE WHEN f.unique THEN left(lower(v.value), 400) END
FROM {{table}} r
JOIN fields_customfield f ON {INDEXED} AND {{which}}
CROSS JOIN LATERAL (
    SELECT value,
        CASE WHEN f.kind = ANY(%(numbers)s) THEN CASE value WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE value::numeric END END AS number,
        CASE WHEN f.kind = 'date' THEN value::date END AS day
    FROM jsonb_array_elements_text(
        CASE jsonb_typeof(r.custom -> f.name) WHEN 'array' THEN r.custom -> f.name ELSE jsonb_build_array(r.custom -> f.name) END
    ) AS each(value)
) v
WHERE r.organization_id = %(organization)s AND r.deleted_at IS NULL AND r.custom ? f.name AND {{among}}
"""  # noqa: S608  # constants of this module
KEPT = "f.removed_at IS NULL AND f.name = ANY(%(names)s)"


def custom_defaults(model: type[models.Model]) -> dict[str, Any]:
    """What a new record has where nobody says otherwise, by key."""
    fields = [placed.field for placed in custom_fields(model._meta.model_name or "").placed]
    return {field.key: python_value(field, field.custom.default) for field in fields if field.custom and field.custom.default is not None}


def default_column(model: type[models.Model]) -> dict[str, Any]:
    """The column `custom` of a new record for which nobody says anything."""
    fields = [placed.field.custom for placed in custom_fields(model._meta.model_name or "").placed]
    return {row.name: row.default for row in fields if row is not None and row.default is not None}


def write_custom_values(model: type[models.Model], ids: Sequence[int], organization_id: int, keys: Iterable[str] | None = None) -> None:
    """Make the rows of these records true. `keys` are what changed, None for everything. Raises IntegrityError where a value is taken."""
    added = [placed.field.key for placed in custom_fields(model._meta.model_name or "").placed]
    names = [key.removeprefix(PREFIX) for key in (added if keys is None else keys) if key.startswith(PREFIX)]
    if not names or not ids:
        return
    facts = {**_facts(model, organization_id), "names": names, "records": list(ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fields_customvalue v USING fields_customfield f WHERE v.field_id = f.id AND v.record_id = ANY(%(records)s) "  # noqa: S608
            f"AND {INDEXED} AND {KEPT}",
            facts,
        )
        cursor.execute(WRITE.format(table=_table(model), which=KEPT, among="r.id = ANY(%(records)s)"), facts)


def write_values_of_field(row: CustomField, first: int, last: int) -> int:
    """Make the rows of one field true, for the records whose keys lie between, which wait for whoever changes them. Returns how many."""
    model = record_types[row.record_type].model
    among = "r.id BETWEEN %(first)s AND %(last)s" + (" AND r.kind = %(type)s" if getattr(model, "KIND", "") else "")
    facts = {**_facts(model, row.organization_id), "first": first, "last": last, "field": row.pk}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {_table(model)} r WHERE r.organization_id = %(organization)s AND {among} ORDER BY r.id FOR NO KEY UPDATE",  # noqa: S608
            facts,
        )
        cursor.execute("DELETE FROM fields_customvalue WHERE field_id = %(field)s AND record_id BETWEEN %(first)s AND %(last)s", facts)
        cursor.execute(WRITE.format(table=_table(model), which="f.id = %(field)s", among=among), facts)
        return int(cursor.rowcount)


def remove_custom_values(model: type[models.Model], ids: Sequence[int]) -> None:
    """Of records that go into the recycle bin or away for good: what they claimed is free."""
    if not custom_fields(model._meta.model_name or "").placed or not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fields_customvalue v USING fields_customfield f WHERE v.field_id = f.id AND v.record_id = ANY(%(records)s) "
            "AND f.organization_id = v.organization_id AND f.record_type = %(type)s",
            {"records": list(ids), "type": model._meta.model_name},
        )


def _facts(model: type[models.Model], organization_id: int) -> dict[str, Any]:
    return {"organization": organization_id, "type": model._meta.model_name, "numbers": NUMBERS}


def _table(model: type[models.Model]) -> str:
    concrete: Any = model._meta.concrete_model
    return f'"{concrete._meta.db_table}"'
