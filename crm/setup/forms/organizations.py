"""The settings of an organization, in Setup and when it begins."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.lib.countries import country_choices
from crm.lib.languages import time_zone_choices
from crm.lib.money import currency_choices
from crm.setup.forms.shown import ShownForm
from crm.tenancy.models import DateFormat

IDLE = (15, 30, 60, 120, 240, 480, 720)


class SettingsForm(forms.Form):
    """Everything that change_organization changes."""

    name = forms.CharField(label=_("Name of the organization"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), required=False, help_text=_("Telephone numbers without a country code belong here."))
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Days begin and end by it, for everybody who has not set another one."))
    language = forms.ChoiceField(label=_("Language"))
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("For amounts without one. Amounts that are there keep theirs."))
    fiscal_year_start = forms.TypedChoiceField(label=_("Fiscal year starts in"), coerce=int, choices=list(MONTHS.items()))
    date_format = forms.ChoiceField(label=_("Dates look like"), choices=DateFormat.choices)
    idle_minutes = forms.TypedChoiceField(
        label=_("Sign people out after"), required=False, coerce=int, empty_value=None, help_text=_("Without activity on any page.")
    )
    unique_customer_names = forms.BooleanField(
        label=_("No two customers have the same name"), required=False, help_text=_("Otherwise there is a warning only.")
    )
    unique_customer_domains = forms.BooleanField(
        label=_("No two customers have the same domain"),
        required=False,
        help_text=_("Otherwise there is a warning only. Domains of free mail and shared sites do not count."),
    )
    unique_tax_numbers = forms.BooleanField(label=_("No two customers have the same tax number"), required=False)
    unique_contact_emails = forms.BooleanField(
        label=_("No two contacts have the same e-mail address"), required=False, help_text=_("Otherwise there is a warning only.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "country": [("", "—"), *country_choices()],
            "time_zone": time_zone_choices(),
            "language": settings.LANGUAGES,
            "currency": currency_choices(),
            "idle_minutes": idle_choices(),
        }
        for name, values in choices.items():
            if name in self.fields:
                self.fields[name].choices = values  # type: ignore[attr-defined]  # these are choice fields


RULES = ("watch_opened", "watch_listed", "watch_exported", "watch_devices")


class WatchForm(ShownForm):
    """When administrators are told that somebody's access is unusual. Empty: never."""

    watch_opened = forms.IntegerField(
        label=_("Records opened within an hour"), min_value=1, max_value=10**9, required=False, help_text=_("Empty: no notice.")
    )
    watch_listed = forms.IntegerField(label=_("Rows listed in a day"), min_value=1, max_value=10**9, required=False)
    watch_exported = forms.IntegerField(label=_("Rows exported in a day"), min_value=1, max_value=10**9, required=False)
    watch_devices = forms.BooleanField(
        label=_("Tell of new devices"),
        required=False,
        help_text=_("A browser in a network that the person did not sign in from before. They are told, too."),
    )


class OrganizationForm(ShownForm, SettingsForm):
    """The settings in Setup."""


def idle_choices() -> list[tuple[int | str, str]]:
    """Times up to what the operator allows; the empty one is exactly that."""
    longest = settings.SESSION_IDLE_SECONDS // 60
    shorter = [minutes for minutes in IDLE if minutes < longest]
    most = _("%(time)s, the longest here") % {"time": _in_words(longest)}
    return [*((minutes, _in_words(minutes)) for minutes in shorter), ("", most)]


def _in_words(minutes: int) -> str:
    if minutes % 60 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
