"""What a person fills in for many records: the same controls as for one, and the words for what was wanted."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import UniqueConstraint
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.shares import Right
from crm.bulk.editing import tags_key
from crm.bulk.models import Kind
from crm.fields.fields import Field
from crm.fields.kinds import Kind as FieldKind
from crm.fields.record_types import RecordType
from crm.records.actions.checks import is_custom
from crm.records.stored import dump
from crm.ui import formats
from crm.users.models import User
from crm.views.forms import record_form
from crm.views.sharing import ShareForm

EMPTY = gettext_lazy("empty")


def editable_in_bulk(record_type: RecordType, user: User) -> dict[str, Field]:
    """Fields of the form that may have the same value in many records: not the name, not what only one record may have."""
    asked = {name for rule in record_type.model._meta.constraints if isinstance(rule, UniqueConstraint) for name in rule.fields}
    keys = [key for section in record_type.layout for key in section.fields if key not in {record_type.title, *asked}]
    fields = {key: record_type.fields[key] for key in keys}
    return {
        key: field
        for key, field in fields.items()
        if field.editable_by(user) and field.kind != FieldKind.TAGS and not (field.custom is not None and field.custom.unique)
    }


class EditForm:
    """The controls of some fields. What is left empty empties the field."""

    def __init__(self, data: Any, *, record_type: RecordType, user: User, keys: Sequence[str]) -> None:
        self.record_type, self.keys = record_type, list(keys)
        self.form = record_form(record_type, user, keys)(data, user=user)
        self.form.fields.pop("version", None)

    def is_valid(self) -> bool:
        return bool(self.keys) and self.form.is_valid()

    @property
    def values(self) -> dict[str, Any]:
        return as_set({key: self.form.cleaned_data[key] for key in self.keys})

    @property
    def what(self) -> str:
        return set_words(self.record_type, {key: self.form.cleaned_data[key] for key in self.keys})


def as_set(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as a change of many keeps them; an added field that is empty has none."""
    plain = {key: None if is_custom(key) and value in ("", []) else value for key, value in values.items()}
    said: dict[str, Any] = json.loads(dump(plain))
    return {"set": said}


def set_words(record_type: RecordType, values: Mapping[str, Any]) -> str:
    """Industry: Utilities; Employees: 250"""
    fields = record_type.fields
    return "; ".join(f"{capfirst(str(fields[key].label))}: {_said(fields[key], value)}" for key, value in values.items())


def _said(field: Field, raw: Any) -> str:
    value = field.label_of(raw)
    if value in (None, "", []):
        return str(EMPTY)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return formats.number(value.normalize(), max(0, -int(value.normalize().as_tuple().exponent)))
    return formats.day(value) if field.kind == FieldKind.DATE else str(value)


class TagForm(forms.Form):
    """Tags to add and to take away."""

    add: Any = forms.ModelMultipleChoiceField(None, label=gettext_lazy("Add"), required=False, widget=forms.CheckboxSelectMultiple)
    remove: Any = forms.ModelMultipleChoiceField(None, label=gettext_lazy("Take away"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, *, record_type: RecordType, user: User) -> None:
        super().__init__(data)
        tags: Any = record_type.model._meta.get_field(tags_key(record_type)).remote_field.model  # type: ignore[union-attr]
        for name in ("add", "remove"):
            self.fields[name].queryset = tags.objects.filter(organization_id=user.own_organization_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        add, remove = set(data.get("add", [])), set(data.get("remove", []))
        if not add and not remove:
            raise forms.ValidationError(_("Tick a tag to add or to take away."))
        if add & remove:
            raise forms.ValidationError(_("“%(tag)s” is to be added and taken away: choose one.") % {"tag": (add & remove).pop()})
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {name: [tag.pk for tag in self.cleaned_data[name]] for name in ("add", "remove")}

    @property
    def what(self) -> str:
        signs = (("+", "add"), ("−", "remove"))
        return ", ".join(f"{sign} {tag}" for sign, name in signs for tag in self.cleaned_data[name])


class ShareManyForm(ShareForm):
    """As for one record, and taking a share back."""

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["right"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (Right.VIEW, _("See them")),
            (Right.CHANGE, _("See and edit them")),
            (Right.NONE, _("No longer: take the share back")),
        ]

    @property
    def values(self) -> dict[str, Any]:
        return {"holder": self.cleaned_data["holder"], "right": self.cleaned_data["right"]}

    @property
    def what(self) -> str:
        holder = self.holders[self.cleaned_data["holder"]]
        if self.cleaned_data["right"] == Right.NONE:
            return _("No longer shared with %(name)s") % {"name": holder}
        return _("Shared with %(name)s: %(right)s") % {"name": holder, "right": Right(self.cleaned_data["right"]).label}


class DeleteForm(forms.Form):
    """Nothing to fill in."""

    values: ClassVar[dict[str, Any]] = {}

    @property
    def what(self) -> str:
        return _("Into the recycle bin")


def form_of(kind: str, data: Any, *, record_type: RecordType, user: User, keys: Sequence[str]) -> Any:
    """The form of a kind of change; `keys` are the fields to edit."""
    if kind == Kind.TAG:
        return TagForm(data, record_type=record_type, user=user)
    if kind == Kind.SHARE:
        return ShareManyForm(data, user=user)
    if kind == Kind.DELETE:
        return DeleteForm(data)
    return EditForm(data, record_type=record_type, user=user, keys=["owner"] if kind == Kind.ASSIGN else keys)
