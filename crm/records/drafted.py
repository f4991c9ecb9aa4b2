"""New records that lie ready in the database: what `insert_many` writes, in set statements alone, without bringing them here and back.

tests/imports/test_straight.py holds this beside `insert_many`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from crm.access.derived import add_access
from crm.audit.log import CREATE, log_rows
from crm.events.outbox import record_many
from crm.fields.record_types import record_types
from crm.records.actions.bulk_checks import DraftTable
from crm.records.custom_values import write_custom_values
from crm.records.models import Record
from crm.search.documents import add_documents
from crm.users.models import User

BESIDE = {"_name": "text", "_title": "text", "_body": "text", "_changes": "jsonb"}


@transaction.atomic
def insert_drafted(template: Record, drafts: DraftTable, own: Mapping[str, "models.Field[Any, Any]"], *, by: User, job_id: int) -> None:
    """Write the drafts as new records, with access rows, search documents, log entries and events.

    `drafts` has the columns `own` by name, the future key as `record_id`, and BESIDE: the name and the changes for the log, the title and
    the body for search. All other columns are the template's. Whoever calls has checked, as for `insert_many`.
    """
    drafts.cursor.execute("SELECT record_id FROM drafts ORDER BY number")
    keys = [key for (key,) in drafts.cursor.fetchall()]
    if not keys:
        return
    now = timezone.now()
    template.updated_at, template.updated_by_id, template.created_by_id = now, by.pk, by.pk
    if "created_at" not in own:
        template.created_at = now
    _insert(template, drafts.cursor, own)
    model, record_type = drafts.model, record_types.of(drafts.model)
    write_custom_values(model, keys, by.organization_id or 0)
    add_access(model, keys)
    texts = "SELECT record_id, _title AS title, _body AS body FROM drafts"
    add_documents(drafts.cursor, record_type, texts, by.organization_id or 0, now)
    entries = "SELECT record_id AS object_id, left(_name, 300) AS object_repr, _changes AS changes FROM drafts"
    log_rows(drafts.cursor, model, entries, action=CREATE, verb=f"{record_type.key}.created", by=by, job_id=job_id)
    record_many(f"{record_type.key}.created", record_type.key, {key: {} for key in keys}, by=by)


def _insert(template: Record, cursor: Any, own: Mapping[str, "models.Field[Any, Any]"]) -> None:
    columns = [c for c in template._meta.concrete_fields if not c.generated and not c.primary_key]
    constant = [c for c in columns if c.name not in own]
    names = ", ".join(f'"{c.column}"' for c in (*own.values(), *constant))
    picked = ", ".join([*(f'd."{c.column}"' for c in own.values()), *["%s" for _ in constant]])
    concrete: Any = template._meta.concrete_model
    cursor.execute(
        f'INSERT INTO "{concrete._meta.db_table}" (id, {names}) OVERRIDING SYSTEM VALUE '  # noqa: S608  # names from models
        f"SELECT d.record_id, {picked} FROM drafts d ORDER BY d.number",
        [c.get_db_prep_save(getattr(template, c.attname), connection) for c in constant],
    )
