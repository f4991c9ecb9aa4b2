"""What an organization's fields ask of their values: in range, of the pattern, one of the choices, there, and held by one record alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.fields.custom import PREFIX, custom_fields, python_value
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.models import CustomValue
from crm.records.models import Record

WRITTEN = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.EMAIL, Kind.PHONE})


def check_custom_value(field: Field, value: Any) -> None:
    """Raise ValidationError where a value that is there is not what the field takes."""
    row = field.custom
    if row is None or value is None:
        return
    if field.kind in WRITTEN:
        _check_text(field, value)
    elif field.kind in {Kind.DECIMAL, Kind.MONEY, Kind.DATE}:
        _check_range(field, value)
    elif field.kind in {Kind.CHOICE, Kind.CHOICES}:
        known = {key for key, _label in field.choices}
        if not set(value if isinstance(value, list) else [value]) <= known:
            raise ValidationError(_("Choose from the list: this is not one of its choices."))
    elif field.kind == Kind.YES_NO and not isinstance(value, bool):
        raise ValidationError(_("Write yes or no."))


def _check_text(field: Field, value: Any) -> None:
    limit: int = getattr(field.column, "max_length", None) or 0
    if not isinstance(value, str):
        raise ValidationError(_("Write a text."))
    if len(value) > limit:
        raise ValidationError(
            _("This is %(length)d characters long. Shorten it to %(limit)d."), params={"length": len(value), "limit": limit}
        )
    row = field.custom
    if row is not None and row.pattern and not fits(row.pattern, value):
        raise ValidationError(
            row.pattern_help or _("This does not have the form that is asked for here: %(pattern)s."), params={"pattern": row.pattern}
        )


def _check_range(field: Field, value: Any) -> None:
    row = field.custom
    read: Callable[[str], Any] = date.fromisoformat if field.kind == Kind.DATE else Decimal
    if row is None or not isinstance(value, date if field.kind == Kind.DATE else Decimal):
        raise ValidationError(_("This value does not fit here."))
    if row.minimum and value < read(row.minimum):
        raise ValidationError(_("This must be at least %(least)s."), params={"least": row.minimum})
    if row.maximum and value > read(row.maximum):
        raise ValidationError(_("This must be at most %(most)s."), params={"most": row.maximum})


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text has the form of the regular expression. RE2: no expression takes long."""
    return compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """Raises re2.error for what is no regular expression."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def custom_errors(record: Record, keys: set[str] | None) -> dict[str, list[str]]:
    """What is wrong with the record's custom values, by field, but for what is taken. `keys` are those that change, None for a new one."""
    errors: dict[str, list[str]] = {}
    for placed in custom_fields(record._meta.model_name or "").placed:
        field = placed.field
        if keys is not None and field.key not in keys:
            continue
        raw = record.custom.get(field.key.removeprefix(PREFIX))
        try:
            if raw is None and field.required:
                raise ValidationError(_("Fill this in."), code="required")
            check_custom_value(field, python_value(field, raw))
        except ValidationError as error:
            errors[field.key] = error.messages
    return errors


def check_custom(record: Record, keys: set[str] | None) -> None:
    """Raise ValidationError, by field, where a custom value is wrong, missing, or held by another record."""
    if keys is not None and not any(key.startswith(PREFIX) for key in keys):
        return
    errors: dict[str, Any] = dict(custom_errors(record, keys))
    for field, claimed in claims_of(record, keys):
        if field.key not in errors and taken_of(field, [claimed], {record.pk}):
            errors[field.key] = [taken_sentence()]
    if errors:
        raise ValidationError(errors)


def taken_sentence() -> str:
    """What stands beside a value that another record has."""
    return _("Another record has this value already, and only one may have it.")


def claims_of(record: Record, keys: Iterable[str] | None) -> list[tuple[Field, str]]:
    """What the record would have alone: (field, value as it is compared)."""
    added = [placed.field for placed in custom_fields(record._meta.model_name or "").placed]
    wanted = set(keys) if keys is not None else None
    unique = [field for field in added if field.custom is not None and field.custom.unique and (wanted is None or field.key in wanted)]
    values = [(field, record.custom.get(field.key.removeprefix(PREFIX))) for field in unique]
    return [(field, str(value).lower()[:400]) for field, value in values if value is not None]


def taken_custom(records: Mapping[int, Record], keys: Iterable[str] | None) -> dict[int, Field]:
    """Which of many records would have what another one has: {the caller's key: a field}. They are not compared with each other."""
    wanted: dict[str, list[tuple[int, Field, str]]] = {}
    for number, record in records.items():
        for field, claimed in claims_of(record, keys):
            wanted.setdefault(field.key, []).append((number, field, claimed))
    found: dict[int, Field] = {}
    for asked in wanted.values():
        held = taken_of(asked[0][1], [claimed for _number, _field, claimed in asked], set())
        found |= {number: field for number, field, claimed in asked if held.get(claimed) not in {None, records[number].pk}}
    return found


def taken_of(field: Field, claimed: Sequence[str], but: set[int | None]) -> Mapping[str, int]:
    """Which of these values other records have: {value: key of the record}."""
    assert field.custom is not None
    rows = CustomValue.objects.filter(organization_id=field.custom.organization_id, field=field.custom, claimed__in=list(claimed))
    found = rows.exclude(record_id__in=[pk for pk in but if pk]).values_list("claimed", "record_id")
    return {value: pk for value, pk in found if value is not None}
