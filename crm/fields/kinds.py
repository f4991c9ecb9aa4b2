"""The kinds of field, and which kind a model's column is."""

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models

from crm.fields.columns import CountryField, CurrencyField, EmailColumn, LanguageField, MoneyField, PhoneField


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    TIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    CURRENCY = "currency"
    LANGUAGE = "language"
    PERSON = "person"
    TEAM = "team"
    REFERENCE = "reference"
    ENTRY = "entry"
    TAGS = "tags"


NUMERIC = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.MONEY})
RELATED = frozenset({Kind.PERSON, Kind.TEAM, Kind.REFERENCE, Kind.ENTRY})
NAMED = frozenset({Kind.TEAM, Kind.ENTRY})
"""Rows with a name that everybody of the organization may read: teams, and the entries of its small tables (stages, pipelines)."""

BY_CLASS: "list[tuple[type[models.Field[Any, Any]], Kind]]" = [
    (MoneyField, Kind.MONEY),
    (PhoneField, Kind.PHONE),
    (CountryField, Kind.COUNTRY),
    (CurrencyField, Kind.CURRENCY),
    (LanguageField, Kind.LANGUAGE),
    (EmailColumn, Kind.EMAIL),
    (models.EmailField, Kind.EMAIL),
    (models.URLField, Kind.URL),
    (models.BooleanField, Kind.YES_NO),
    (models.DateTimeField, Kind.TIME),
    (models.DateField, Kind.DATE),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.NUMBER),
    (models.TextField, Kind.LONG_TEXT),
]


def kind_of(column: "models.Field[Any, Any]") -> Kind:
    """The kind of a model's column."""
    if isinstance(column, models.ManyToManyField):
        return Kind.TAGS
    if isinstance(column, models.ForeignKey):
        return _kind_of_reference(column)
    if column.choices:
        return Kind.CHOICE
    return next((kind for cls, kind in BY_CLASS if isinstance(column, cls)), Kind.TEXT)


def _kind_of_reference(column: "models.ForeignKey[Any, Any]") -> Kind:
    target: Any = column.remote_field.model
    label = target if isinstance(target, str) else target._meta.label
    if label == settings.AUTH_USER_MODEL:
        return Kind.PERSON
    if label == "users.Team":
        return Kind.TEAM
    return Kind.REFERENCE if hasattr(target._default_manager, "visible_to") else Kind.ENTRY
