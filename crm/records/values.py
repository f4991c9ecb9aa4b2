"""One typed value from what a person, a file or a program wrote: the same rules in forms, imports and the API.

Errors are ValidationError with one sentence that says what is wrong and how to mend it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.lib.countries import country_code
from crm.lib.domains import InvalidWebsite, normalise_website
from crm.lib.email_addresses import InvalidEmail, normalise_email
from crm.lib.invalid import InvalidValue
from crm.lib.languages import language_code
from crm.lib.money import LARGEST, currency_code, parse_amount
from crm.lib.phones import InvalidPhone, normalise_phone
from crm.lib.text import clean, fold
from crm.lib.typed_dates import parse_day, parse_moment
from crm.records.custom_checks import check_custom_value
from crm.tenancy.models import Organization

YES = frozenset({"1", "true", "yes", "y", "on", "x", "ja", "oui", "si", "wahr"})
BETWEEN = re.compile(r"[,;\n|]")
NO = frozenset({"0", "false", "no", "n", "off", "nein", "non", "falsch", ""})


@dataclass(frozen=True)
class ValueContext:
    """What a value's meaning depends on. `country` (alpha-2) reads telephone numbers without a country code."""

    organization: Organization
    country: str = ""

    @property
    def phone_country(self) -> str:
        return self.country or self.organization.country


def clean_value(field: Field, raw: Any, context: ValueContext) -> Any:
    """The value as the column holds it. Empty text is the column's empty value; other types pass when they fit.

    People, teams, references and tags are resolved by whoever asks: here they must be objects already.
    """
    if isinstance(raw, str):
        raw = clean(raw)
    if raw in (None, "", []):
        return _empty(field)
    cleaner = CLEANERS.get(field.kind)
    value = cleaner(field, raw, context) if cleaner else raw
    check_custom_value(field, value)
    return value


def _empty(field: Field) -> Any:
    if field.required:
        raise ValidationError(_("Fill this in."), code="required")
    if field.kind == Kind.YES_NO:
        return False
    column = field.column
    return None if column is None or column.null else ""


def _text(field: Field, raw: Any, context: ValueContext) -> str:
    text = str(raw) if field.kind == Kind.LONG_TEXT else " ".join(str(raw).split())
    limit = getattr(field.column, "max_length", None)
    if limit and len(text) > limit:
        raise ValidationError(
            _("This is %(length)d characters long. Shorten it to %(limit)d."), params={"length": len(text), "limit": limit}
        )
    return text


def _number(field: Field, raw: Any, context: ValueContext) -> int:
    try:
        number = Decimal(str(raw).replace(" ", "").replace("\u00a0", "").replace(",", ""))
    except InvalidOperation:
        raise ValidationError(_("Write a whole number, such as 250.")) from None
    if number.is_finite() and abs(number) > LARGEST:
        raise ValidationError(_("This number is too large. Check what was typed."))
    if not number.is_finite() or number != number.to_integral_value():
        raise ValidationError(_("Write a whole number, such as 250."))
    return int(number)


def _amount(field: Field, raw: Any, context: ValueContext) -> Decimal:
    if isinstance(raw, int | Decimal):
        amount = Decimal(raw)
    else:
        try:
            amount = parse_amount(str(raw))
        except ValueError as error:
            raise ValidationError(str(error)) from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise ValidationError(_("The amount is too large. Write at most 15 digits before the decimals."))
    return round(amount, 4)


def _date(field: Field, raw: Any, context: ValueContext) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return parse_day(str(raw), context.organization.date_format, today=timezone.localdate())
    except InvalidValue as error:
        raise ValidationError(str(error)) from None


def _time(field: Field, raw: Any, context: ValueContext) -> datetime:
    if isinstance(raw, datetime):
        return raw if timezone.is_aware(raw) else timezone.make_aware(raw)
    try:
        return parse_moment(
            str(raw), context.organization.date_format, zone=ZoneInfo(timezone.get_current_timezone_name()), now=timezone.now()
        )
    except InvalidValue as error:
        raise ValidationError(str(error)) from None


def _yes_no(field: Field, raw: Any, context: ValueContext) -> bool:
    word = str(raw).casefold()
    if isinstance(raw, bool) or word in YES or word in NO:
        return raw if isinstance(raw, bool) else word in YES
    raise ValidationError(_("Write yes or no."))


def _choice(field: Field, raw: Any, context: ValueContext) -> str:
    text = fold(str(raw))
    for key, label in field.choices:
        if text in {fold(key), fold(str(label))}:
            return key
    known = ", ".join(str(label) for _key, label in field.choices[:8])
    raise ValidationError(_("“%(value)s” is not one of the choices: %(known)s."), params={"value": raw, "known": known})


def _choices(field: Field, raw: Any, context: ValueContext) -> list[str]:
    """Several: a list, or a text with commas, semicolons or lines between them. In the order of the field's own list."""
    parts = raw if isinstance(raw, list | tuple | set) else split_choices(str(raw), field)
    chosen = {_choice(field, part, context) for part in parts}
    return [key for key, _label in field.choices if key in chosen]


def split_choices(text: str, field: Field) -> list[str]:
    """The parts of a text that names several choices; a label may hold a comma itself."""
    if fold(text) in {fold(str(label)) for _key, label in field.choices}:
        return [text]
    return [part.strip() for part in BETWEEN.split(text) if part.strip()]


def _email(field: Field, raw: Any, context: ValueContext) -> str:
    try:
        return normalise_email(str(raw))
    except InvalidEmail as error:
        raise ValidationError(str(error)) from None


def _phone(field: Field, raw: Any, context: ValueContext) -> str:
    try:
        phone = normalise_phone(str(raw), context.phone_country)
    except InvalidPhone as error:
        raise ValidationError(str(error)) from None
    return phone.stored


def _url(field: Field, raw: Any, context: ValueContext) -> str:
    try:
        return _text(field, normalise_website(str(raw))[0], context)
    except InvalidWebsite as error:
        raise ValidationError(str(error)) from None


def _code(find: Callable[[str], str | None], message: str) -> Callable[[Field, Any, ValueContext], str]:
    def cleaner(field: Field, raw: Any, context: ValueContext) -> str:
        try:
            code = find(str(raw))
        except ValueError:
            code = None
        if not code:
            raise ValidationError(message, params={"value": raw})
        return code

    return cleaner


CLEANERS: dict[Kind, Callable[[Field, Any, ValueContext], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _amount,
    Kind.MONEY: _amount,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.COUNTRY: _code(country_code, _("“%(value)s” is not a country that is known. Write its English name or its two letters.")),
    Kind.CURRENCY: _code(currency_code, _("“%(value)s” is not a currency. Write its three letters, such as EUR.")),
    Kind.LANGUAGE: _code(language_code, _("“%(value)s” is not a language that is known. Write its two letters, such as en.")),
}
