"""What the template tags put into a page."""

import re
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import override_settings

from crm.ui.icons import UnknownIcon
from crm.ui.stencils import Stencil
from crm.ui.templatetags import tern


def rendered(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load tern %}" + source).render(context)


class AddressForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Work address.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Company"), ("b", "Person")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


def test_what_people_type_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>"
    page = rendered(
        "{% badge evil %}{% who evil %}{% avatar evil %}{% panel evil %}{{ evil }}{% endpanel %}{% notice %}{{ evil }}{% endnotice %}",
        evil=evil,
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 6


def test_a_stencil_escapes_text_and_keeps_markup_of_templates() -> None:
    badge = Stencil("components/badge.html", "label", "classes", "icon")
    assert badge(label="A & B", classes="red dot", icon="") == '<span class="badge red dot">A &amp; B</span>'


def test_nobody_and_nothing_are_a_dash() -> None:
    assert rendered("{% who '' %}{% when nothing %}{% ring nothing 'Health' %}{{ nothing|money:'EUR' }}", nothing=None) == "————"


@override_settings(DEBUG=True)
def test_an_unknown_icon_fails_in_development() -> None:
    tern.icon.__wrapped__("users")
    with pytest.raises(UnknownIcon, match="no-such-picture"):
        tern.icon.__wrapped__("no-such-picture")


def test_help_is_announced_with_its_control() -> None:
    page = rendered("{% form_fields form %}", form=AddressForm())
    control = re.search(r'<input type="email"[^>]*>', page)
    assert control
    assert 'aria-describedby="id_email_helptext"' in control[0]
    assert 'id="id_email_helptext"' in page
    assert "aria-invalid" not in page
    assert "autofocus" not in page


def test_errors_are_announced_summed_up_and_the_first_one_has_the_focus() -> None:
    page = rendered("{% form_fields form %}", form=AddressForm({"email": "x", "token": "t"}))
    control = re.search(r'<input type="email"[^>]*>', page)
    assert control
    assert {'aria-describedby="id_email_error"', 'aria-invalid="true"', "autofocus"} <= set(
        re.findall(r'[\w-]+="[^"]*"|autofocus', control[0])
    )
    assert page.count("autofocus") == 1
    assert "3 fields need another look" in page
    assert set(re.findall(r'href="#(\w+)"', page)) <= set(re.findall(r'id="(\w+)"', page))


def test_a_broken_hidden_field_is_not_hidden() -> None:
    page = rendered("{% form_fields form %}", form=AddressForm({"email": "a@b.example", "kind": "a", "agreed": "on"}))
    assert 'role="alert"' in page
    assert "Fill this in." in page


def test_optional_fields_say_so_and_keep_their_own_classes() -> None:
    page = rendered("{% field form.note %}{% field form.email %}", form=AddressForm())
    assert page.count("optional") == 1
    assert 'class="input tall"' in page


def test_a_form_of_mostly_optional_fields_says_what_is_required() -> None:
    class Long(forms.Form):
        name, street, city = forms.CharField(), forms.CharField(required=False), forms.CharField(required=False)

    page = rendered("{% field form.name %}{% field form.street %}{% field form.city %}", form=Long())
    assert (page.count(">required<"), page.count(">optional<")) == (1, 0)


def test_ids_are_unique_on_a_form() -> None:
    ids = re.findall(r'\sid="([^"]+)"', rendered("{% form_fields form %}", form=AddressForm({})))
    assert len(ids) == len(set(ids))
