"""The columns of an export: which ones, what stands above them, and the SQL of their values, under the access of whoever exports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.exports import expressions as sql
from crm.exports.expressions import Expression, Manner
from crm.fields.fields import Field
from crm.fields.kinds import NAMED, Kind
from crm.fields.models import CustomField
from crm.fields.record_types import RecordType, record_types
from crm.lib.countries import country_choices
from crm.lib.languages import language_choices
from crm.query.reading import level_of
from crm.records.own_ids import BEHIND, OWN_ID, mark_of
from crm.users.models import FieldLevel, User

NUMBERS = {Kind.NUMBER: "number", Kind.DECIMAL: "number", Kind.MONEY: "number"}
TIMES = {Kind.DATE: "day", Kind.TIME: "time"}


@dataclass(frozen=True)
class Column:
    """`form` is what a sheet makes of the values: "text", "number", "day", "time"."""

    key: str
    header: str
    form: str
    value: Expression


def exported_keys(record_type: RecordType, keys: Sequence[str], user: User, *, exact: bool) -> list[str]:
    """Those of the columns that the person's file has: none that the role hides, in an exact one none that it masks; behind an amount
    its currency.
    """
    found: dict[str, None] = {}
    for key in keys:
        field = record_type.fields.get(key)
        if field is None or not _is_there(field, user, exact=exact):
            continue
        found[key] = None
        currency = record_type.fields.get(_currency_of(field))
        if currency is not None and currency.key not in keys and _is_there(currency, user, exact=exact):
            found[currency.key] = None
    return list(found)


def every_key(record_type: RecordType) -> list[str]:
    """All fields, the title first."""
    return list(dict.fromkeys([record_type.title, *record_type.fields]))


def _is_there(field: Field, user: User, *, exact: bool) -> bool:
    level = level_of(field, user)
    return level != FieldLevel.HIDDEN and not (exact and (level == FieldLevel.MASKED or field.is_beyond))


def _currency_of(field: Field) -> str:
    return str(getattr(field.column, "currency", "")) if field.kind == Kind.MONEY else ""


def columns_of(record_type: RecordType, keys: Sequence[str], user: User, manner: Manner) -> list[Column]:
    """Columns for these keys, in their order. What the role withholds by now is written as nothing."""
    writer = _Writer(record_type, user, manner)
    columns = [writer.column(record_type.fields[key]) for key in keys if key in record_type.fields]
    return writer.with_ids(columns) if manner.exact else columns


class _Writer:
    def __init__(self, record_type: RecordType, user: User, manner: Manner) -> None:
        self.record_type, self.user, self.manner = record_type, user, manner

    def column(self, field: Field) -> Column:
        level = level_of(field, self.user)
        if level in {FieldLevel.HIDDEN, FieldLevel.MASKED}:
            header = field.key if self.manner.exact else _("%(field)s (masked by role)") % {"field": capfirst(str(field.label))}
            return Column(field.key, header, "text", Value(None, output_field=models.TextField()))
        return Column(field.key, self._header(field), self._form(field), self._value(field))

    def with_ids(self, columns: list[Column]) -> list[Column]:
        """The record's own id before all, and behind the name of another record the id of that."""
        found = [Column(OWN_ID, OWN_ID, "text", self._own_id(F("pk")))]
        for column in columns:
            found.append(column)
            field = self.record_type.fields[column.key]
            if field.kind == Kind.REFERENCE and field.readable_by(self.user):
                model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # references are foreign keys
                value = self._seen(model, field.path, lambda: self._own_id(F("pk")))
                found.append(Column(f"{column.key}{BEHIND}", f"{column.key}{BEHIND}", "text", value))
        return found

    def _own_id(self, key: Expression) -> Expression:
        return Concat(Value(mark_of(self.user.own_organization)), Cast(key, models.TextField()), output_field=models.TextField())

    def _header(self, field: Field) -> str:
        if self.manner.exact:
            return field.key
        label = capfirst(str(field.label))
        if field.is_beyond:
            reference = self.record_type.model._meta.get_field(field.key.partition(".")[0])
            label = f"{capfirst(str(reference.verbose_name))}: {label}"  # type: ignore[union-attr]  # a foreign key
        return _("%(field)s (seconds)") % {"field": label} if field.key in self.record_type.durations else label

    def _form(self, field: Field) -> str:
        if field.kind in NUMBERS:
            return "number"
        return TIMES.get(field.kind, "text") if not self.manner.exact else "text"

    def _value(self, field: Field) -> Expression:
        if field.is_beyond:
            return self._beyond(field)
        if field.custom is not None:
            return self._custom(field, field.custom)
        ways = {
            Kind.TAGS: self._tags,
            Kind.REFERENCE: self._reference,
            Kind.PERSON: self._member,
            Kind.TEAM: self._member,
            Kind.ENTRY: self._member,
            Kind.TIME: self._time,
        }
        way = ways.get(field.kind)
        return way(field) if way else self.plain(field, F(field.path))

    def plain(self, field: Field, source: Expression) -> Expression:
        """A value that its own column holds."""
        manner = self.manner
        ways: dict[Kind, Callable[[], Expression]] = {
            Kind.DECIMAL: lambda: sql.number(source),
            Kind.MONEY: lambda: sql.number(source),
            Kind.NUMBER: lambda: sql.whole(source),
            Kind.DATE: lambda: sql.day(source, manner),
            Kind.TIME: lambda: sql.moment(source, manner),
            Kind.YES_NO: lambda: sql.words(Cast(source, models.TextField()), {"true": _("Yes"), "false": _("No")}, manner),
        }
        way = ways.get(field.kind)
        return way() if way else self._text(field, source)

    def _text(self, field: Field, source: Expression) -> Expression:
        if field.kind == Kind.CURRENCY and not self.manner.exact:
            return Coalesce(sql.text(source, self.manner), Value(self.manner.currency), output_field=models.TextField())
        return sql.words(source, _words_of(field), self.manner)

    def _time(self, field: Field) -> Expression:
        whole = self.record_type.whole_days
        if whole and field.key in self.record_type.exact and not self.manner.exact:
            return sql.moment_or_day(F(field.path), F(whole), self.manner)
        return sql.moment(F(field.path), self.manner)

    def _member(self, field: Field) -> Expression:
        """A team or an entry by name, a person by name too; exactly by e-mail address, which nobody else has."""
        if field.kind in NAMED:
            return sql.text(F(f"{field.path}__name"), self.manner)
        name, email = F(f"{field.path}__name"), F(f"{field.path}__email")
        written = sql.text(email if self.manner.exact else _or_else(name, email), self.manner)
        here = {f"{field.path}__organization_id": self.user.organization_id}
        return Case(When(**here, then=written), output_field=models.TextField())

    def _reference(self, field: Field) -> Expression:
        """The name of another record, where the person sees that."""
        model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # references are foreign keys
        kind = record_types.get(model._meta.model_name)
        title = kind.title if kind else "pk"
        return self._seen(model, field.path, lambda: sql.text(Cast(F(title), models.TextField()), self.manner))

    def _beyond(self, field: Field) -> Expression:
        reference, name = field.key.split(".", 1)
        model: Any = self.record_type.model._meta.get_field(reference).remote_field.model  # type: ignore[union-attr]
        return self._seen(model, reference, lambda: self.plain(field, F(name)))

    def _seen(self, model: Any, path: str, value: Callable[[], Expression]) -> Expression:
        rows = model.objects.visible_to(self.user).filter(pk=OuterRef(f"{path}_id")).order_by()
        found = Subquery(rows.annotate(as_written=value()).values("as_written")[:1], output_field=models.TextField())
        if self.manner.exact:
            return found
        unseen = Value(_("Not visible to you"))
        return Case(When(**{f"{path}__isnull": False}, then=Coalesce(found, unseen)), output_field=models.TextField())

    def _tags(self, field: Field) -> Expression:
        column: Any = field.column
        own, other = column.m2m_field_name(), column.m2m_reverse_field_name()
        rows = column.remote_field.through.objects.filter(**{f"{own}_id": OuterRef("pk")}).order_by().values(f"{own}_id")
        names = rows.annotate(names=StringAgg(f"{other}__name", ", ", order_by=f"{other}__name")).values("names")
        return sql.text(Subquery(names, output_field=models.TextField()), self.manner)

    def _custom(self, field: Field, row: CustomField) -> Expression:
        """A value in the record's `custom`, which is text there whatever it is about."""
        if field.kind == Kind.CHOICES:
            return sql.several(KeyTransform(row.name, "custom"), _words_of(field), self.manner)
        if field.kind == Kind.PERSON:
            key = Cast(KeyTextTransform(row.name, OuterRef("custom")), models.BigIntegerField())
            people = User.objects.of_organization(self.user.organization_id).filter(pk=key)
            name = F("email") if self.manner.exact else _or_else(F("name"), F("email"))
            written = people.annotate(as_written=sql.text(name, self.manner)).values("as_written")
            return Subquery(written[:1], output_field=models.TextField())
        return self.plain(field, KeyTextTransform(row.name, "custom"))


def _or_else(first: Expression, second: Expression) -> Expression:
    return Coalesce(NullIf(first, Value("")), second, output_field=models.TextField())


def _words_of(field: Field) -> dict[str, Any]:
    """The words for the keys that are stored."""
    if field.choices:
        return dict(field.choices)
    if field.kind == Kind.COUNTRY:
        return dict(country_choices())
    return dict(language_choices()) if field.kind == Kind.LANGUAGE else {}
