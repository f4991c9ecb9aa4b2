"""What an administrator says of a field: only what its kind can have."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.fields.custom import field_of_row, python_value
from crm.fields.models import CustomField, CustomKind
from crm.fields.record_types import RecordType
from crm.lib.money import amount_text
from crm.records.custom_checks import WRITTEN
from crm.setup.actions.field_rules import CHOSEN, NEVER_UNIQUE, RANGED
from crm.users.models import FieldLevel, Role

Text = str | Promise
HUES: list[tuple[str, Text]] = [
    ("", _("No colour")), ("grey", _("Grey")), ("blue", _("Blue")), ("green", _("Green")), ("amber", _("Amber")),
    ("red", _("Red")), ("violet", _("Violet")), ("teal", _("Teal")),
]  # fmt: skip
NEW_SECTION = "+"
LEVEL = "level-"


class OptionForm(forms.Form):
    """One choice. A choice whose name is taken away is no longer offered, and stays where records have it."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Choice"), max_length=80, required=False)
    hue = forms.ChoiceField(label=_("Colour"), choices=HUES, required=False)
    offered = forms.BooleanField(label=_("Offered"), required=False, initial=True)


def option_formset(extra: int) -> Any:
    """The choices of a field with so many empty rows behind them."""
    return forms.formset_factory(OptionForm, extra=extra, max_num=500)


class FieldForm(forms.Form):
    """The facts of a field of one kind. `row` is the field that is changed, None for a new one."""

    label = forms.CharField(label=_("Label"), max_length=80)
    help = forms.CharField(label=_("Help"), max_length=300, required=False, help_text=_("Stands below the field in forms."))
    section = forms.ChoiceField(label=_("Section"))
    new_section = forms.CharField(label=_("Name of the new section"), max_length=80, required=False)
    required = forms.BooleanField(label=_("Required"), required=False, help_text=_("Nobody saves a new record without it."))
    unique = forms.BooleanField(label=_("Unique"), required=False, help_text=_("Only one record may have each value."))
    filterable = forms.BooleanField(label=_("Offered as a filter"), required=False, initial=True)
    searchable = forms.BooleanField(label=_("Found by the search"), required=False)
    default = forms.CharField(label=_("Default"), max_length=400, required=False, help_text=_("What new records have."))
    minimum = forms.CharField(label=_("At least"), max_length=40, required=False)
    maximum = forms.CharField(label=_("At most"), max_length=40, required=False)
    pattern = forms.CharField(
        label=_("Pattern"),
        max_length=300,
        required=False,
        help_text=_("A regular expression for the whole value, such as [A-Z]{2}-[0-9]{4}."),
    )
    pattern_help = forms.CharField(
        label=_("What the pattern asks for"), max_length=200, required=False, help_text=_("Read by who writes something else.")
    )

    def __init__(
        self, data: Any = None, *, kind: str, record_type: RecordType, roles: Iterable[Role], row: CustomField | None = None
    ) -> None:
        self.roles, self.row = list(roles), row
        super().__init__(data, initial=_initial(row) if row else {})
        for name in _impossible(kind):
            del self.fields[name]
        if kind == CustomKind.DATE:
            for name in ("minimum", "maximum"):
                self.fields[name].widget = forms.DateInput(attrs={"type": "date"})
        section: Any = self.fields["section"]
        section.choices = [(one.key, one.title) for one in record_type.layout] + [(NEW_SECTION, _("A new section …"))]
        for role in self.roles:
            self._add_level(role, record_type, row)

    def _add_level(self, role: Role, record_type: RecordType, row: CustomField | None) -> None:
        level = role.level(record_type.key, row.key) if row else FieldLevel.EDIT
        self.fields[f"{LEVEL}{role.pk}"] = forms.ChoiceField(label=capfirst(str(role)), choices=FieldLevel.choices, initial=level)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("section") == NEW_SECTION and not cleaned.get("new_section"):
            self.add_error("new_section", _("Write the name of the section."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """For create_field and change_field."""
        known = {key: value for key, value in self.cleaned_data.items() if not key.startswith(LEVEL) and key != "new_section"}
        return known | ({"section": self.cleaned_data["new_section"]} if known["section"] == NEW_SECTION else {})

    @property
    def levels(self) -> Mapping[Role, str]:
        """What each role may do with the field."""
        return {role: self.cleaned_data[f"{LEVEL}{role.pk}"] for role in self.roles}

    @property
    def with_errors(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.errors]

    def main(self) -> list[forms.BoundField]:
        """Without who may see it."""
        return [self[name] for name in self.fields if not name.startswith(LEVEL)]

    def who(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(LEVEL)]


def _initial(row: CustomField) -> dict[str, Any]:
    names = ("label", "help", "section", "required", "unique", "filterable", "searchable", "minimum", "maximum", "pattern", "pattern_help")
    return {name: getattr(row, name) for name in names} | {"default": _default_text(row)}


def _default_text(row: CustomField) -> str:
    field = field_of_row(row)
    value = python_value(field, row.default)
    if value is None:
        return ""
    return str(field.label_of(value)) if row.options else amount_text(value) if row.kind in {"decimal", "money"} else str(value)


def _impossible(kind: str) -> set[str]:
    """The facts that a field of this kind cannot have."""
    gone: set[str] = set()
    gone |= {"unique"} if kind in NEVER_UNIQUE else set()
    gone |= {"filterable"} if kind == CustomKind.LONG_TEXT else set()
    gone |= {"searchable", "pattern", "pattern_help"} if kind not in WRITTEN else set()
    gone |= {"minimum", "maximum"} if kind not in RANGED else set()
    return gone | ({"default"} if kind == CustomKind.PERSON else set())


def has_options(kind: str) -> bool:
    """Whether fields of this kind have a list of choices."""
    return kind in CHOSEN
