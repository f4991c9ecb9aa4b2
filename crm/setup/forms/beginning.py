"""Making an organization and its administrator: on the first run, and where sign-up is open."""

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.setup.forms.organizations import SettingsForm
from crm.setup.forms.people import JoinForm
from crm.users.actions import promise_organization
from crm.users.models import User

SETTINGS = ("country", "time_zone", "language", "currency", "fiscal_year_start", "date_format")


class FirstRunForm(JoinForm, SettingsForm):
    """The code, the organization, and who administers it."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        help_text=_("The log of the first start shows it; “manage.py first_run_code” prints a new one."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = forms.EmailField(label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "username"}))
    organization = forms.CharField(
        label=_("Name of the organization"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    idle_minutes = unique_customer_names = unique_contact_emails = None  # type: ignore[assignment]  # asked later, in Setup
    field_order = ["code", "organization", *SETTINGS, "name", "email", "password"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if User.objects.get_queryset().of_address(email).exists():
            raise forms.ValidationError(_("Somebody signs in with this address already."))
        return email


class SignUpForm(SignupForm):  # type: ignore[misc]  # the library has no types
    """The sign-up form with a name and an organization, which begins when the person has verified the address."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    organization = forms.CharField(
        label=_("Name of the organization"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    field_order = ["organization", "name", "email", "password1", "password2"]

    def save(self, request: HttpRequest) -> Any:
        """The person and what was promised, or neither."""
        with transaction.atomic():
            return super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        from crm.setup.guesses import guess_settings  # noqa: PLC0415  # the library loads this module while it loads its own

        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        promise_organization(user, self.cleaned_data["organization"], **guess_settings(request))
