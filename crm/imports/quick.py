"""Cells that can be read in one way only: most of a clean file. The long way says the same of them (tests/imports/test_quick.py)."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.imports.mapping import Column
from crm.lib.domains import PLAIN as PLAIN_WEBSITE
from crm.lib.email_addresses import PLAIN as PLAIN_EMAIL
from crm.lib.phones import plain_phone

Quick = Callable[[str], Any]
WHOLE = re.compile(r"[1-9][0-9]{0,8}|0")
AMOUNT = re.compile(r"(?:[1-9][0-9]{0,11}|0)(?:\.[0-9]{1,4})?")


def quick_reader(target: Field, column: Column) -> Quick | None:
    """A function that gives the column's value of such a cell, None of any other; None for kinds of field that have no such cells."""
    if target.custom is not None:
        return None  # it may ask for more than its kind does
    maker = MAKERS.get(target.kind)
    return maker(target, column) if maker and target.column is not None else None


def _length(target: Field) -> int:
    return getattr(target.column, "max_length", None) or 0


def _text(target: Field, column: Column) -> Quick | None:
    limit = _length(target)
    if type(target.column) is not models.CharField or target.choices or len(target.column.validators) != 1 or column.part != "value":
        return None

    def read(text: str) -> str | None:
        if len(text) <= limit and text.isascii() and text.isprintable() and text == " ".join(text.split()):
            return text
        return None

    return read


def _email(target: Field, column: Column) -> Quick:
    limit = _length(target)
    return lambda text: text if len(text) <= limit and PLAIN_EMAIL.fullmatch(text) else None


def _website(target: Field, column: Column) -> Quick:
    limit = _length(target)
    return lambda text: text if len(text) <= limit and PLAIN_WEBSITE.fullmatch(text) else None


def _phone(target: Field, column: Column) -> Quick:
    def read(text: str) -> str | None:
        phone = plain_phone(text)
        return phone.stored if phone else None

    return read


def _bounds(target: Field) -> tuple[Any, Any] | None:
    """The least and the largest value, where the column has no other validators."""
    least, largest = [-(10**18)], [10**18]
    column: Any = target.column
    for validator in column.validators:
        if isinstance(validator, MinValueValidator):
            least.append(validator.limit_value)
        elif isinstance(validator, MaxValueValidator):
            largest.append(validator.limit_value)
        elif type(validator).__name__ != "DecimalValidator":
            return None
    return max(least), min(largest)


def _whole(target: Field, column: Column) -> Quick | None:
    bounds = _bounds(target)
    if bounds is None:
        return None
    least, largest = bounds
    return lambda text: number if WHOLE.fullmatch(text) and least <= (number := int(text)) <= largest else None


def _amount(target: Field, column: Column) -> Quick | None:
    bounds, found = _bounds(target), target.column
    if (
        bounds is None
        or column.decimal not in {"", "."}
        or getattr(found, "decimal_places", 0) != 4
        or getattr(found, "max_digits", 0) < 16
    ):
        return None
    least, largest = bounds
    places = Decimal("0.0001")
    return lambda text: amount if AMOUNT.fullmatch(text) and least <= (amount := Decimal(text).quantize(places)) <= largest else None


MAKERS: dict[Kind, Callable[[Field, Column], Quick | None]] = {
    Kind.TEXT: _text,
    Kind.EMAIL: _email,
    Kind.URL: _website,
    Kind.PHONE: _phone,
    Kind.NUMBER: _whole,
    Kind.MONEY: _amount,
}
