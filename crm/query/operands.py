"""Values of conditions: what a person or an address wrote, as the kind of field understands it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.lib.countries import country_code
from crm.lib.languages import language_code
from crm.lib.money import currency_code, parse_amount
from crm.query.operators import Operator, Takes
from crm.query.rules import MEMBERS, TEXT, RuleError

MOST_DAYS = 36_500
LARGEST = Decimal(10) ** 15


def operand_of(field: Field, operator: Operator, raw: Any) -> Any:
    """The value after the operator: None, one value, a tuple of two or many, or a number of days. Raises RuleError."""
    if operator.takes == Takes.NOTHING:
        return None
    if operator.takes == Takes.DAYS:
        return _days(raw)
    if operator.takes == Takes.ONE:
        return read(field, raw[0] if isinstance(raw, tuple) and len(raw) == 1 else raw)
    members = raw if isinstance(raw, tuple) else (raw,)
    if operator.takes == Takes.TWO:
        return _two(field, members)
    if not members or len(members) > MEMBERS:
        raise RuleError(_("Choose at least one value and at most %(most)d.") % {"most": MEMBERS})
    return tuple(dict.fromkeys(read(field, member) for member in members))


def read(field: Field, raw: Any) -> Any:
    """One value. Raises RuleError with a sentence that says what would fit."""
    if raw is None or raw == "" or isinstance(raw, tuple):
        raise RuleError(_("The filter on %(field)s needs a value.") % {"field": field.label})
    reader: Callable[[Field, Any], Any] = READERS.get(field.kind, _text)
    return reader(field, raw)


def _days(raw: Any) -> int:
    text = str(raw[0] if isinstance(raw, tuple) and raw else raw)
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= MOST_DAYS:
        raise RuleError(_("Write a number of days, such as 30."))
    return int(text)


def _two(field: Field, members: tuple[Any, ...]) -> tuple[Any, Any]:
    if len(members) != 2:
        raise RuleError(_("“Between” needs two values."))
    first, last = read(field, members[0]), read(field, members[1])
    return min(first, last), max(first, last)


def _text(field: Field, raw: Any) -> str:
    text = " ".join(str(raw).replace("\x00", "").split())[:TEXT]
    if not text:
        raise RuleError(_("The filter on %(field)s needs a value.") % {"field": field.label})
    return text


def _whole(field: Field, raw: Any) -> int:
    number = _number(field, raw)
    if number != number.to_integral_value() or abs(number) >= 2**63:
        raise RuleError(_("“%(value)s” is not a whole number.") % {"value": raw})
    return int(number)


def _number(field: Field, raw: Any) -> Decimal:
    try:
        number = parse_amount(raw) if isinstance(raw, str) else Decimal(str(raw))
    except (ValueError, InvalidOperation):
        raise RuleError(_("“%(value)s” is not a number.") % {"value": raw}) from None
    if isinstance(raw, bool) or not number.is_finite() or abs(number) > LARGEST:
        raise RuleError(_("“%(value)s” is not a number.") % {"value": raw})
    return number


def _day(field: Field, raw: Any) -> date:
    try:
        day = date.fromisoformat(str(raw))
    except ValueError:
        day = date.min
    if not 1000 <= day.year <= 9000:
        raise RuleError(_("“%(value)s” is not a date. Write it like 2026-11-22.") % {"value": raw})
    return day


def _choice(field: Field, raw: Any) -> str:
    if raw not in dict(field.choices):
        raise RuleError(_("“%(value)s” is not one of the choices of %(field)s.") % {"value": raw, "field": field.label})
    return str(raw)


def _code(find: Callable[[str], str | None]) -> Callable[[Field, Any], str]:
    def reader(field: Field, raw: Any) -> str:
        code = find(str(raw))
        if not code:
            raise RuleError(_("“%(value)s” is not one of the choices of %(field)s.") % {"value": raw, "field": field.label})
        return code

    return reader


def _key(field: Field, raw: Any) -> int:
    text = str(raw)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise RuleError(_("“%(value)s” is not one of the choices of %(field)s.") % {"value": raw, "field": field.label})
    return int(text)


READERS: dict[str, Callable[[Field, Any], Any]] = {
    Kind.NUMBER: _whole,
    Kind.DECIMAL: _number,
    Kind.MONEY: _number,
    Kind.DATE: _day,
    Kind.TIME: _day,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choice,
    Kind.COUNTRY: _code(country_code),
    Kind.CURRENCY: _code(currency_code),
    Kind.LANGUAGE: _code(language_code),
    Kind.PERSON: _key,
    Kind.TEAM: _key,
    Kind.REFERENCE: _key,
    Kind.ENTRY: _key,
    Kind.TAGS: _key,
}
