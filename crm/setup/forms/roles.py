from django import forms
from django.utils.translation import gettext_lazy as _

from crm.setup.forms.shown import ShownForm


class RoleForm(forms.Form):
    """What a role is called, and whether it asks for a second factor."""

    name = forms.CharField(label=_("Name"), max_length=100)
    description = forms.CharField(label=_("What for"), max_length=300, required=False)


class RoleFactsForm(ShownForm, RoleForm):
    requires_second_factor = forms.BooleanField(
        label=_("Requires a second factor"),
        required=False,
        help_text=_("Without one, the next page that these people open leads to setting one up."),
    )
