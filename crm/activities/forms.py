"""The composer's forms: what was said or is to be done, in as few fields as a person fills in."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.actions import create_task, log_call, log_email, plan_meeting, write_note
from crm.activities.choices import ICONS, Direction, Kind, Outcome, Priority, Repeat
from crm.users.models import User

END_OF_DAY = time(23, 59)
MORNING = time(8, 30)
REMINDERS = (
    ("", _("No reminder")),
    ("morning", _("That day, 08:30")),
    ("before", _("One day before, 08:30")),
    ("hour", _("One hour before")),
    ("due", _("When it is due")),
)


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _time() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def _text(placeholder: Any, rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": placeholder, "data-composer": True})


def at(day: Any, clock: time) -> datetime:
    """That time on that day by the person's clock."""
    return timezone.make_aware(datetime.combine(day, clock))


class ComposerForm(forms.Form):
    """One tab of the composer. `people` are the record's contacts who may have taken part."""

    kind: ClassVar[Kind]
    action: ClassVar[Any]
    label: ClassVar[Any]
    button: ClassVar[Any]
    said: ClassVar[Any]
    people = forms.MultipleChoiceField(label=_("With"), required=False, widget=forms.CheckboxSelectMultiple)
    with_people: ClassVar[bool] = True

    def __init__(self, *args: Any, user: User, participants: list[Any] | None = None, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_{self.kind}_%s"
        super().__init__(*args, **kwargs)
        self.user, self.participants = user, participants or []
        people: Any = self.fields["people"]
        people.choices = [(str(record.pk), str(record)) for record in self.participants]
        if not self.with_people or not self.participants:
            del self.fields["people"]

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def main_fields(self) -> list[Any]:
        return [field for field in self if field.name not in {"body", "people"}]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {key: value for key, value in self.cleaned_data.items() if key != "people" and value not in {None, ""}}

    def chosen(self) -> list[Any]:
        """The participants who were chosen."""
        pks = set(self.cleaned_data.get("people") or [])
        return [record for record in self.participants if str(record.pk) in pks]

    def save(self, record: Any, token: str) -> Any:
        """Do it, on the record and with the chosen people. Raises what the action raises."""
        return type(self).action([record, *self.chosen()], by=self.user, token=token, **self.values())


class NoteForm(ComposerForm):
    kind, action, label, button, said = Kind.NOTE, staticmethod(write_note), _("Note"), _("Add note"), _("Note added")
    with_people = False
    body = forms.CharField(
        label=_("Note"),
        widget=_text(_("Write a note. Type @ and a name to tell a colleague.")),
        max_length=20_000,
        error_messages={"required": _("Write something before you save the note.")},
    )


class EmailForm(ComposerForm):
    kind, action, label, button, said = Kind.EMAIL, staticmethod(log_email), _("E-mail"), _("Log e-mail"), _("E-mail logged")
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, initial=Direction.OUTGOING)
    at = forms.DateTimeField(label=_("When"), required=False, widget=_moment())
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), required=False, widget=_text(_("What was written")), max_length=200_000)


class CallForm(ComposerForm):
    kind, action, label, button, said = Kind.CALL, staticmethod(log_call), _("Call"), _("Log call"), _("Call logged")
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, initial=Direction.OUTGOING)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *Outcome.choices], required=False, initial=Outcome.REACHED)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    at = forms.DateTimeField(label=_("When"), required=False, widget=_moment(), help_text=_("Empty: now"))
    body = forms.CharField(label=_("What was said"), required=False, widget=_text(_("What was said?")), max_length=20_000)

    def values(self) -> dict[str, Any]:
        values = super().values()
        minutes = values.pop("minutes", None)
        return values if minutes is None else {**values, "duration_seconds": minutes * 60}


class TaskForm(ComposerForm):
    kind, action, label, button, said = Kind.TASK, staticmethod(create_task), _("Task"), _("Create task"), _("Task created")
    subject = forms.CharField(
        label=_("What needs doing?"),
        max_length=200,
        error_messages={"required": _("Enter a short description, such as “Send revised quote”.")},
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=_date())
    due_time = forms.TimeField(label=_("Time"), required=False, widget=_time())
    remind = forms.ChoiceField(label=_("Reminder"), choices=REMINDERS, required=False, initial="morning")
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    repeat = forms.ChoiceField(label=_("Repeat"), choices=[("", _("Once")), *Repeat.choices], required=False)
    body = forms.CharField(label=_("Details"), required=False, widget=_text(_("What else is worth knowing?")), max_length=20_000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("repeat") and not data.get("due_on"):
            self.add_error("due_on", _("A task that repeats needs a day on which it is due."))
        if data.get("remind") and not data.get("due_on") and "due_on" in self.changed_data:
            self.add_error("remind", _("A reminder needs a day on which the task is due."))
        if data.get("remind") == "hour" and not data.get("due_time"):
            self.add_error("due_time", _("Say at what time, to be reminded an hour before."))
        return data

    def values(self) -> dict[str, Any]:
        values = super().values()
        day, clock, remind = values.pop("due_on", None), values.pop("due_time", None), values.pop("remind", "")
        if day is None:
            return values
        due = at(day, clock or END_OF_DAY)
        moments = {
            "morning": at(day, MORNING),
            "before": at(day - timedelta(days=1), MORNING),
            "hour": due - timedelta(hours=1),
            "due": due,
        }
        return {**values, "due_at": due, **({"remind_at": moments[remind]} if remind else {})}


class MeetingForm(ComposerForm):
    kind, action, label, button, said = Kind.MEETING, staticmethod(plan_meeting), _("Meeting"), _("Add meeting"), _("Meeting added")
    subject = forms.CharField(label=_("What about?"), max_length=200)
    at = forms.DateTimeField(label=_("Start"), widget=_moment())
    end_at = forms.DateTimeField(label=_("End"), required=False, widget=_moment())
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    body = forms.CharField(label=_("Agenda or notes"), required=False, widget=_text(_("Agenda, or what was said")), max_length=20_000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("at") and data.get("end_at") and data["end_at"] < data["at"]:
            raise ValidationError({"end_at": _("The end is before the start. Swap the times or empty one.")})
        return data


FORMS: dict[str, type[ComposerForm]] = {form.kind.value: form for form in (NoteForm, EmailForm, CallForm, TaskForm, MeetingForm)}


def first_values(kind: str) -> dict[str, Any]:
    """What a fresh form proposes: tasks for tomorrow, meetings from the next full hour on."""
    now = timezone.localtime()
    if kind == Kind.TASK:
        return {"due_on": now.date() + timedelta(days=1)}
    if kind == Kind.MEETING:
        start = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        return {"at": start, "end_at": start + timedelta(minutes=30)}
    return {}
