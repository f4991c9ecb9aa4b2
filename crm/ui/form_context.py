"""How a Django form is laid out: which attributes a control gets, and what stands around it."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

BARE = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_context(field: BoundField, classes: str = "", *, autofocus: bool = False) -> dict[str, Any]:
    """For components/field.html: the field, its control with error and help announced, and its layout (row, check or group)."""
    widget = field.field.widget
    layout = "group" if isinstance(widget, GROUPS) else "check" if isinstance(widget, forms.CheckboxInput) else "row"
    return {"field": field, "control": control(field, autofocus=autofocus), "layout": layout, "classes": classes}


def form_context(form: forms.BaseForm) -> dict[str, Any]:
    """For components/form_fields.html: the summary of errors and every field, the first one with an error focused."""
    visible = form.visible_fields()
    first = next((field for field in visible if field.errors), None)
    return {
        "form": form,
        "rows": [field_context(field, autofocus=field is first) for field in visible],
        "with_errors": [field for field in visible if field.errors],
        "hidden_errors": [error for field in form.hidden_fields() for error in field.errors],
    }


def control(field: BoundField, *, autofocus: bool = False) -> SafeString:
    """The widget, classed, and described by its error or its help."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    if not isinstance(widget, BARE):
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if not field.use_fieldset and (field.errors or field.help_text):
        attrs["aria-describedby"] = f"{field.auto_id}_{'error' if field.errors else 'helptext'}"
    if autofocus:
        attrs["autofocus"] = True
    return field.as_widget(attrs=attrs)
