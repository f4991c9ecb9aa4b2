"""Note, e-mail, call: what was said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.activities.actions import log_call, log_email, write_note
from crm.activities.choices import Direction, Kind, Outcome
from crm.activities.forms.base import ComposerForm, moment_input, text_input, to_the_minute


class NoteForm(ComposerForm):
    kind, action, label, button, said = Kind.NOTE, staticmethod(write_note), _("Note"), _("Add note"), _("Note added")
    with_people = False
    body = forms.CharField(
        label=_("Note"),
        widget=text_input(_("Write a note. Type @ and a name to tell a colleague.")),
        max_length=20_000,
        error_messages={"required": _("Write something before you save the note.")},
    )


class WithDirection(ComposerForm):
    """A form that does not make up a direction where none was written down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.activity and not self.activity.direction and "direction" in self.fields:
            direction: Any = self.fields["direction"]
            direction.choices, direction.required = [("", "—"), *Direction.choices], False


class EmailForm(WithDirection):
    kind, action, label, button, said = Kind.EMAIL, staticmethod(log_email), _("E-mail"), _("Log e-mail"), _("E-mail logged")
    more = ("sender", "recipients")
    subject = forms.CharField(label=_("Subject"), max_length=200)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, initial=Direction.OUTGOING)
    at = forms.DateTimeField(label=_("When"), required=False, widget=moment_input(), help_text=_("Empty: now"))
    sender = forms.CharField(label=_("From"), max_length=300, required=False)
    recipients = forms.CharField(label=_("To"), max_length=1000, required=False)
    body = forms.CharField(label=_("Text"), required=False, widget=text_input(_("What was written")), max_length=200_000)

    @classmethod
    def shown(cls, activity: Any) -> dict[str, Any]:
        return {**super().shown(activity), "at": to_the_minute(activity.at)}

    def facts(self) -> dict[str, Any]:
        return without_empty_time(super().facts())


class CallForm(WithDirection):
    kind, action, label, button, said = Kind.CALL, staticmethod(log_call), _("Call"), _("Log call"), _("Call logged")
    sources = {"duration_seconds": ("minutes",)}  # as the base class has it
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, initial=Direction.OUTGOING)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *Outcome.choices], required=False, initial=Outcome.REACHED)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    at = forms.DateTimeField(label=_("When"), required=False, widget=moment_input(), help_text=_("Empty: now"))
    body = forms.CharField(label=_("What was said"), required=False, widget=text_input(_("What was said?")), max_length=20_000)

    @classmethod
    def shown(cls, activity: Any) -> dict[str, Any]:
        return {**super().shown(activity), "minutes": activity.minutes, "at": to_the_minute(activity.at)}

    def facts(self) -> dict[str, Any]:
        facts = without_empty_time(super().facts())
        if "minutes" in facts:
            minutes = facts.pop("minutes")
            facts["duration_seconds"] = None if minutes is None else minutes * 60
        return facts


def without_empty_time(facts: dict[str, Any]) -> dict[str, Any]:
    """No time means now for a new one, and the time that it had for one that is edited."""
    return {key: value for key, value in facts.items() if key != "at" or value is not None}
