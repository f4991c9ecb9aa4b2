"""The form of a record type: its fields that the person may edit, by kind, checked by the same rules as imports."""

import copy
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import modelform_factory
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext

from crm.fields.custom import python_value
from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.lib.countries import country_choices
from crm.lib.languages import language_choices
from crm.lib.money import amount_text, currency_choices
from crm.lib.text import clean
from crm.records.actions import Conflict
from crm.records.values import ValueContext, clean_value
from crm.users.models import Team, User
from crm.views.references import ReferenceField

INPUT_MODES = {
    Kind.NUMBER: "numeric",
    Kind.MONEY: "decimal",
    Kind.DECIMAL: "decimal",
    Kind.EMAIL: "email",
    Kind.PHONE: "tel",
    Kind.URL: "url",
}


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # the model is set by the factory
    """A ModelForm over a copy of the record: the action, not the form, changes and saves it.

    `status` is the answer's status after `apply`: 200, 422 for invalid values, 409 for a conflict; `conflict` says which.
    """

    record_type: RecordType
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, instance: Any = None, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.user, self.record = user, instance
        self.status = 200
        self.conflict: Conflict | None = None
        if args and args[0] is not None and instance is None and "owner" not in args[0]:
            args = (_owned(args[0], user), *args[1:])
        shown = {**({"version": instance.version} if instance else {}), **(initial or {})}
        shown = {**self._custom_values(), **shown}
        super().__init__(*args, **kwargs, instance=copy.copy(instance) if instance else None, initial=shown)  # type: ignore[misc]
        for key in self._keys():
            self._narrow(key)

    def _custom_values(self) -> dict[str, Any]:
        return shown_in_added([field for field in added_fields(self.record_type) if field.key in self.base_fields], self.record)

    def _keys(self) -> Iterable[str]:
        return [key for key in self.fields if key in self.record_type.fields]

    def _narrow(self, key: str) -> None:
        narrow(self.fields[key], self.record_type.fields[key], self.user, self.initial.get(key))

    def _clean_fields(self) -> None:
        """Each value by its kind, in the words of the field."""
        super()._clean_fields()  # type: ignore[misc]  # Django's own hook, not in the stubs
        context = ValueContext(self.user.organization, self._country())  # type: ignore[arg-type]  # people with forms have one
        for key in self._keys():
            if key in self.cleaned_data:
                try:
                    self.cleaned_data[key] = clean_value(self.record_type.fields[key], self.cleaned_data[key], context)
                except ValidationError as error:
                    self.add_error(key, error)

    def _country(self) -> str:
        for key in ("billing_country", "country"):
            value = self.cleaned_data.get(key) or getattr(self.record, key, "")
            if value:
                return str(value)
        near = [self.cleaned_data.get(key) for key in self._keys() if self.record_type.fields[key].kind == Kind.REFERENCE]
        return next((found for one in (*near, self.record) if (found := str(getattr(one, "phone_country", "")))), "")

    def _get_validation_exclusions(self) -> set[str]:
        """Derived columns are set by the action, which then checks everything."""
        return {*super()._get_validation_exclusions(), *self._meta.model.derived}  # type: ignore[misc]

    def _post_clean(self) -> None:
        """No second validation here: the action checks the model, its constraints and everything else."""

    def wanted(self) -> dict[str, Any]:
        """The values that differ from what the form showed."""
        keys = self.changed_data if self.record else [key for key in self._keys() if self.cleaned_data.get(key) not in (None, "", [])]
        return {key: self.cleaned_data[key] for key in keys if key in self.record_type.fields}

    def apply(self, action: Callable[[], Any]) -> Any:
        """Run the action; what it refuses becomes the form's errors. Returns its result, None when refused."""
        try:
            return action()
        except ValidationError as error:
            self._add_errors(error)
            self.status = 422
        except Conflict as conflict:
            self.conflict, self.status = conflict, 409
        return None

    def _add_errors(self, error: ValidationError) -> None:
        for key, messages in (error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}).items():
            self.add_error(key if key in self.fields else None, ValidationError(list(messages)))


def added_fields(record_type: RecordType) -> list[Field]:
    """Those that the organization added."""
    return [field for field in record_type.fields.values() if field.custom is not None]


def shown_in_added(fields: Iterable[Field], record: Any) -> dict[str, Any]:
    """What stands in the controls of fields that the organization added, for a new record their defaults: no model form does that."""
    if record is None:
        rows = [(field, field.custom) for field in fields if field.custom is not None and field.custom.default is not None]
        return {field.key: python_value(field, row.default) for field, row in rows}
    return {field.key: getattr(record, f"{field.path}_id" if field.kind == Kind.PERSON else field.key) for field in fields}


def narrow(control: Any, field: Field, user: User, has: Any) -> None:
    """Choices that the person may see; nothing of another organization. `has` is what the record has already."""
    if field.kind == Kind.PERSON:
        control.queryset = User.objects.of_organization(user.organization_id).active().order_by("name")
    elif field.kind in {Kind.TEAM, Kind.ENTRY, Kind.TAGS}:
        control.queryset = control.queryset.filter(organization_id=user.own_organization_id)
    elif isinstance(control, ReferenceField):
        control.user = user
    elif field.custom is not None and field.kind in {Kind.CHOICE, Kind.CHOICES}:
        kept = set(has if isinstance(has, list) else [has])
        gone = {option["key"] for option in field.custom.options if not option.get("offered", True)} - kept
        control.choices = [choice for choice in control.choices if choice[0] not in gone]


