"""What a field that administrators describe must be: named once, with choices, bounds and a pattern that make sense."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import re2
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.fields.custom import field_of_row, json_value
from crm.fields.models import CustomField, CustomKind
from crm.fields.record_types import record_types
from crm.records.custom_checks import WRITTEN, compiled
from crm.records.values import ValueContext, clean_value
from crm.users.models import User

RANGED = frozenset({CustomKind.NUMBER, CustomKind.MONEY, CustomKind.DATE})
CHOSEN = frozenset({CustomKind.CHOICE, CustomKind.CHOICES})
NEVER_UNIQUE = frozenset({CustomKind.LONG_TEXT, CustomKind.YES_NO, CustomKind.CHOICE, CustomKind.CHOICES})


def check_label(row: CustomField) -> None:
    """Raise ValidationError where another field of the record type is called so."""
    fields = record_types[row.record_type].own_fields
    taken = {str(field.label).casefold() for field in fields.values() if not field.is_beyond}
    mine = CustomField.objects.kept().filter(organization_id=row.organization_id, record_type=row.record_type).exclude(pk=row.pk)
    taken |= {label.casefold() for label in mine.values_list("label", flat=True)}
    if row.label.casefold() in taken:
        raise ValidationError({"label": _("There is a field “%(label)s” already. Choose another name.") % {"label": row.label}})


def check_rules(row: CustomField) -> None:
    """Raise ValidationError, by fact, where two facts do not go together."""
    if row.kind in CHOSEN and not row.options:
        raise ValidationError({"options": _("Write at least one choice.")})
    if row.unique and row.kind in NEVER_UNIQUE:
        raise ValidationError({"unique": _("Values of this kind are shared by their nature.")})
    if row.searchable and row.kind not in WRITTEN:
        raise ValidationError({"searchable": _("Only written values are found by the search.")})
    if (row.minimum or row.maximum) and row.kind not in RANGED:
        raise ValidationError({"minimum": _("Only numbers, money and dates have a least and a most.")})
    low, high = _bound(row, "minimum"), _bound(row, "maximum")
    if low is not None and high is not None and low > high:
        raise ValidationError({"maximum": _("The most is less than the least.")})
    if row.pattern:
        _check_pattern(row)


def _bound(row: CustomField, name: str) -> Any:
    text = getattr(row, name)
    if not text:
        return None
    try:
        value = date.fromisoformat(text) if row.kind == CustomKind.DATE else Decimal(text)
    except (ValueError, InvalidOperation):
        value = None
    if value is None or (isinstance(value, Decimal) and (not value.is_finite() or abs(value) >= 10**15)):
        raise ValidationError({name: _("Write a date as 2026-11-22.") if row.kind == CustomKind.DATE else _("Write a number.")})
    return value


def _check_pattern(row: CustomField) -> None:
    if row.kind not in WRITTEN:
        raise ValidationError({"pattern": _("Only written values have a pattern.")})
    try:
        compiled(row.pattern)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValidationError({"pattern": _("This is no regular expression: %(reason)s.") % {"reason": reason}}) from None


def options_of(row: CustomField, wanted: Any) -> list[dict[str, Any]]:
    """Choices keep their keys, so that values stay; one that is no longer there is no longer offered where records still have it."""
    if row.kind not in CHOSEN:
        return []
    known = {option["key"]: option for option in row.options}
    options: list[dict[str, Any]] = []
    for option in wanted:
        label = " ".join(str(option.get("label", "")).split())[:80]
        key = option.get("key") if option.get("key") in known else ""
        if not label and not key:
            continue
        label = label or known[key]["label"]
        if label.casefold() in {other["label"].casefold() for other in options}:
            raise ValidationError({"options": _("“%(label)s” stands there twice.") % {"label": label}})
        taken = {other["key"] for other in options} | known.keys()
        options.append(
            {
                "key": key or free_name(label, taken),
                "label": label,
                "hue": option.get("hue", ""),
                "offered": bool(option.get("offered", True)),
            }
        )
    kept = {option["key"] for option in options}
    return [*options, *({**option, "offered": False} for key, option in known.items() if key not in kept)]


def default_of(row: CustomField, raw: Any, by: User) -> Any:
    if raw in (None, "", []):
        return None
    if row.kind == CustomKind.PERSON or row.unique:
        raise ValidationError({"default": _("There is no default for a person or a unique value.")})
    field = field_of_row(row)
    try:
        return json_value(field, clean_value(field, raw, ValueContext(by.own_organization)))
    except ValidationError as error:
        raise ValidationError({"default": error.messages}) from None


def free_name(label: str, taken: set[str]) -> str:
    """ASCII, of the label; never another one's with `_id` behind, which names the key of a person."""
    base = slugify(label).replace("-", "_")[:40].strip("_") or "field"
    names = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(
        name for name in names if name not in taken and f"{name}_id" not in taken and name.removesuffix("_id") not in taken - {name}
    )
