"""Further values of a field: rows below the record, as a contact's second e-mail address."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from crm.fields.record_types import RecordType
from crm.lib.email_addresses import email_key
from crm.records.models import Record

Found = dict[str, list[tuple[str, Any]]]


class Points:
    """For one record type. Values are {field: [(label, value)]}."""

    def __init__(self, record_type: RecordType) -> None:
        self._type = record_type
        self.relations = sorted(set(record_type.further.values()))

    def missing(self, record: Record, found: Found) -> dict[str, list[list[str]]]:
        """What the record does not have yet."""
        result = {}
        for kind, values in found.items():
            known = {point.key for point in getattr(record, self._type.further[kind]).all() if point.kind == kind}
            own = getattr(record, kind)
            known.add(point_key(kind, own) if own else "")
            more = [[label, value] for label, value in values if point_key(kind, value) not in known]
            if more:
                result[kind] = more
        return result

    def write(self, rows: Iterable[tuple[int, dict[str, list[list[str]]]]]) -> None:
        """(key of the record, {field: [[label, value]]}): one INSERT for each kind of rows; what is there already stays."""
        by_relation: dict[str, list[tuple[int, str, str, str, str]]] = {}
        for pk, points in rows:
            for kind, values in points.items():
                entries = by_relation.setdefault(self._type.further[kind], [])
                entries += [(pk, kind, label, value, point_key(kind, value)) for label, value in values]
        for relation, entries in by_relation.items():
            self._insert(relation, entries)

    def _insert(self, relation: str, entries: list[tuple[int, str, str, str, str]]) -> None:
        reverse: Any = self._type.model._meta.get_field(relation)
        table, column = reverse.related_model._meta.db_table, reverse.field.column
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ("{column}", kind, label, value, key) SELECT * FROM unnest('  # noqa: S608  # names from models
                "%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
                [list(part) for part in zip(*entries, strict=True)],
            )

    def remove(self, rows: Iterable[tuple[int, dict[str, list[list[str]]]]]) -> None:
        """Take away what `write` added."""
        for pk, points in rows:
            for kind, values in points.items():
                reverse: Any = self._type.model._meta.get_field(self._type.further[kind])
                keys = [point_key(kind, value) for _label, value in values]
                reverse.related_model._base_manager.filter(**{reverse.field.name: pk}, kind=kind, key__in=keys).delete()


def point_key(kind: str, value: str) -> str:
    """What values of that kind are compared by."""
    return email_key(value) if kind == "email" else value
