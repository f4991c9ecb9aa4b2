"""Writing the search table, in the transaction of the change."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection

from crm.access.derived import access_table
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.lib.copying import copy_rows, temporary_table
from crm.lib.text import digits, fold
from crm.users.models import FieldLevel

WORD = re.compile(r"[^\W\d_][^\W\d_]{2,40}")
TITLE = ""  # stands where a part of a document has its field's key
WITHHELD = (  # across a reference, as "customer.name", what withholds the reference withholds what is beyond it
    "EXISTS (SELECT FROM users_role WHERE organization_id = %(organization)s "
    "AND (levels -> %(type)s ->> part.key IN ({closed}) OR levels -> %(type)s ->> split_part(part.key, '.', 1) IN ({closed})))"
).format(closed=f"'{FieldLevel.HIDDEN.value}', '{FieldLevel.MASKED.value}'")
DOCUMENT = f"""
WITH open AS (
    SELECT part.key, text, n FROM unnest(%(keys)s::text[], %(texts)s::text[]) WITH ORDINALITY AS part(key, text, n)
    WHERE part.key = '{TITLE}' OR NOT {WITHHELD}
), document AS (
    INSERT INTO search_searchdocument (record_id, record_type, organization_id, principals, title, body, updated_at)
    SELECT %(id)s, %(type)s, %(organization)s,
           (SELECT coalesce(array_agg(principal), '{{{{}}}}') FROM {{access}} WHERE record_id = %(id)s), %(title)s,
           (SELECT ' ' || string_agg(text, ' ' ORDER BY n) FROM (SELECT text, min(n) AS n FROM open GROUP BY text) AS once), %(at)s
    ON CONFLICT (record_id, record_type) DO UPDATE SET principals = excluded.principals, title = excluded.title,
        body = excluded.body, updated_at = excluded.updated_at
)
INSERT INTO search_searchword (organization_id, word)
SELECT DISTINCT %(organization)s::bigint, word FROM unnest(%(words)s::text[], %(of)s::text[]) AS met(word, key) JOIN open USING (key)
WHERE NOT EXISTS (SELECT FROM search_searchword known WHERE known.organization_id = %(organization)s AND known.word = met.word)
ORDER BY word ON CONFLICT DO NOTHING
"""  # noqa: S608  # constants of this module


def searched_keys(record_type: RecordType) -> set[str]:
    """The fields of the record itself whose change makes another document."""
    fields = [record_type.fields[key] for key in (*record_type.searched, record_type.title)]
    return {field.key.split(".")[0] if field.is_beyond else field.key for field in fields}


def parts_of(record_type: RecordType, record: Any, *, without_references: bool = False) -> dict[str, str]:
    """The folded text of each searched field that has one. Phone numbers go in as digits."""
    parts = {}
    for key in record_type.searched:
        field = record_type.fields[key]
        if without_references and field.is_beyond:
            continue
        value = field.value_of(record)
        if value not in {None, ""}:
            parts[key] = digits(str(value)) if field.kind == Kind.PHONE else fold(str(value))
    return parts


class Texts:
    """The title and body of many records' documents, of the fields in `open_to_all`: for many records, which is asked once."""

    def __init__(self, record_type: RecordType, open_to_all: set[str]) -> None:
        fields = [record_type.fields[key] for key in record_type.searched if key in open_to_all]
        self._parts = [(_reader(field), field.kind == Kind.PHONE) for field in fields]

    def of(self, record: Any) -> tuple[str, str]:
        title = fold(str(record))[:300]
        parts = {title: None}
        for read, is_phone in self._parts:
            value = read(record)
            if value is not None and value != "":
                parts[digits(str(value)) if is_phone else fold(str(value))] = None
        return title, " " + " ".join(parts)


def _reader(field: Field) -> Callable[[Any], Any]:
    """A column of the record itself needs no walk along the path."""
    own = field.column is not None and not field.column.is_relation and "__" not in field.path
    return attrgetter(field.path) if own else field.value_of


