"""A new API token: for what, with which rights, until when."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.api.scopes import checked

ACCESS = (
    ("read", _("Read everything that I see")),
    ("write", _("Read and write everything that I may")),
    ("chosen", _("Only what I name below")),
)
SCOPES = {"read": ["*:view"], "write": ["*:*"]}


class TokenForm(forms.Form):
    """What the action needs is in `facts()`."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What it is for, such as “Website form”."))
    access = forms.ChoiceField(label=_("What it may do"), choices=ACCESS, initial="read")
    scopes = forms.CharField(
        label=_("Scopes"),
        required=False,
        max_length=2000,
        help_text=_("Such as: customers:view contacts:* tasks:create. Verbs are view, create, change, delete, share and * for all."),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: until revoked."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("access") == "chosen":
            words = data.get("scopes", "").replace(",", " ").split()
            if not words:
                self.add_error("scopes", _("Name at least one scope."))
            try:
                data["scopes"] = checked(words)
            except ValidationError as error:
                self.add_error("scopes", error)
        return data

    def facts(self) -> dict[str, Any]:
        data, day = self.cleaned_data, self.cleaned_data["expires_on"]
        end = timezone.make_aware(datetime.combine(day, time.max)) if day else None
        return {"name": data["name"], "scopes": SCOPES.get(data["access"]) or data["scopes"], "expires_at": end}
