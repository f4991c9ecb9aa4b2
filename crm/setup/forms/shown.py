"""Two windows on one form: what somebody did not touch is not put back to what the window showed."""

import json
from typing import Any

from django import forms
from django.db.models import Model


class ShownForm(forms.Form):
    """A form that remembers, in a hidden field, which values it showed."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, initial: dict[str, Any], **kwargs: Any) -> None:
        shown = json.dumps({name: _plain(value) for name, value in initial.items()}, default=str)
        kwargs["initial"] = {**initial, "shown": shown}
        super().__init__(*args, **kwargs)

    @property
    def touched(self) -> dict[str, Any]:
        """The cleaned values of fields that differ from what was shown; for the others what holds now, which is in `initial`."""
        try:
            shown = json.loads(self.cleaned_data.get("shown") or "{}")
        except ValueError:
            shown = {}
        values = {name: value for name, value in self.cleaned_data.items() if name != "shown"}
        for name in values.keys() & (shown.keys() if isinstance(shown, dict) else set()):
            if not self.fields[name].has_changed(shown[name], self[name].data):
                values[name] = self.initial[name]
        return values


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value
