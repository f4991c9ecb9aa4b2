"""Two windows on one form: what somebody did not touch is not put back, and what both changed is for the second one to decide."""

import json
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _


class ShownForm(forms.Form):
    """A form that remembers, in a hidden field, which values it showed.

    A value that somebody else changed since, and this person too, is an error once: saved again, this person's holds.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, initial: dict[str, Any], **kwargs: Any) -> None:
        self.now = json.dumps({name: _plain(value) for name, value in initial.items()}, default=str)
        kwargs["initial"] = {**initial, "shown": self.now}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now, contested = json.loads(self.now), False
        for name, value in self._seen().items():
            if value != now[name] and self._differs(name, value) and self._differs(name, now[name]):
                text = _("Somebody changed this to “%(value)s” in between. Save again to keep yours, or choose theirs.")
                self.add_error(name, text % {"value": _in_words(self.fields[name], self.initial[name])})
                contested = True
        if contested:
            self.data = {**self.data.dict(), "shown": self.now}  # type: ignore[attr-defined]  # a QueryDict
        return cleaned

    @property
    def touched(self) -> dict[str, Any]:
        """The cleaned values of fields that differ from what was shown; for the others what holds now, which is in `initial`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "shown"}
        return values | {
            name: self.initial[name] for name, value in self._seen().items() if name in values and not self._differs(name, value)
        }

    def _seen(self) -> dict[str, Any]:
        """What the window showed, of the fields that are here."""
        try:
            shown = json.loads(self.data.get("shown") or "{}")
        except ValueError:
            return {}
        here = self.fields.keys() & json.loads(self.now).keys()
        return {name: value for name, value in shown.items() if name in here} if isinstance(shown, dict) else {}

    def _differs(self, name: str, value: Any) -> bool:
        return self.fields[name].has_changed(value, self[name].data)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        value = dict(field.choices).get(value, value)  # type: ignore[arg-type]  # flat in Setup
    return str(value) if value not in {None, ""} else "—"
