"""Writing the search table, in the transaction of the change."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from crm.access.derived import access_table, view_of
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.lib.copying import copy_rows, temporary_table
from crm.lib.text import digits, fold
from crm.search.models import SearchWord
from crm.users.models import FieldLevel, Role

WORD = re.compile(r"[^\W\d_][^\W\d_]{2,40}")


def text_of(record_type: RecordType, record: Any) -> tuple[str, str]:
    """The folded title and body of a record's document, of fields that no role hides. Phone numbers go in as digits."""
    return text_in(record_type, record, fields_open_to_all(record_type, record.organization_id))


def text_in(record_type: RecordType, record: Any, open_to_all: set[str]) -> tuple[str, str]:
    """As `text_of`, for many records of one organization: `open_to_all` is asked once."""
    title = fold(str(record))[:300]
    parts = [title]
    for key in record_type.search:
        field = record_type.fields[key]
        value = field.value_of(record)
        if key in open_to_all and value not in {None, ""}:
            parts.append(digits(str(value)) if field.kind == Kind.PHONE else fold(str(value)))
    return title, " " + " ".join(dict.fromkeys(parts))


def write_document(record_type: RecordType, record: Any) -> None:
    """Insert or replace the record's document. Principals come from the access rule; the words become known."""
    title, body = text_of(record_type, record)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_searchdocument (record_id, record_type, organization_id, principals, title, body, updated_at) "  # noqa: S608
            f"SELECT %(id)s, %(type)s, %(organization)s, (SELECT coalesce(array_agg(DISTINCT principal), '{{}}') "
            f"FROM {view_of(record_type.model)} WHERE record_id = %(id)s), %(title)s, %(body)s, %(at)s "
            "ON CONFLICT (record_id, record_type) DO UPDATE SET principals = excluded.principals, title = excluded.title, "
            "body = excluded.body, updated_at = excluded.updated_at",
            {
                "id": record.pk,
                "type": record_type.key,
                "organization": record.organization_id,
                "title": title,
                "body": body,
                "at": record.updated_at,
            },
        )
    learn_words(record.organization_id, body)


def write_documents(record_type: RecordType, documents: Iterable[tuple[int, str, str]], organization_id: int, updated_at: datetime) -> None:
    """Insert or replace many documents in few statements: (key, title, body) each. Call it after the access rows are true."""
    words: set[str] = set()

    def rows() -> Iterator[tuple[int, str, str]]:
        for document in documents:
            words.update(WORD.findall(document[2]))
            yield document

    columns = {"record_id": "bigint", "title": "text", "body": "text"}
    with connection.cursor() as cursor, temporary_table(cursor, "new_documents", columns) as table:
        copy_rows(cursor, table, list(columns), rows())
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(
            "INSERT INTO search_searchdocument (record_id, record_type, organization_id, principals, title, body, updated_at) "  # noqa: S608
            f"SELECT d.record_id, %(type)s, %(organization)s, coalesce(p.principals, '{{}}'), d.title, d.body, %(at)s FROM {table} d "
            f"LEFT JOIN (SELECT record_id, array_agg(DISTINCT principal) AS principals FROM {access_table(record_type.model)} "
            f"WHERE record_id IN (SELECT record_id FROM {table}) GROUP BY record_id) p ON p.record_id = d.record_id "
            "ON CONFLICT (record_id, record_type) DO UPDATE SET principals = excluded.principals, title = excluded.title, "
            "body = excluded.body, updated_at = excluded.updated_at",
            {"type": record_type.key, "organization": organization_id, "at": updated_at},
        )
        cursor.execute(
            "INSERT INTO search_searchword (organization_id, word) SELECT %(organization)s, met.word "
            "FROM unnest(%(words)s::text[]) AS met(word) WHERE NOT EXISTS "
            "(SELECT FROM search_searchword k WHERE k.organization_id = %(organization)s AND k.word = met.word) "
            "ORDER BY met.word ON CONFLICT DO NOTHING",
            {"organization": organization_id, "words": list(words)},
        )


def touch_documents(record_type: RecordType, ids: Iterable[int], updated_at: datetime) -> None:
    """The common edit: nothing that is searched has changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument SET updated_at = %s WHERE record_type = %s AND record_id = ANY(%s)",
            [updated_at, record_type.key, list(ids)],
        )


def refresh_principals(record_type: RecordType, ids: Iterable[int]) -> None:
    """After a share or a new owner: who may find it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument d SET principals = coalesce(p.principals, '{}') "  # noqa: S608
            "FROM unnest(%(ids)s::bigint[]) AS changed(id) LEFT JOIN (SELECT record_id, array_agg(DISTINCT principal) AS principals "
            f"FROM {view_of(record_type.model)} WHERE record_id = ANY(%(ids)s) GROUP BY record_id) p ON p.record_id = changed.id "
            "WHERE d.record_type = %(type)s AND d.record_id = changed.id",
            {"type": record_type.key, "ids": list(ids)},
        )


def remove_documents(record_type: RecordType, ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchdocument WHERE record_type = %s AND record_id = ANY(%s)", [record_type.key, list(ids)])


def learn_words(organization_id: int, text: str) -> None:
    """Remember words for the correction of typing errors."""
    words = sorted(set(WORD.findall(text)))
    SearchWord.objects.bulk_create([SearchWord(organization_id=organization_id, word=word) for word in words], ignore_conflicts=True)


def fields_open_to_all(record_type: RecordType, organization_id: int) -> set[str]:
    closed = {FieldLevel.HIDDEN, FieldLevel.MASKED}
    roles = list(Role.objects.filter(organization_id=organization_id).only("levels", "is_administrator"))
    return {key for key in record_type.search if not any(role.level(record_type.key, key) in closed for role in roles)}
