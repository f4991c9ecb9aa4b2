"""Parents that stand in the same file: found when all rows are known, in set statements."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.imports.models import Action, Import
from crm.lib.copying import temporary_table

DEEPEST = 50
FIELD_OF_WAY = {"name": "lower(values->>'name')", "id": "values->>'external_id'", "email": "lower(values->>'email')"}


def link_rows(run: Import) -> None:
    """Put the future key of a new record into the rows that name it as their parent, and order parents before children."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT key, links->key->>0 FROM imports_importrow, jsonb_object_keys(links) AS key "
            "WHERE run_id = %s AND links IS NOT NULL",
            [run.pk],
        )
        named = cursor.fetchall()
        if named:
            _link_all(cursor, run, named)
        cursor.execute("SELECT action, count(*) FROM imports_importrow WHERE run_id = %s GROUP BY action", [run.pk])
        run.counts |= {**dict.fromkeys(Action.values, 0), **dict(cursor.fetchall())}


def _link_all(cursor: Any, run: Import, named: list[tuple[str, str]]) -> None:
    # The statistics know nothing yet of rows that came a moment ago: taken for few, they would be joined row by row.
    cursor.execute("SET LOCAL enable_nestloop = off")
    for key, way in named:
        if way in FIELD_OF_WAY:
            _link(cursor, run, key, way)
    _remark(cursor, run)
    _order(cursor, run)
    cursor.execute("UPDATE imports_importrow SET links = NULL WHERE run_id = %s AND links IS NOT NULL AND level = 0", [run.pk])
    cursor.execute("SET LOCAL enable_nestloop = on")


def _link(cursor: Any, run: Import, key: str, way: str) -> None:
    """Exactly one new record of that name, and not the row itself."""
    model: Any = run.type.model
    table, column = model._meta.concrete_model._meta.db_table, model._meta.get_field(key).column
    cursor.execute(
        "WITH wanted AS (SELECT number, links->%(key)s->>1 AS text FROM imports_importrow "  # noqa: S608
        "WHERE run_id = %(run)s AND links->%(key)s->>0 = %(way)s), "
        f"named AS (SELECT number, record_id, {FIELD_OF_WAY[way]} AS text FROM imports_importrow WHERE run_id = %(run)s AND action = 'n'), "
        "found AS (SELECT w.number, min(n.number) AS parent, min(n.record_id) AS record FROM wanted w JOIN named n ON n.text = w.text "
        "AND n.number <> w.number GROUP BY w.number HAVING count(*) = 1) "
        "UPDATE imports_importrow r SET values = r.values || jsonb_build_object(%(key)s::text, f.record), "
        "links = jsonb_set(r.links, ARRAY[%(key)s], to_jsonb(f.parent)), action = CASE r.action WHEN 's' THEN 'c' ELSE r.action END, "
        "old = CASE WHEN r.action = 'n' THEN r.old ELSE r.old || jsonb_build_object(%(key)s::text, "
        f'(SELECT {column} FROM "{table}" m WHERE m.id = r.record_id)) END FROM found f '
        "WHERE r.run_id = %(run)s AND r.number = f.number AND r.action <> 'r'",
        {"key": key, "way": way, "run": run.pk},
    )


def _remark(cursor: Any, run: Import) -> None:
    """What was not found stays out, and the row says so."""
    cursor.execute(
        "UPDATE imports_importrow r SET remarks = r.remarks || "
        "(SELECT jsonb_agg(jsonb_build_array(value->>2, replace(%(sentence)s, '{}', value->>3))) "
        "FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'array'), "
        "links = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'number') "
        "WHERE run_id = %(run)s AND links IS NOT NULL AND action <> 'r' "
        "AND EXISTS (SELECT FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'array')",
        {"run": run.pk, "sentence": _("“{}” was not found, here or in the file, so it was left out.")},
    )


def _order(cursor: Any, run: Import) -> None:
    """Each row one level below its lowest parent. Rows in a circle lose their parent."""
    with temporary_table(cursor, "linked_rows", {"number": "integer", "parent": "integer", "level": "integer"}) as linked:
        cursor.execute(
            f"INSERT INTO {linked} SELECT number, value::int, 1 FROM imports_importrow CROSS JOIN LATERAL jsonb_each(links) "  # noqa: S608
            "WHERE run_id = %s AND links IS NOT NULL AND jsonb_typeof(value) = 'number'",
            [run.pk],
        )
        cursor.execute(f"ANALYZE {linked}")
        for _level in range(DEEPEST):
            cursor.execute(
                f"UPDATE {linked} c SET level = p.level + 1 FROM (SELECT number, max(level) AS level FROM {linked} GROUP BY number) p "  # noqa: S608
                "WHERE p.number = c.parent AND c.level <= p.level"
            )
            if not cursor.rowcount:
                break
        cursor.execute(
            "UPDATE imports_importrow r SET level = l.level "  # noqa: S608
            f"FROM (SELECT number, max(level) AS level FROM {linked} GROUP BY number) l WHERE r.run_id = %s AND r.number = l.number",
            [run.pk],
        )
    cursor.execute(
        "UPDATE imports_importrow SET values = values - ARRAY(SELECT jsonb_object_keys(links)), links = NULL, level = 0, "
        "remarks = remarks || jsonb_build_array(jsonb_build_array('', %(sentence)s::text)) WHERE run_id = %(run)s AND level >= %(deepest)s",
        {"run": run.pk, "deepest": DEEPEST - 2, "sentence": _("The parents in the file go round in a circle, so they were left out.")},
    )
