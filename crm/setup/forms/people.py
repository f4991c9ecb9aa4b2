"""Inviting and changing people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from crm.lib.languages import time_zone_choices
from crm.setup.forms.shown import ShownForm
from crm.users.models import Role, Team, Theme, User


class _OfOrganization(forms.Form):
    """A form whose roles and teams are those of one organization."""

    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"), empty_label=None)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))

    def __init__(self, *args: Any, organization_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.filter(organization_id=organization_id)  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(organization_id=organization_id)  # type: ignore[attr-defined]


class InviteForm(_OfOrganization):
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("They choose a password themselves."))
    field_order = ["email", "role", "team"]


class PersonForm(ShownForm, _OfOrganization):
    name = forms.CharField(label=_("Name"), max_length=150)
    field_order = ["name", "role", "team"]


class DeactivateForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Give their records to"), required=False, empty_label=_("Nobody, they stay"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.of_organization(person.organization_id).active().exclude(pk=person.pk).order_by("name")
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class ViewingForm(forms.Form):
    """Why an administrator wants to see Tern as somebody else."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Stands in the log of changes, and in the person's own list of sign-ins.")
    )


class JoinForm(forms.Form):
    """Name and password of whoever joins; the password follows the installation's policy."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "new-password"}), help_text=""
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[1:2])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if password := facts.get("password"):
            email = facts.get("email") or self.known_email
            try:
                validate_password(password, User(email=email, name=facts.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return facts


class ProfileForm(ShownForm):
    """What people set for themselves."""

    name = forms.CharField(label=_("Name"), max_length=150)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=forms.RadioSelect)
    shortcuts_enabled = forms.BooleanField(
        label=_("Single-key shortcuts"), required=False, help_text=_("Turn them off where speech input or stray keys set them off.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = user.organization
        same = _("Like the organization (%s)")
        zone = same % organization.time_zone if organization else "UTC"
        language = same % dict(settings.LANGUAGES).get(organization.language, organization.language) if organization else _("Default")
        self.fields["time_zone"].choices = [("", zone), *time_zone_choices()]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", language), *settings.LANGUAGES]  # type: ignore[attr-defined]
