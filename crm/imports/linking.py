"""Parents that stand in the same file: found when all rows are known, in set statements."""

from django.db import connection
from django.utils.translation import gettext as _

from crm.imports.models import Action, Import

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
        for key, way in cursor.fetchall():
            if way in FIELD_OF_WAY:
                _link(cursor, run, key, way)
        _remark(cursor, run)
        _order(cursor, run)
        cursor.execute("UPDATE imports_importrow SET links = NULL WHERE run_id = %s AND links IS NOT NULL AND level = 0", [run.pk])
        cursor.execute("SELECT action, count(*) FROM imports_importrow WHERE run_id = %s GROUP BY action", [run.pk])
        run.counts |= {**dict.fromkeys(Action.values, 0), **dict(cursor.fetchall())}


def _link(cursor: object, run: Import, key: str, way: str) -> None:
    """Exactly one new record of that name, and not the row itself."""
    table = f'"{run.type.model._meta.concrete_model._meta.db_table}"'  # type: ignore[union-attr]
    column = run.type.model._meta.get_field(key).column  # type: ignore[union-attr]
    cursor.execute(  # type: ignore[attr-defined]
        "WITH wanted AS (SELECT number, links->%(key)s->>1 AS text FROM imports_importrow "  # noqa: S608
        "WHERE run_id = %(run)s AND links->%(key)s->>0 = %(way)s), "
        f"named AS (SELECT number, record_id, {FIELD_OF_WAY[way]} AS text FROM imports_importrow WHERE run_id = %(run)s AND action = 'n'), "
        "found AS (SELECT w.number, min(n.number) AS parent, min(n.record_id) AS record FROM wanted w JOIN named n ON n.text = w.text "
        "AND n.number <> w.number GROUP BY w.number HAVING count(*) = 1) "
        "UPDATE imports_importrow r SET values = r.values || jsonb_build_object(%(key)s::text, f.record), "
        "links = jsonb_set(r.links, ARRAY[%(key)s], to_jsonb(f.parent)), action = CASE r.action WHEN 's' THEN 'c' ELSE r.action END, "
        "old = CASE WHEN r.action = 'n' THEN r.old ELSE r.old || jsonb_build_object(%(key)s::text, "
        f"(SELECT {column} FROM {table} m WHERE m.id = r.record_id)) END FROM found f "
        "WHERE r.run_id = %(run)s AND r.number = f.number AND r.action <> 'r'",
        {"key": key, "way": way, "run": run.pk},
    )


def _remark(cursor: object, run: Import) -> None:
    """What was not found stays out, and the row says so."""
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE imports_importrow r SET remarks = r.remarks || "
        "(SELECT jsonb_agg(jsonb_build_array(value->>2, replace(%(sentence)s, '{}', value->>3))) "
        "FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'array'), "
        "links = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'number') "
        "WHERE run_id = %(run)s AND links IS NOT NULL AND action <> 'r' "
        "AND EXISTS (SELECT FROM jsonb_each(r.links) WHERE jsonb_typeof(value) = 'array')",
        {"run": run.pk, "sentence": _("“{}” was not found, here or in the file, so it was left out.")},
    )


def _order(cursor: object, run: Import) -> None:
    """Each row one level below its lowest parent. Rows in a circle lose their parent."""
    for _level in range(DEEPEST):
        cursor.execute(  # type: ignore[attr-defined]
            "UPDATE imports_importrow r SET level = p.level FROM (SELECT c.number, max(t.level) + 1 AS level FROM imports_importrow c "
            "CROSS JOIN LATERAL jsonb_each(c.links) JOIN imports_importrow t ON t.run_id = c.run_id AND t.number = value::int "
            "WHERE c.run_id = %(run)s AND c.links IS NOT NULL AND jsonb_typeof(value) = 'number' GROUP BY c.number) p "
            "WHERE r.run_id = %(run)s AND r.number = p.number AND r.level <> p.level",
            {"run": run.pk},
        )
        if not cursor.rowcount:  # type: ignore[attr-defined]
            return
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE imports_importrow SET values = values - ARRAY(SELECT jsonb_object_keys(links)), links = NULL, level = 0, "
        "remarks = remarks || jsonb_build_array(jsonb_build_array('', %(sentence)s::text)) WHERE run_id = %(run)s AND level >= %(deepest)s",
        {"run": run.pk, "deepest": DEEPEST - 2, "sentence": _("The parents in the file go round in a circle, so they were left out.")},
    )
