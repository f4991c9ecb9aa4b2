"""How a Django form is laid out: which attributes a control gets, and what stands around it."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

BARE = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_context(field: BoundField, classes: str = "", **attributes: Any) -> dict[str, Any]:
    """For components/field.html: the field, its control, and its layout (row, check or group). `attributes` go to the control."""
    widget = field.field.widget
    layout = "group" if isinstance(widget, GROUPS) else "check" if isinstance(widget, forms.CheckboxInput) else "row"
    return {"field": field, "control": control(field, **attributes), "layout": layout, "classes": classes, "mark": _mark(field)}


def _mark(field: BoundField) -> str:
    """The rarer of the two is said: “required” in a form of mostly optional fields, “optional” in others."""
    mostly_optional = _mostly_optional(field.form)
    if field.field.required == mostly_optional:
        return _("required") if mostly_optional else _("optional")
    return ""


def _mostly_optional(form: forms.BaseForm) -> bool:
    """Every field asks; the form is looked through once."""
    known = vars(form)
    if "_mostly_optional" not in known:
        asked = [one.required for one in form.fields.values() if not isinstance(one.widget, (forms.CheckboxInput, forms.HiddenInput))]
        known["_mostly_optional"] = asked.count(False) > len(asked) / 2
    answer: bool = known["_mostly_optional"]
    return answer


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


def control(field: BoundField, classes: str = "", **attributes: Any) -> SafeString:
    """The widget, classed, described by its error or its help, with more attributes as they are given: aria_label is aria-label."""
    widget = field.field.widget
    attrs: dict[str, Any] = {name.replace("_", "-"): value for name, value in attributes.items() if value not in (None, False)}
    if not isinstance(widget, BARE):
        attrs["class"] = " ".join(["input", *str(widget.attrs.get("class", "")).split(), *classes.split()])
    if not field.use_fieldset and (field.errors or field.help_text):
        attrs["aria-describedby"] = f"{field.auto_id}_{'error' if field.errors else 'helptext'}"
    if widget.attrs.get("placeholder") == field.label:
        attrs.setdefault("placeholder", "")
    return field.as_widget(attrs=attrs)
