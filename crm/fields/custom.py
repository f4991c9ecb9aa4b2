"""The custom fields of the tenant as Fields, beside those of the models. Known to the process until the organization changes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from crm.fields.columns import EmailColumn, MoneyField, PhoneField
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.models import TEXT_LENGTH, CustomField
from crm.tenancy.models import Organization
from crm.tenancy.transaction import Tenancy, current_tenancy

PREFIX, PATH = "custom.", "custom__"
KEPT = "custom_fields"
LONGEST = 20_000

COLUMNS: "dict[str, Callable[[], models.Field[Any, Any]]]" = {
    Kind.TEXT: lambda: models.CharField(max_length=TEXT_LENGTH, null=True, blank=True),
    Kind.LONG_TEXT: lambda: models.TextField(max_length=LONGEST, null=True, blank=True),
    Kind.DECIMAL: lambda: models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True),
    Kind.MONEY: lambda: MoneyField(null=True, blank=True),
    Kind.DATE: lambda: models.DateField(null=True, blank=True),
    Kind.YES_NO: lambda: models.BooleanField(null=True, blank=True),
    Kind.CHOICE: lambda: models.CharField(max_length=60, null=True, blank=True),
    Kind.CHOICES: lambda: models.JSONField(null=True, blank=True),
    Kind.URL: lambda: models.URLField(max_length=TEXT_LENGTH, null=True, blank=True),
    Kind.EMAIL: lambda: EmailColumn(null=True, blank=True),
    Kind.PHONE: lambda: PhoneField(null=True, blank=True),
    Kind.PERSON: lambda: models.BigIntegerField(null=True, blank=True),
}
UNSORTED = frozenset({Kind.LONG_TEXT, Kind.CHOICES, Kind.PERSON})


@dataclass(frozen=True)
class Placed:
    """A custom field and where it stands on the page."""

    field: Field
    section: str


@dataclass
class Added:
    """The custom fields of one record type, in their order. `merged` is for its RecordType: all its fields by key, once put together."""

    placed: list[Placed] = field(default_factory=list)
    merged: dict[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    version: str
    added: dict[str, Added]


NONE = Added()
_known: dict[int, _Known] = {}


def custom_fields(record_type: str) -> Added:
    """Those of the tenant's organization. None without a tenant."""
    tenancy = current_tenancy()
    if tenancy is None:
        return NONE
    kept: dict[str, Added] | None = tenancy.kept.get(KEPT)
    if kept is None:
        kept = tenancy.kept[KEPT] = _of(tenancy)
    return kept.get(record_type, NONE)


def forget_custom_fields() -> None:
    """After a change in this transaction: look again."""
    tenancy = current_tenancy()
    if tenancy is not None:
        tenancy.kept.clear()
        tenancy.organization = None


def _of(tenancy: Tenancy) -> dict[str, Added]:
    version = _version(tenancy)
    known = _known.get(tenancy.organization_id)
    if known is None or known.version != version:
        known = _known[tenancy.organization_id] = _Known(version, _read(tenancy.organization_id) if version else {})
    return known.added


def _version(tenancy: Tenancy) -> str:
    """Empty for an organization that never had a custom field: it costs no statement."""
    if tenancy.organization is not None:
        return tenancy.organization.fields_version
    found = Organization.objects.filter(pk=tenancy.organization_id).values_list("fields_version", flat=True).first()
    return found or ""


def _read(organization_id: int) -> dict[str, Added]:
    added: dict[str, Added] = {}
    for row in CustomField.objects.kept().filter(organization_id=organization_id).order_by("position", "pk"):
        added.setdefault(row.record_type, Added()).placed.append(Placed(field_of_row(row), row.section))
    return added


def field_of_row(row: CustomField) -> Field:
    """What a custom field is to everything that reads fields."""
    column = COLUMNS[row.kind]()
    return Field(
        record_type=row.record_type,
        key=row.key,
        label=row.label,
        kind=Kind(row.kind),
        path=f"{PATH}{row.name}",
        help=row.help,
        choices=tuple((option["key"], option["label"]) for option in row.options),
        hues=tuple((option["key"], option["hue"]) for option in row.options if option.get("hue")),
        required=row.required,
        sortable=row.kind not in UNSORTED,
        filterable=row.kind == Kind.LONG_TEXT or (row.is_indexed and row.indexed_at is not None),
        column=column,
        custom=row,
    )


def python_value(described: Field, raw: Any) -> Any:
    """A stored value as the field's kind has it: Decimal, date, text, list of keys, the key of a person."""
    if raw is None:
        return None
    if described.kind in {Kind.DECIMAL, Kind.MONEY}:
        return Decimal(raw)
    return date.fromisoformat(raw) if described.kind == Kind.DATE else raw


def json_value(described: Field, value: Any) -> Any:
    """The value as it is stored. Numbers are text, so that every digit stays."""
    if value in (None, "", []):
        return None
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if described.kind == Kind.CHOICES else str(value) if described.kind in {Kind.DECIMAL, Kind.MONEY} else value