def write_document(record_type: RecordType, record: Any) -> None:
    """Insert or replace the record's document, of what no role withholds, and learn its words. Call it after the access rows are true."""
    title = fold(str(record))[:300]
    said = {TITLE: title, **parts_of(record_type, record)}
    met = [(word, key) for key, text in said.items() for word in WORD.findall(text)]
    facts = {
        "id": record.pk,
        "type": record_type.key,
        "organization": record.organization_id,
        "title": title,
        "keys": list(said),
        "texts": list(said.values()),
        "words": [word for word, _ in met],
        "of": [key for _, key in met],
        "at": record.updated_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENT.format(access=access_table(record_type.model)), facts)


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
            f"LEFT JOIN (SELECT record_id, array_agg(principal) AS principals FROM {access_table(record_type.model)} "
            f"WHERE record_id IN (SELECT record_id FROM {table}) GROUP BY record_id) p ON p.record_id = d.record_id "
            "ON CONFLICT (record_id, record_type) DO UPDATE SET principals = excluded.principals, title = excluded.title, "
            "body = excluded.body, updated_at = excluded.updated_at",
            {"type": record_type.key, "organization": organization_id, "at": updated_at},
        )
        _learn(cursor, words, organization_id)


def add_documents(cursor: Any, record_type: RecordType, texts: str, organization_id: int, updated_at: datetime) -> None:
    """The documents of new records, once the access rows are there. `texts` is a SELECT of record_id, title and body.

    What cannot be there yet need not be looked for, as `write_documents` does.
    """
    cursor.execute(
        "INSERT INTO search_searchdocument (record_id, record_type, organization_id, principals, title, body, updated_at) "  # noqa: S608
        f"SELECT d.record_id, %(type)s, %(organization)s, coalesce(p.principals, '{{}}'), d.title, d.body, %(at)s FROM ({texts}) d "
        f"LEFT JOIN (SELECT record_id, array_agg(principal) AS principals FROM {access_table(record_type.model)} "
        f"WHERE record_id IN (SELECT record_id FROM ({texts}) d) GROUP BY record_id) p ON p.record_id = d.record_id",
        {"type": record_type.key, "organization": organization_id, "at": updated_at},
    )
    cursor.execute(f"SELECT body FROM ({texts}) d")  # noqa: S608
    _learn(cursor, {word for (body,) in cursor.fetchall() for word in WORD.findall(body)}, organization_id)


def _learn(cursor: Any, words: set[str], organization_id: int) -> None:
    """Add the words that are new here."""
    cursor.execute(
        "INSERT INTO search_searchword (organization_id, word) SELECT %(organization)s, met.word "
        "FROM unnest(%(words)s::text[]) AS met(word) WHERE NOT EXISTS "
        "(SELECT FROM search_searchword k WHERE k.organization_id = %(organization)s AND k.word = met.word) "
        "ORDER BY met.word ON CONFLICT DO NOTHING",
        {"organization": organization_id, "words": list(words)},
    )


def touch_documents(record_type: RecordType, ids: Iterable[int], updated_at: datetime) -> None:
    """The common edit: nothing that is searched has changed."""
    keys = list(ids)
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument SET updated_at = %s WHERE record_type = %s AND record_id = ANY(%s)",
            [updated_at, record_type.key, keys],
        )


def refresh_principals(record_type: RecordType, ids: Iterable[int], updated_at: datetime | None = None) -> None:
    """After a share or a new owner: who may find it. Call it after the access rows are true. `updated_at` where the record itself moved."""
    keys = list(ids)
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchdocument d SET principals = coalesce(p.principals, '{}'), "  # noqa: S608
            "updated_at = coalesce(%(at)s, d.updated_at) "
            "FROM unnest(%(ids)s::bigint[]) AS changed(id) LEFT JOIN (SELECT record_id, array_agg(principal) AS principals "
            f"FROM {access_table(record_type.model)} WHERE record_id = ANY(%(ids)s) GROUP BY record_id) p ON p.record_id = changed.id "
            "WHERE d.record_type = %(type)s AND d.record_id = changed.id",
            {"type": record_type.key, "ids": keys, "at": updated_at},
        )


def remove_documents(record_type: RecordType, ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchdocument WHERE record_type = %s AND record_id = ANY(%s)", [record_type.key, list(ids)])


def fields_open_to_all(record_type: RecordType, organization_id: int) -> set[str]:
    """The searched fields that no role of the organization hides or masks."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT part.key FROM unnest(%(keys)s::text[]) AS part(key) WHERE NOT {WITHHELD}",  # noqa: S608  # a constant
            {"keys": list(record_type.searched), "type": record_type.key, "organization": organization_id},
        )
        return {key for (key,) in cursor.fetchall()}
