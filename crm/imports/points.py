"""Further values of a field: rows below the record, as a contact's second e-mail address."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from crm.fields.record_types import RecordType
from crm.lib.email_addresses import email_key
from crm.records.models import Record
from crm.tenancy.models import Organization

Found = dict[str, list[tuple[str, Any]]]


class Points:
    """For one record type. Values are {field: [(label, value)]}."""

    def __init__(self, record_type: RecordType, organization: Organization) -> None:
        self._type, self._organization = record_type, organization
        model: Any = record_type.model
        self._unique: dict[str, str] = model.unique_further(organization)
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

    def keys(self, found: Mapping[str, Iterable[Sequence[Any]]]) -> list[tuple[str, str]]:
        """(column, key) of the values that only one record may have."""
        return [(column, point_key(kind, value)) for kind, column in self._unique.items() for _label, value in found.get(kind, ())]

    def holders(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
        """Of those keys the ones that records have already, as their own value or as a further one: the keys of the records."""
        held: dict[tuple[str, str], set[int]] = {}
        by_column: dict[str, set[str]] = {}
        for column, key in keys:
            by_column.setdefault(column, set()).add(key)
        for kind, column in self._unique.items():
            wanted = list(by_column.get(column, ()))
            if wanted:
                records: Any = self._type.model._base_manager.filter(organization_id=self._organization.pk, deleted_at=None)
                relation = self._type.further[kind]
                further = records.filter(**{f"{relation}__kind": kind, f"{relation}__key__in": wanted})
                own = records.filter(**{f"{column}__in": wanted}).values_list(column, "pk")
                for key, pk in (*own, *further.values_list(f"{relation}__key", "pk")):
                    held.setdefault((column, key), set()).add(pk)
        return held

    def without(self, found: Mapping[str, Sequence[Any]], lost: Collection[tuple[str, str]]) -> dict[str, list[Any]]:
        """The same values without those of the lost keys."""
        kept = {
            kind: [each for each in values if (self._unique.get(kind, ""), point_key(kind, each[1])) not in lost]
            for kind, values in found.items()
        }
        return {kind: values for kind, values in kept.items() if values}

    def untaken(self, rows: Iterable[tuple[int, dict[str, list[list[str]]]]]) -> list[tuple[int, dict[str, list[list[str]]]]]:
        """The rows for `write` without what another record has by now."""
        rows = list(rows)
        held = self.holders(key for _pk, points in rows for key in self.keys(points))
        return [(pk, self.without(points, {key for key, pks in held.items() if pks - {pk}})) for pk, points in rows] if held else rows

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