def _owned(data: Any, user: User) -> Any:
    """What was sent, with whoever makes the record as its owner: forms that leave the owner out mean that."""
    data = data.copy()
    data["owner"] = str(user.pk)
    return data


def record_form(record_type: RecordType, user: User, keys: Iterable[str] | None = None) -> type[RecordForm]:
    """The form class for these fields (all of the sections by default), without those that the role may not edit."""
    wanted = list(keys) if keys is not None else [key for section in record_type.layout for key in section.fields]
    fields = [record_type.fields[key] for key in wanted if record_type.fields[key].editable_by(user)]
    own = [field for field in fields if field.custom is None]
    made: Any = modelform_factory(
        record_type.model, form=RecordForm, fields=[field.key for field in own], formfield_callback=_callback(own)
    )
    form: type[RecordForm] = made
    form.record_type = record_type
    controls = {**form.base_fields, **{field.key: control_of(field) for field in fields if field.custom is not None}}
    form.base_fields = {key: controls[key] for key in [*wanted, *controls] if key in controls}
    return form


def _callback(fields: list[Field]) -> Callable[..., Any]:
    by_key = {field.key: field for field in fields}

    def formfield(column: Any, **kwargs: Any) -> Any:
        field = by_key.get(column.name)
        return control_of(field) if field else column.formfield(**kwargs)

    return formfield


def control_of(field: Field) -> forms.Field:
    """The form field of one kind. Values are checked by crm.records.values, so most are plain text here."""
    help_text = field.help if field.custom is None else escape(field.help)  # help of our own may hold markup
    facts: dict[str, Any] = {"label": capfirst(field.label), "help_text": help_text, "required": field.required}
    return BUILDERS.get(field.kind, _text)(field, facts)


def _text(field: Field, facts: dict[str, Any]) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4}) if field.kind == Kind.LONG_TEXT else forms.TextInput(attrs=_attributes(field))
    return PlainTextField(widget=widget, **facts)


def _number(field: Field, facts: dict[str, Any]) -> forms.Field:
    return PlainNumberField(widget=forms.TextInput(attrs={"inputmode": INPUT_MODES[field.kind], "class": "num"}), **facts)


def _date(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **facts)


def _time(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.DateTimeField(widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), **facts)


def _yes_no(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**{**facts, "required": False})


def _choices(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=field.choices, widget=forms.CheckboxSelectMultiple, **facts)


def _choice(field: Field, facts: dict[str, Any]) -> forms.Field:
    blank = field.column is None or field.column.blank
    initial = field.column.get_default() if field.column is not None else None
    choices = TABLES[field.kind]() if field.kind in TABLES else field.choices
    return forms.ChoiceField(choices=[("", "—"), *choices] if blank else choices, initial=initial, **facts)


def _reference(field: Field, facts: dict[str, Any]) -> forms.Field:
    return ReferenceField(field=field, **facts)


def _tags(field: Field, facts: dict[str, Any]) -> forms.Field:
    tags: Any = field.column.remote_field.model  # type: ignore[union-attr]  # tags are a many-to-many column
    return forms.ModelMultipleChoiceField(tags.objects.all(), widget=forms.CheckboxSelectMultiple, **{**facts, "required": False})


def _person(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.ModelChoiceField(User.objects.none(), empty_label=gettext("Nobody"), **facts)


def _team(field: Field, facts: dict[str, Any]) -> forms.Field:
    return forms.ModelChoiceField(Team.objects.all(), empty_label="—", **facts)


def _entry(field: Field, facts: dict[str, Any]) -> forms.Field:
    model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # entries are foreign keys
    return forms.ModelChoiceField(model.objects.all(), empty_label=None if field.required else "—", **facts)


class PlainTextField(forms.CharField):
    """Text as it may be stored: characters that nobody sees are gone before anything is asked of it."""

    def to_python(self, value: Any) -> Any:
        return clean(super().to_python(value) or "")


class PlainNumberField(PlainTextField):
    """Shows an amount as the person would write it; reads whatever is typed, checked later."""

    def prepare_value(self, value: Any) -> Any:
        return amount_text(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) if initial is not None else "") != str(data or "").strip()


def _attributes(field: Field) -> dict[str, Any]:
    attributes: dict[str, Any] = {"maxlength": getattr(field.column, "max_length", None) or 1000}
    if field.kind in INPUT_MODES:
        attributes["inputmode"] = INPUT_MODES[field.kind]
    return {**attributes, "autocomplete": "off"}


TABLES: dict[Kind, Callable[[], Any]] = {
    Kind.COUNTRY: country_choices,
    Kind.CURRENCY: currency_choices,
    Kind.LANGUAGE: language_choices,
}
BUILDERS: dict[Kind, Callable[[Field, dict[str, Any]], forms.Field]] = {
    Kind.NUMBER: _number,
    Kind.DECIMAL: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.COUNTRY: _choice,
    Kind.CURRENCY: _choice,
    Kind.LANGUAGE: _choice,
    Kind.REFERENCE: _reference,
    Kind.TAGS: _tags,
    Kind.PERSON: _person,
    Kind.TEAM: _team,
    Kind.ENTRY: _entry,
}
