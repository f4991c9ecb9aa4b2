"""Task: what is to be done, by whom, until when, with a reminder, perhaps again and again."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access.decisions import NotPermitted
from crm.activities.actions import create_task
from crm.activities.choices import Kind, Priority, Repeat
from crm.activities.forms.base import MORNING, ComposerForm, at, date_input, moment_input, text_input, time_input, to_the_minute
from crm.activities.forms.people import ColleagueField
from crm.activities.models import Task
from crm.records.actions.checks import check_owner
from crm.users.models import User

END_OF_DAY = time(23, 59)
OTHER = "other"
REMINDERS = (
    ("", _("No reminder")),
    ("morning", _("That day, 08:30")),
    ("before", _("One day before, 08:30")),
    ("hour", _("One hour before")),
    ("due", _("When it is due")),
    (OTHER, _("At another time")),
)


class TaskForm(ComposerForm):
    kind, action, label, button, said = Kind.TASK, staticmethod(create_task), _("Task"), _("Create task"), _("Task created")
    more = ("remind_on", "repeat", "repeat_until")
    sources = {"due_at": ("due_on", "due_time"), "remind_at": ("remind", "remind_on", "due_on", "due_time")}
    subject = forms.CharField(
        label=_("What needs doing?"),
        max_length=200,
        error_messages={"required": _("Enter a short description, such as “Send revised quote”.")},
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=date_input())
    due_time = forms.TimeField(label=_("Time"), required=False, widget=time_input())
    remind = forms.ChoiceField(label=_("Reminder"), choices=REMINDERS, required=False)
    owner = ColleagueField(label=_("Who does it"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    remind_on = forms.DateTimeField(label=_("Remind at"), required=False, widget=moment_input())
    repeat = forms.ChoiceField(label=_("Repeat"), choices=[("", _("Once")), *Repeat.choices], required=False)
    repeat_until = forms.DateField(label=_("Repeat until"), required=False, widget=date_input())
    body = forms.CharField(label=_("Details"), required=False, widget=text_input(_("What else is worth knowing?")), max_length=20_000)

    @classmethod
    def proposed(cls, user: User) -> dict[str, Any]:
        """For tomorrow, and for the person's own list."""
        return {"due_on": timezone.localdate() + timedelta(days=1), "remind": "morning", "owner": user}

    @classmethod
    def shown(cls, activity: Any) -> dict[str, Any]:
        due = to_the_minute(activity.due_at)
        clock = due.time() if due and due.time() != END_OF_DAY else None
        facts = {"due_on": due.date() if due else None, "due_time": clock, "remind": ""}
        if activity.remind_at:
            remind = to_the_minute(activity.remind_at)
            moments = _moments(due.date(), due) if due else {}
            facts["remind"] = next((key for key, moment in moments.items() if moment == remind), OTHER)
            facts["remind_on"] = remind if facts["remind"] == OTHER else None
        return {**super().shown(activity), **facts}

    def clean_owner(self) -> Any:
        """Nobody means the person who writes it down; somebody is within the reach of the role."""
        owner = self.cleaned_data["owner"]
        if self.activity is not None:
            return owner
        try:
            check_owner(Task, owner or self.user, self.user)
        except NotPermitted:
            self.add_error(
                "owner", _("Your role gives you no tasks to make for %(person)s. Choose somebody of your team.") % {"person": owner}
            )
        return owner or self.user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day, remind = data.get("due_on"), data.get("remind")
        if data.get("repeat") and not day and "due_on" not in self.errors:
            self.add_error("due_on", _("A task that repeats needs a day on which it is due."))
        if remind == OTHER and not data.get("remind_on") and "remind_on" not in self.errors:
            self.add_error("remind_on", _("Say when to be reminded."))
        if remind and remind != OTHER and not day and "due_on" in self.changed_data and "due_on" not in self.errors:
            self.add_error("remind", _("A reminder needs a day on which the task is due."))
        if remind == "hour" and not data.get("due_time") and "due_time" not in self.errors:
            self.add_error("due_time", _("Say at what time, to be reminded an hour before."))
        return data

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        day, clock = facts.pop("due_on", None), facts.pop("due_time", None)
        remind, remind_on = facts.pop("remind", ""), facts.pop("remind_on", None)
        due = at(day, clock or END_OF_DAY) if day else None
        if "due_on" in self.fields:
            facts["due_at"] = due
        if "remind" in self.fields:
            facts["remind_at"] = remind_on if remind == OTHER else _moments(day, due).get(remind) if due else None
        return facts


def _moments(day: Any, due: datetime) -> dict[str, datetime]:
    """When each of the choices reminds."""
    before = timezone.localtime(due - timedelta(hours=1))
    return {"morning": at(day, MORNING), "before": at(day - timedelta(days=1), MORNING), "hour": before, "due": due}
