"""Records as JSON, for one person: hidden fields are absent, masked ones null. The access rules are asked once for all rows."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import RELATED, Kind
from crm.fields.record_types import RecordType, record_types
from crm.lib.money import minor_units
from crm.query.reading import level_of
from crm.users.models import FieldLevel, User

Write = Callable[[Any], Any]


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def columns_needed(record_type: RecordType, keys: Sequence[str]) -> set[str]:
    """The model's columns from which these fields are written."""
    needed, fields = {"pk", "version", "updated_at", "organization_id"}, record_type.fields
    for key in keys:
        field = fields[key]
        if field.kind != Kind.TAGS:
            needed.add(field.path.partition("__")[0])
        if field.kind == Kind.MONEY:
            needed |= {getattr(field.column, "currency", "currency")} & {column.name for column in record_type.model._meta.concrete_fields}
    return needed


class Writer:
    """Writes records of one type with these fields. People, teams, references and tags cost one statement each for all of them.

    Columns are taken as they lie in the record, and of added fields those alone that have a value: an organization may have hundreds.
    """

    def __init__(self, record_type: RecordType, user: User, records: Sequence[Any], keys: Sequence[str]) -> None:
        self.record_type, self.user, self.records = record_type, user, records
        self._known: dict[Any, dict[int, dict[str, Any]]] = {}
        fields = record_type.fields
        levels = {key: level_of(fields[key], user) for key in keys}
        self._fields = [fields[key] for key in keys if levels[key] != FieldLevel.HIDDEN]
        self._columns: list[tuple[str, str, Write | None]] = []
        self._writes: list[tuple[str, Write]] = []
        self._added: dict[str, Field] = {}
        self._added_writes: dict[str, Write] = {}
        self._blank: dict[str, Any] = {"id": None, "version": None, **{field.key: None for field in self._fields}}
        for field in self._fields:
            if levels[field.key] in {FieldLevel.READ, FieldLevel.EDIT}:
                self._prepare(field)

    def rows(self) -> list[dict[str, Any]]:
        return [self.row(record) for record in self.records]

    def row(self, record: Any) -> dict[str, Any]:
        data, values = self._blank.copy(), record.__dict__
        data["id"], data["version"] = record.pk, record.version
        for key, name, say in self._columns:
            value = values[name]
            if value is not None and value != "":
                data[key] = say(value) if say else value
        for key, write in self._writes:
            data[key] = write(record)
        if self._added:
            for name in record.custom:
                if (added := self._added.get(name)) is not None:
                    data[added.key] = self._added_write(name, added)(record)
        return data

    def _prepare(self, field: Field) -> None:
        """A masked field stays blank, so it is not prepared."""
        if field.custom is not None:
            self._added[field.custom.name] = field
        elif field.kind not in SPECIAL and type(getattr(self.record_type.model, field.path, None)) is DeferredAttribute:
            self._columns.append((field.key, field.path, WRITES.get(field.kind)))
        else:
            self._writes.append((field.key, self._write_of(field)))

    def _added_write(self, name: str, field: Field) -> Write:
        if name not in self._added_writes:
            self._added_writes[name] = self._write_of(field)
        return self._added_writes[name]

    def _write_of(self, field: Field) -> Write:
        if field.is_beyond:
            return self._beyond(field)
        special = {
            Kind.PERSON: self._related,
            Kind.TEAM: self._related,
            Kind.REFERENCE: self._related,
            Kind.ENTRY: self._related,
            Kind.TAGS: self._tags,
            Kind.MONEY: self._money,
        }
        return special.get(field.kind, _plain)(field)

    def _related(self, field: Field) -> Write:
        """The id and the label; a record that the person does not see has neither."""
        model = _model_of(field)
        column, known = f"{field.path}_id", self._labels(model)
        unseen = {"id": None, "label": _("Not visible to you")}

        def write(record: Any) -> Any:
            pk = getattr(record, column)
            return None if pk is None else known.get(pk, unseen)

        return write

    def _labels(self, model: Any) -> dict[int, dict[str, Any]]:
        """All that the records name of one model, read together."""
        if model not in self._known:
            columns = [f"{each.path}_id" for each in self._fields if _model_of(each) is model and not each.is_beyond]
            pks = {pk for column in columns for record in self.records if (pk := getattr(record, column)) is not None}
            self._known[model] = self._read(model, pks) if pks else {}
        return self._known[model]

    def _read(self, model: Any, pks: set[int]) -> dict[int, dict[str, Any]]:
        if model is User:
            people = User.objects.of_organization(self.user.organization_id).filter(pk__in=pks)
            return {pk: {"id": pk, "label": name or email} for pk, name, email in people.values_list("pk", "name", "email")}
        if not hasattr(model._default_manager, "visible_to"):
            named = model.objects.filter(organization_id=self.user.own_organization_id, pk__in=pks)
            return {pk: {"id": pk, "label": name} for pk, name in named.values_list("pk", "name")}
        seen = model.objects.visible_to(self.user).only(*_named_by(model)).in_bulk(pks)
        return {pk: {"id": pk, "label": str(record)} for pk, record in seen.items()}

    def _beyond(self, field: Field) -> Write:
        """A field of a referenced record, where that one is seen."""
        reference, name = field.path.split("__", 1)
        model: Any = self.record_type.model._meta.get_field(reference).remote_field.model  # type: ignore[union-attr]
        pks = {pk for record in self.records if (pk := getattr(record, f"{reference}_id")) is not None}
        seen = model.objects.visible_to(self.user).only(name).in_bulk(pks) if pks else {}
        say = WRITES.get(field.kind, _as_it_is)

        def write(record: Any) -> Any:
            found = seen.get(getattr(record, f"{reference}_id"))
            value = None if found is None else getattr(found, name)
            return None if value is None else say(value)

        return write

    def _tags(self, field: Field) -> Write:
        """In the order of their names."""
        column: Any = field.column
        record, tag = column.m2m_field_name(), column.m2m_reverse_field_name()
        pks = [record.pk for record in self.records]
        links = column.remote_field.through._base_manager.filter(
            **{f"{record}__in": pks, f"{tag}__organization_id": self.user.own_organization_id}
        )
        tags: dict[int, list[dict[str, Any]]] = {}
        for pk, own, name in links.order_by(f"{tag}__name").values_list(f"{record}_id", f"{tag}_id", f"{tag}__name"):
            tags.setdefault(pk, []).append({"id": own, "label": name})
        return lambda record: tags.get(record.pk, [])

    def _money(self, field: Field) -> Write:
        path, currency = field.path, getattr(field.column, "currency", "currency")
        usual = self.user.own_organization.currency

        def write(record: Any) -> Any:
            amount = getattr(record, path)
            return None if amount is None else money(amount, getattr(record, currency, "") or usual)

        return write


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """ "184200.00" with "EUR": all digits that it has, and at least those of its currency."""
    whole, _point, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(minor_units(currency), "0")
    return {"amount": f"{whole}.{decimals}" if decimals else whole, "currency": currency}


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, as 2026-11-22T09:30:00Z; microseconds where it has some."""
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _plain(field: Field) -> Write:
    say, path, own = WRITES.get(field.kind, _as_it_is), field.path, field.column is not None and "__" not in field.path

    def write(record: Any) -> Any:
        value = getattr(record, path) if own else field.value_of(record)
        return None if value is None or value == "" else say(value)

    return write


def _as_it_is(value: Any) -> Any:
    return value


def _decimal(value: Any) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _model_of(field: Field) -> Any:
    """Of what the field names one row; None for other fields."""
    if field.kind == Kind.PERSON:
        return User
    return field.column.remote_field.model if field.kind in RELATED and field.column is not None else None  # type: ignore[union-attr]


def _named_by(model: Any) -> list[str]:
    return [record_types.of(model).title] if model._meta.model_name in record_types else []


def _date(value: date) -> str:
    return value.isoformat()


SPECIAL = RELATED | {Kind.TAGS, Kind.MONEY}
WRITES: dict[Kind, Write] = {Kind.TIME: moment, Kind.DATE: _date, Kind.DECIMAL: _decimal}
