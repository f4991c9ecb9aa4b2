"""Meeting: when, where, with whom."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.actions import attendees_of, plan_meeting
from crm.activities.choices import Kind
from crm.activities.forms.base import MORNING, ComposerForm, at, moment_input, text_input, to_the_minute
from crm.activities.forms.people import ColleaguesField
from crm.users.models import User

OTHER = "other"
REMINDERS = (
    ("", _("No reminder")),
    ("quarter", _("15 minutes before")),
    ("hour", _("One hour before")),
    ("day", _("One day before")),
    (OTHER, _("At another time")),
)
BEFORE = {"quarter": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class MeetingForm(ComposerForm):
    kind, action, label, button, said = Kind.MEETING, staticmethod(plan_meeting), _("Meeting"), _("Add meeting"), _("Meeting added")
    more = ("remind_on",)
    sources = {  # as the base class has it
        "at": ("at", "all_day"),
        "end_at": ("end_at", "at", "all_day"),
        "remind_at": ("remind", "remind_on", "at", "all_day"),
    }
    subject = forms.CharField(label=_("What about?"), max_length=200)
    at = forms.DateTimeField(label=_("Start"), widget=moment_input())
    all_day = forms.BooleanField(label=_("All day"), required=False)
    end_at = forms.DateTimeField(label=_("End"), required=False, widget=moment_input())
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    remind = forms.ChoiceField(label=_("Reminder"), choices=REMINDERS, required=False)
    attendees = ColleaguesField(label=_("Colleagues"), required=False, help_text=_("Names, parted by commas. They see the meeting."))
    remind_on = forms.DateTimeField(label=_("Remind at"), required=False, widget=moment_input())
    body = forms.CharField(label=_("Agenda or notes"), required=False, widget=text_input(_("Agenda, or what was said")), max_length=20_000)

    @classmethod
    def proposed(cls, user: User) -> dict[str, Any]:
        """From the next full hour on, for half an hour."""
        start = (timezone.localtime() + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        return {"at": start, "end_at": start + timedelta(minutes=30)}

    @classmethod
    def shown(cls, activity: Any) -> dict[str, Any]:
        start, end = _as_typed(activity.at, activity), _as_typed(activity.end_at, activity)
        facts: dict[str, Any] = {"at": start, "end_at": end, "remind": "", "attendees": attendees_of(activity)}
        if activity.remind_at and start:
            remind = to_the_minute(activity.remind_at)
            moments = {key: _moment(key, start, whole=activity.all_day) for key in BEFORE}
            facts["remind"] = next((key for key, moment in moments.items() if moment == remind), OTHER)
            facts["remind_on"] = remind if facts["remind"] == OTHER else None
        return {**super().shown(activity), **facts}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("at"), data.get("end_at")
        if start and end and (end.date() < start.date() if data.get("all_day") else end < start):
            self.add_error("end_at", _("The end is before the start. Swap the times or empty one."))
        if data.get("remind") == OTHER and not data.get("remind_on") and "remind_on" not in self.errors:
            self.add_error("remind_on", _("Say when to be reminded."))
        return data

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        facts.pop("attendees", None)
        remind, remind_on = facts.pop("remind", ""), facts.pop("remind_on", None)
        start, whole = facts.get("at"), bool(facts.get("all_day"))
        if "remind" in self.fields:
            facts["remind_at"] = remind_on if remind == OTHER else _moment(remind, start, whole=whole) if remind and start else None
        if whole:
            facts |= {key: _of_day(facts[key]) for key in ("at", "end_at") if facts.get(key)}
        return facts

    def values(self) -> dict[str, Any]:
        return {**super().values(), "attendees": self.cleaned_data.get("attendees") or []}


def _of_day(moment: datetime) -> datetime:
    """Midnight UTC of the date that was typed."""
    return datetime.combine(timezone.localdate(moment), time(), UTC)


def _as_typed(moment: datetime | None, activity: Any) -> datetime | None:
    """What the input holds: of a whole day its date, at midnight of the reader's clock."""
    if moment is None or not activity.all_day:
        return to_the_minute(moment)
    return at(moment.astimezone(UTC).date(), time())


def _moment(remind: str, start: datetime, *, whole: bool) -> datetime:
    """When the choice reminds. A whole day begins at half past eight."""
    if not whole:
        return timezone.localtime(start - BEFORE[remind])
    day = timezone.localdate(start) - (timedelta(days=1) if remind == "day" else timedelta())
    return at(day, MORNING)
