"""A noun described once: `class CustomerType(RecordType)` in a domain's records.py, and the registry of them all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from crm.fields.custom import custom_fields
from crm.fields.fields import Field, field_of
from crm.users.models import Reach, User, Verb

ALWAYS = ("owner", "team", "created_at", "created_by", "updated_at", "updated_by")


@dataclass(frozen=True)
class Section:
    """A heading on the record page and in the form, with the keys of the fields below it."""

    title: Any
    fields: list[str]
    open: bool = True

    @property
    def key(self) -> str:
        """Names it in every language: by the field that stands first in it; a section of added fields by its title."""
        return f"@{self.fields[0]}" if self.fields and not self.fields[0].startswith("custom.") else str(self.title)


class RecordType:
    """What pages, imports, exports, rules and the API need to know of one noun. Subclasses are data; the model supplies the rest.

    `columns` are the list's default columns, `search` the fields found by searching, `similar_on` the fields whose equal value
    brings a warning before another one is made, `match_on` the keys that an import offers to recognise a record by, `shown_on`
    and `facts_on` where upper floors furnish lower pages.
    `badge` is the choice that stands beside the name. `avatar` is "co" for a company's square, "" for a person's circle.
    `sort_by` are the fields with an index to sort large lists by; `sort_keys` name the column that holds the same order in a
    type whose comparisons may use an index below row-level security: a lower-cased text, a float beside a numeric.
    `further` says in which rows below the record a field has more values: {"email": "points"}, rows with kind, label, value and key.
    `consent` are the refusals of a person, each with the field that it is about, where it is said: an import may add them, never take
    them back by itself.
    `ages` are birthdays: the age stands beside them. `beside` are keys of the log for rows below the record: the field that they go
    with, whose readers read them, and what they are called.
    `exact` are times that are read with their clock, as dates alone where the column `whole_days` says so; `durations` are seconds.
    """

    model: ClassVar[type[models.Model]]
    icon: ClassVar[str] = "file"
    avatar: ClassVar[str] = "co"
    title: ClassVar[str] = "name"
    subtitle: ClassVar[str] = ""
    badge: ClassVar[str] = ""
    sections: ClassVar[list[Section]] = []
    columns: ClassVar[list[str]] = []
    key_facts: ClassVar[list[str]] = []
    inline: ClassVar[list[str]] = []
    search: ClassVar[list[str]] = []
    sort_by: ClassVar[list[str]] = []
    sort_keys: ClassVar[Mapping[str, str]] = {}
    similar_on: ClassVar[list[str]] = []
    match_on: ClassVar[list[list[str]]] = []
    further: ClassVar[Mapping[str, str]] = {}
    consent: ClassVar[Mapping[str, str]] = {}
    ages: ClassVar[list[str]] = []
    beside: ClassVar[Mapping[str, tuple[str, Any]]] = {}
    exact: ClassVar[list[str]] = []
    whole_days: ClassVar[str] = ""
    durations: ClassVar[list[str]] = []
    shown_on: ClassVar[list[str]] = []
    facts_on: ClassVar[Mapping[str, list[str]]] = {}
    sensitive: ClassVar[Mapping[str, str]] = {}
    hues: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    verbs: ClassVar[tuple[Verb, ...]] = tuple(Verb)
    order: ClassVar[int] = 50

    @cached_property
    def key(self) -> str:
        return self.model._meta.model_name or ""

    @property
    def label(self) -> Any:
        return self.model._meta.verbose_name

    @property
    def label_plural(self) -> Any:
        return self.model._meta.verbose_name_plural

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by key, in the order of the sections; behind them those that the tenant's organization added."""
        added = custom_fields(self.key)
        if added.placed and not added.merged:
            added.merged = {**self.own_fields, **{placed.field.key: placed.field for placed in added.placed}}
        return added.merged or self.own_fields

    @property
    def layout(self) -> list[Section]:
        """The sections with the added fields in their places; sections that only these name come last."""
        placed = custom_fields(self.key).placed
        below: dict[str, list[str]] = {}
        for one in placed:
            below.setdefault(one.section or gettext("More"), []).append(one.field.key)
        own = [replace(section, fields=[*section.fields, *below.pop(section.key, [])]) for section in self.sections]
        return [*own, *(Section(title, keys) for title, keys in below.items())]

    @property
    def searched(self) -> list[str]:
        """The keys of the fields that records are found by."""
        added = [placed.field for placed in custom_fields(self.key).placed]
        return [*self.search, *(field.key for field in added if field.custom is not None and field.custom.searchable)]

    @cached_property
    def own_fields(self) -> dict[str, Field]:
        """Those of the model and of what it refers to."""
        keys = [key for section in self.sections for key in section.fields]
        keys += [key for key in (*ALWAYS, *self.columns, *self.search) if key not in keys]
        return {key: self._field(key) for key in keys}

    def field(self, key: str) -> Field:
        """One field. Raises KeyError with the known keys in mind: an unknown key is a mistake or an attack."""
        return self.fields[key]

    def readable_fields(self, user: User) -> dict[str, Field]:
        """The fields whose values the person may see."""
        return {key: field for key, field in self.fields.items() if field.readable_by(user)}

    def reach(self, user: User, verb: str) -> Reach:
        return user.reach(self.key, verb)

    @property
    def list_url(self) -> str:
        return reverse(f"{self.key}-list")

    def objects(self) -> Any:
        """The model's querysets: start with `.visible_to(user)`."""
        return self.model._default_manager

    def _field(self, key: str) -> Field:
        field = field_of(self.model, key, record_type=self.key, indexed=key in self.sort_by)
        hues = tuple(self.hues.get(key, {}).items())
        return field.but(sensitive=self.sensitive.get(key, ""), hues=hues)


class Registry:
    """The record types that are installed, by key. Filled by each domain's AppConfig.ready()."""

    def __init__(self) -> None:
        self._types: dict[str, RecordType] = {}

    def register(self, *types: type[RecordType]) -> None:
        for record_type in types:
            instance = record_type()
            self._types[instance.key] = instance

    def __iter__(self) -> Iterator[RecordType]:
        return iter(sorted(self._types.values(), key=lambda record_type: (record_type.order, record_type.key)))

    def __contains__(self, key: str) -> bool:
        return key in self._types

    def __getitem__(self, key: str) -> RecordType:
        return self._types[key]

    def get(self, key: str) -> RecordType | None:
        return self._types.get(key)

    def of(self, model: type[models.Model] | models.Model) -> RecordType:
        return self._types[model._meta.model_name or ""]


record_types = Registry()
