"""Writing an organization's search rows again, after roles opened or closed a field that is searched."""

from typing import Any

from django.db import connection

from crm.fields.record_types import RecordType
from crm.search.documents import Texts, fields_open_to_all, write_documents

BATCH = 2000


def rebuild_documents(record_type: RecordType, organization_id: int) -> int:
    """All documents of one record type, batch by batch, in the tenant's transaction. Returns how many."""
    texts = Texts(record_type, fields_open_to_all(record_type, organization_id))
    references = {key.split(".")[0] for key in record_type.search if "." in key}
    records: Any = record_type.objects().filter(organization_id=organization_id, deleted_at=None).select_related(*references).order_by("pk")
    done, last = 0, 0
    while batch := list(records.filter(pk__gt=last)[:BATCH]):
        documents = ((record.pk, *texts.of(record)) for record in batch)
        write_documents(record_type, documents, organization_id, batch[-1].updated_at)
        _keep_times(record_type, [record.pk for record in batch])
        done, last = done + len(batch), batch[-1].pk
    return done


def _keep_times(record_type: RecordType, ids: list[int]) -> None:
    """The newest stay first: documents carry their records' times."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument d SET updated_at = r.updated_at "  # noqa: S608  # names from models
            f"FROM {record_type.model._meta.db_table} r WHERE d.record_type = %s AND d.record_id = r.id AND r.id = ANY(%s)",
            [record_type.key, ids],
        )
