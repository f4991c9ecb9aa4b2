"""How an export is wanted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.exports.actions import Wish
from crm.exports.models import Delimiter, Format


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, initial=Format.CSV, widget=forms.RadioSelect)
    columns = forms.ChoiceField(label=_("Columns"), widget=forms.RadioSelect, initial="list")
    values = forms.ChoiceField(
        label=_("Values"),
        choices=[("plain", _("As people read them")), ("exact", _("Exactly as they are stored, to move them to another system"))],
        initial="plain",
        widget=forms.RadioSelect,
    )
    delimiter = forms.ChoiceField(
        label=_("Delimiter"),
        choices=Delimiter.choices,
        initial=Delimiter.COMMA,
        help_text=_("Of CSV files. Excel expects a semicolon where the decimal mark is a comma."),
    )
    mark = forms.BooleanField(
        label=_("For Excel: begin with a byte order mark"),
        required=False,
        help_text=_("Of CSV files. With it Excel reads letters such as å, ß and ł rightly; some other programs stumble over it."),
    )

    def __init__(self, data: Any = None, *, shown: int, every: int) -> None:
        super().__init__(data)
        choices = [
            ("list", _("Those of the list (%(count)d)") % {"count": shown}),
            ("every", _("All fields (%(count)d)") % {"count": every}),
        ]
        self.fields["columns"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField

    @property
    def wish(self) -> Wish:
        """After `is_valid()`."""
        data = self.cleaned_data
        return Wish(
            format=data["format"], exact=data["values"] == "exact", every=data["columns"] == "every",
            delimiter=data["delimiter"], mark=data["mark"],
        )  # fmt: skip
