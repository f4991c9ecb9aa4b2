"""Writing an organization's search rows again: after roles opened or closed a field that is searched, and by `manage.py rebuild_search`."""

from typing import Any

from django.db import connection

from crm.fields.record_types import RecordType
from crm.search.documents import Texts, fields_open_to_all, write_documents

BATCH = 2000


def rebuild_documents(record_type: RecordType, organization_id: int) -> int:
    """All documents of one record type, batch by batch, in the tenant's transaction. Returns how many."""
    done, last = 0, 0
    while ids := rebuild_batch(record_type, organization_id, after=last):
        done, last = done + len(ids), ids[-1]
    return done


def rebuild_batch(record_type: RecordType, organization_id: int, *, after: int, lock: bool = False) -> list[int]:
    """The documents of the next records by key, in the tenant's transaction. Returns their keys, none at the end.

    `lock`: whoever changes one of them meanwhile waits, so that no newer document is overwritten. For short transactions.
    """
    references = {key.split(".")[0] for key in record_type.search if "." in key}
    records: Any = record_type.objects().filter(organization_id=organization_id, deleted_at=None, pk__gt=after)
    if lock:
        records = records.select_for_update(of=("self",), no_key=True)
    batch = list(records.select_related(*references).order_by("pk")[:BATCH])
    if not batch:
        return []
    texts = Texts(record_type, fields_open_to_all(record_type, organization_id))
    documents = ((record.pk, *texts.of(record)) for record in batch)
    write_documents(record_type, documents, organization_id, batch[-1].updated_at)
    ids = [record.pk for record in batch]
    _keep_times(record_type, ids)
    return ids


def drop_orphans(record_type: RecordType, organization_id: int) -> int:
    """Remove the documents of records that are gone, in the tenant's transaction. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM search_searchdocument d WHERE d.record_type = %s AND d.organization_id = %s AND NOT EXISTS "  # noqa: S608  # names from models
            f"(SELECT FROM {record_type.model._meta.db_table} r WHERE r.id = d.record_id AND r.deleted_at IS NULL)",
            [record_type.key, organization_id],
        )
        return int(cursor.rowcount)


def _keep_times(record_type: RecordType, ids: list[int]) -> None:
    """The newest stay first: documents carry their records' times."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument d SET updated_at = r.updated_at "  # noqa: S608  # names from models
            f"FROM {record_type.model._meta.db_table} r WHERE d.record_type = %s AND d.record_id = r.id AND r.id = ANY(%s)",
            [record_type.key, ids],
        )
