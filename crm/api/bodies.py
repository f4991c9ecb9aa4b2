"""What programs send: a JSON object, each value of the type that its kind of field has."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.api.problems import Problem, usual
from crm.fields.fields import Field
from crm.fields.kinds import NAMED, RELATED, Kind
from crm.fields.record_types import RecordType
from crm.lib.keys import LARGEST
from crm.query.words import named_rows
from crm.records.values import ValueContext, clean_value
from crm.users.models import User

AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,4})?", re.ASCII)
CODES = {Kind.COUNTRY: r"[A-Z]{2}", Kind.CURRENCY: r"[A-Z]{3}", Kind.LANGUAGE: r"[a-z]{2,3}"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_MEMBERS = 200
LAST = (Kind.PHONE,)
"""Kinds that are read when the country is known."""


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent. Raises Problem 415 and 400."""
    text = request.body
    if request.content_type not in {"application/json", "application/merge-patch+json"}:
        raise Problem(415, usual(415))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, _("This is not JSON. Check commas, quotes and brackets."), code="malformed_json") from None
    if not isinstance(data, dict):
        raise Problem(400, _('Send one JSON object, as {"name": "…"}.'), code="malformed_json")
    return data


def values_of(data: dict[str, Any], record_type: RecordType, user: User, record: Any = None) -> dict[str, Any]:
    """The values for the action. Raises ValidationError, by field: all that is wrong at once."""
    reader = BodyReader(record_type, user, record)
    fields = record_type.fields
    for key in sorted(data, key=lambda key: key in fields and fields[key].kind in LAST):
        reader.read(key, data[key])
    if reader.errors:
        raise ValidationError(reader.errors)
    return reader.values


def written_fields(record_type: RecordType) -> dict[str, Field]:
    """What programs write is what forms offer: the fields of the sections."""
    keys = (key for section in record_type.layout for key in section.fields)
    return {key: field for key in keys if (field := record_type.fields[key]).editable and not field.is_beyond}


class BodyReader:
    """Reads one object, field by field."""

    def __init__(self, record_type: RecordType, user: User, record: Any) -> None:
        self.record_type, self.user, self.record = record_type, user, record
        self.fields = written_fields(record_type)
        self.values: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}

    def read(self, key: str, raw: Any) -> None:
        try:
            field = self.fields.get(key)
            if field is None:
                raise ValidationError(_("There is no such field to write."))
            self._take(key, self._value(field, raw))
        except ValidationError as error:
            self.errors.setdefault(key.replace("\0", "")[:100] or "?", []).extend(error.messages)

    def _take(self, key: str, value: Any) -> None:
        if key in self.values and self.values[key] != value:
            raise ValidationError(_("This says something else than the amount beside it."))
        self.values[key] = value

    def _value(self, field: Field, raw: Any) -> Any:
        if raw is None:
            return [] if field.kind == Kind.TAGS else clean_value(field, None, self._context)
        if field.kind in RELATED:
            return self._related(field, raw)
        if field.kind == Kind.TAGS:
            return self._tags(field, raw)
        if field.kind == Kind.MONEY:
            raw = self._money(field, raw)
        read: Callable[[Field, Any], Any] = READERS.get(field.kind, _text)
        return clean_value(field, read(field, raw), self._context)

    def _money(self, field: Field, raw: Any) -> Any:
        """ "12.50", or {"amount": "12.50", "currency": "EUR"}, which sets the currency of the record, too."""
        if not isinstance(raw, dict):
            return raw
        if set(raw) - {"amount", "currency"} or "amount" not in raw:
            raise ValidationError(_('Write it as {"amount": "12.50", "currency": "EUR"}.'))
        if "currency" in raw and raw["currency"] != self._currency(field):
            column = self.record_type.fields.get(getattr(field.column, "currency", "currency"))
            if column is None:
                raise ValidationError(_("The currency here is %(currency)s."), params={"currency": self.user.own_organization.currency})
            self._take(column.key, clean_value(column, _code(column, raw["currency"]), self._context))
        return raw["amount"]

    def _currency(self, field: Field) -> str:
        """The one that the amount has anyway: what is read can be sent back."""
        column = getattr(field.column, "currency", "currency")
        return str(self.values.get(column) or getattr(self.record, column, "") or self.user.own_organization.currency)

    def _related(self, field: Field, raw: Any) -> Any:
        found = self._rows(field).filter(pk=id_of(raw)).first()
        if found is None:
            raise ValidationError(_("Choose one that you can see: this one does not exist or is not visible to you."))
        return found

    def _rows(self, field: Field) -> Any:
        if field.kind == Kind.PERSON:
            return User.objects.of_organization(self.user.organization_id).active().select_related("team")
        if field.kind in NAMED:
            return named_rows(field, self.user)
        model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # references are foreign keys
        return model.objects.visible_to(self.user)

    def _tags(self, field: Field, raw: Any) -> list[Any]:
        if not isinstance(raw, list) or len(raw) > MOST_MEMBERS:
            raise ValidationError(_("Send a list of ids, at most %(most)d."), params={"most": MOST_MEMBERS})
        model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # tags are a many-to-many column
        wanted = {id_of(one) for one in raw}
        found = list(model.objects.filter(organization_id=self.user.own_organization_id, pk__in=wanted)) if wanted else []
        if len(found) < len(wanted):
            raise ValidationError(_("One of these does not exist."))
        return found

    @property
    def _context(self) -> ValueContext:
        return ValueContext(self.user.own_organization, self._country())

    def _country(self) -> str:
        """Where telephone numbers without a country code belong, as in forms."""
        for key in ("billing_country", "country"):
            if value := self.values.get(key) or getattr(self.record, key, ""):
                return str(value)
        near = [value for key, value in self.values.items() if self.record_type.fields[key].kind == Kind.REFERENCE]
        return next((found for one in (*near, self.record) if (found := str(getattr(one, "phone_country", "")))), "")


