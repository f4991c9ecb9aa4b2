import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.ui.form_renderer import FormRenderer

CHOICES = [("", "---"), (1, _("First")), (2, "R&D <b>"), ("Far", [("a'b", 'say "hi"'), (None, SafeString("<i>"))])]
ATTRS = {
    "id": "id_x",
    "class": "input",
    "required": True,
    "disabled": False,
    "data-words": "<\"'&>",
    "maxlength": 12_000,
    "title": _("First"),
}


def plain(markup: str) -> str:
    return re.sub(r">\s+<", "><", markup)


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(), "<script>alert('a & b')</script>"),
        (forms.TextInput(), None),
        (forms.TextInput(), SafeString("&amp;")),
        (forms.NumberInput(), 12_000.5),
        (forms.EmailInput(), ""),
        (forms.HiddenInput(), 0),
        (forms.PasswordInput(), "secret"),
        (forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), "2026-11-23T10:00"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.Textarea(attrs={"rows": 3}), "\nfirst\n</textarea> & more"),
        (forms.Textarea(), None),
        (forms.Select(choices=CHOICES), 2),
        (forms.Select(choices=CHOICES), "a'b"),
        (forms.NullBooleanSelect(), True),
        (forms.SelectMultiple(choices=CHOICES), ["", "2"]),
        (forms.CheckboxSelectMultiple(choices=CHOICES), ["1"]),
        (forms.RadioSelect(choices=CHOICES), "1"),
    ],
)
def test_a_control_is_written_as_djangos_template_writes_it(widget: forms.Widget, value: Any) -> None:
    written, expected = (widget.render("of[x]", value, attrs=ATTRS, renderer=each()) for each in (FormRenderer, TemplatesSetting))
    assert plain(written) == plain(expected)


def test_what_a_textarea_holds_keeps_its_line_breaks() -> None:
    assert ">\n\none\n  two</textarea>" in forms.Textarea().render("x", "\none\n  two", renderer=FormRenderer())
