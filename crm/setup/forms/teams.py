from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.setup.forms.shown import ShownForm
from crm.users.models import Team


class TeamForm(forms.Form):
    """A team's name and place."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = forms.ModelChoiceField(Team.objects.none(), label=_("Part of"), required=False, empty_label=_("No other team"))

    def __init__(self, *args: Any, organization_id: int, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.filter(organization_id=organization_id)
        self.fields["parent"].queryset = others.exclude(pk=team.pk) if team else others  # type: ignore[attr-defined]


class ChangedTeamForm(ShownForm, TeamForm):
    """The same for a team that is there."""