def id_of(raw: Any) -> int:
    """12, or {"id": 12}. Raises ValidationError."""
    pk = raw.get("id") if isinstance(raw, dict) and set(raw) <= {"id", "label"} else raw
    if not isinstance(pk, int) or isinstance(pk, bool) or not 0 < pk <= LARGEST:
        raise ValidationError(_('Send an id, as 12 or {"id": 12}.'))
    return pk


def _text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValidationError(_("Send a text."))
    limit = getattr(field.column, "max_length", None)
    if limit and len(raw) > limit and field.kind == Kind.TEXT:
        raise ValidationError(
            _("This is %(length)d characters long. Shorten it to %(limit)d."), params={"length": len(raw), "limit": limit}
        )
    return raw


def _whole(field: Field, raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise ValidationError(_("Send a whole number, as 250."))
    return raw


def _amount(field: Field, raw: Any) -> Decimal:
    """A text with a point, whatever the language: "1.234" is one and a bit."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str) or not AMOUNT.fullmatch(raw):
        raise ValidationError(_("Send a number as text, as “1234.50”: at most 15 digits before the point and 4 behind it."))
    try:
        return Decimal(raw)
    except InvalidOperation:  # pragma: no cover  # the expression lets none through
        raise ValidationError(_("Send a number as text, as “1234.50”.")) from None


def _day(field: Field, raw: Any) -> date:
    try:
        if isinstance(raw, str) and DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    raise ValidationError(_("Send a date as 2026-11-22."))


def _moment(field: Field, raw: Any) -> datetime:
    try:
        at = datetime.fromisoformat(raw) if isinstance(raw, str) and "T" in raw.upper() else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValidationError(_("Send a time with its offset, as 2026-11-22T09:30:00Z."))


def _yes_no(field: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValidationError(_("Send true or false."))
    return raw


def _choice(field: Field, raw: Any) -> str:
    keys = [key for key, _label in field.choices]
    if not isinstance(raw, str) or raw not in keys:
        raise ValidationError(_("Send one of: %(known)s."), params={"known": ", ".join(map(str, keys[:40]))})
    return raw


def _code(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(CODES[field.kind], raw, re.ASCII):
        raise ValidationError(_("Send the code, as DE, EUR or en."))
    return raw


def _choices(field: Field, raw: Any) -> list[str]:
    if not isinstance(raw, list):
        raise ValidationError(_("Send a list."))
    return [_choice(field, one) for one in raw]


READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.NUMBER: _whole,
    Kind.DECIMAL: _amount,
    Kind.MONEY: _amount,
    Kind.DATE: _day,
    Kind.TIME: _moment,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.COUNTRY: _code,
    Kind.CURRENCY: _code,
    Kind.LANGUAGE: _code,
}
