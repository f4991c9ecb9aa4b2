"""Which existing record a row is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from crm.fields.columns import EmailColumn
from crm.fields.record_types import RecordType
from crm.records.actions.bulk_checks import DraftTable
from crm.records.own_ids import OWN_ID
from crm.users.models import User


@dataclass(frozen=True)
class KeyPart:
    """One field of a match key as SQL: of the table `m`, of the drafts `d`, and when a draft has it."""

    ours: str
    theirs: str
    present: str
    text: bool

    @property
    def same(self) -> str:
        """That the table has it, too, says nothing new, but lets an index serve that leaves out empty texts."""
        equal = f"{self.ours} = {self.theirs}"
        return f"{equal} AND {self.ours} <> ''" if self.text else equal


def key_parts(record_type: RecordType, keys: Sequence[str]) -> list[KeyPart]:
    return [_part(record_type, key) for key in keys]


def _part(record_type: RecordType, key: str) -> KeyPart:
    column: Any = record_type.model._meta.get_field(key)
    name = connection.ops.quote_name(column.column)
    sorted_by = record_type.sort_keys.get(key, key)
    text = isinstance(column, models.CharField)
    present = f"d.{name} <> ''" if text else f"d.{name} IS NOT NULL"
    if sorted_by != key and text:
        other = record_type.model._meta.get_field(sorted_by).column  # type: ignore[union-attr]
        return KeyPart(f'm."{other}"', f"lower(d.{name})", present, text)
    if isinstance(column, EmailColumn):
        return KeyPart(f"lower(m.{name})", f"lower(d.{name})", present, text)
    return KeyPart(f"m.{name}", f"d.{name}", present, text)


def draft_columns(record_type: RecordType, keys: Sequence[str]) -> list[str]:
    """Which columns of the drafts the match needs."""
    if list(keys) == [OWN_ID]:
        return []
    return [str(record_type.model._meta.get_field(key).name) for key in keys]


def candidates(drafts: DraftTable, record_type: RecordType, keys: Sequence[str], organization_id: int) -> dict[int, list[int]]:
    """{number: keys of the records that have the same match key}, whoever sees them. By their own ids records are not looked for here."""
    if list(keys) == [OWN_ID]:
        return {}
    parts = key_parts(record_type, keys)
    concrete: Any = record_type.model._meta.concrete_model
    same = " AND ".join([part.same for part in parts])
    present = " AND ".join(part.present for part in parts)
    found: dict[int, list[int]] = {}
    for number, pk in drafts.select(
        f'SELECT d.number, m.id FROM drafts d JOIN "{concrete._meta.db_table}" m ON m.organization_id = %s AND m.deleted_at IS NULL '  # noqa: S608
        f"AND {same} WHERE {present}",
        [organization_id],
    ):
        found.setdefault(number, []).append(pk)
    return found


def match_claim(record_type: RecordType, keys: Sequence[str]) -> str:
    """SQL of the value by which two rows of the file are about the same record; NULL where the key is incomplete."""
    if list(keys) == [OWN_ID]:
        return "d.record_id::text"
    parts = key_parts(record_type, keys)
    value = " || '|' || ".join(f"({part.theirs})::text" for part in parts)
    return f"CASE WHEN {' AND '.join(part.present for part in parts)} THEN {value} END"


def match_is_unique(record_type: RecordType, keys: Sequence[str]) -> bool:
    """Whether a unique constraint watches over the match key already, letter by letter."""
    if list(keys) == [OWN_ID]:
        return False
    column: Any = record_type.model._meta.get_field(keys[0])
    constraints = [each for each in record_type.model._meta.constraints if hasattr(each, "nulls_distinct")]
    unique = [set(getattr(each, "fields", ())) - {"organization"} for each in constraints]
    return set(keys) in unique and not isinstance(column, EmailColumn) and keys[0] not in record_type.sort_keys


class Sight:
    """Which of the candidates the person may see and change."""

    def __init__(self, record_type: RecordType, by: User, ids: set[int]) -> None:
        self._by = by
        objects = record_type.objects()
        self.existing = set(objects.filter(organization_id=by.organization_id, deleted_at=None, pk__in=ids).values_list("pk", flat=True))
        self.visible = set(objects.visible_to(by).filter(pk__in=self.existing).values_list("pk", flat=True)) if self.existing else set()
        self.permitted = (
            set(objects.permitted_to(by, "change").filter(pk__in=self.visible).values_list("pk", flat=True)) if self.visible else set()
        )

    def decide(self, ids: Sequence[int]) -> tuple[int | None, str]:
        """The one record that is meant, or why the row cannot be imported; (None, "") where there is none."""
        existing = [pk for pk in ids if pk in self.existing]
        visible = [pk for pk in existing if pk in self.visible]
        if len(visible) > 1:
            return None, _("%(count)d records have this key, so it is not clear which one is meant.") % {"count": len(visible)}
        if existing and not visible:
            return None, _("A record with this key exists outside of what you see. Ask %(people)s.") % {"people": self._whom_to_ask}
        if visible and visible[0] not in self.permitted:
            return None, _("A record with this key exists that you may see but not change.")
        return (visible[0] if visible else None), ""

    @cached_property
    def _whom_to_ask(self) -> str:
        """Administrators: they see everything, and naming them says nothing of the record."""
        people = User.objects.of_organization(self._by.organization_id).active().administrators().order_by("name")[:3]
        return get_text_list([str(person) for person in people], _("or"))
