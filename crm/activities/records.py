"""What activities are to the people who use them."""

from django.utils.translation import gettext_lazy as _

from crm.activities.choices import ICONS, Kind
from crm.activities.models import Call, Email, Meeting, Note, Task
from crm.fields.record_types import RecordType, Section

PRIORITY_HUES = {"low": "grey", "normal": "blue", "high": "red"}
OUTCOME_HUES = {"reached": "green", "no_answer": "grey", "voicemail": "blue", "busy": "amber", "wrong_number": "red"}


class TaskType(RecordType):
    model, icon, order = Task, ICONS[Kind.TASK], 60
    title, subtitle = "subject", "due_at"
    sections = [
        Section(_("Task"), ["subject", "due_at", "remind_at", "priority", "repeat", "repeat_until", "body"]),
        Section(_("Ownership"), ["owner", "team"]),
    ]
    columns = ["subject", "due_at", "priority", "owner", "repeat", "done_at"]
    key_facts = ["due_at", "priority", "owner", "remind_at", "repeat", "done_at"]
    inline = ["due_at", "priority", "owner"]
    search = ["subject"]
    sort_by = ["updated_at", "due_at"]
    exact = ["due_at", "remind_at", "done_at"]
    match_on = [["subject", "due_at"]]
    hues = {"priority": PRIORITY_HUES}


class CallType(RecordType):
    model, icon, order = Call, ICONS[Kind.CALL], 61
    title, subtitle = "subject", "outcome"
    sections = [
        Section(_("Call"), ["subject", "at", "direction", "outcome", "duration_seconds", "body"]),
        Section(_("Ownership"), ["owner", "team"]),
    ]
    columns = ["subject", "at", "direction", "outcome", "duration_seconds", "owner"]
    key_facts = ["at", "direction", "outcome", "duration_seconds", "owner"]
    search = ["subject"]
    sort_by = ["updated_at"]
    hues = {"outcome": OUTCOME_HUES}
    exact, durations = ["at"], ["duration_seconds"]


class MeetingType(RecordType):
    model, icon, order = Meeting, ICONS[Kind.MEETING], 62
    title, subtitle = "subject", "at"
    sections = [
        Section(_("Meeting"), ["subject", "at", "end_at", "all_day", "place", "remind_at", "body"]),
        Section(_("Ownership"), ["owner", "team"]),
    ]
    columns = ["subject", "at", "end_at", "place", "owner"]
    key_facts = ["at", "end_at", "place", "owner"]
    search = ["subject", "place"]
    sort_by = ["updated_at"]
    exact, whole_days = ["at", "end_at", "remind_at"], "all_day"


class NoteType(RecordType):
    model, icon, order = Note, ICONS[Kind.NOTE], 63
    title, subtitle = "subject", "at"
    sections = [Section(_("Note"), ["subject", "body", "at"]), Section(_("Ownership"), ["owner", "team"])]
    columns = ["subject", "body", "at", "owner"]
    key_facts = ["at", "owner"]
    search = ["subject"]
    sort_by = ["updated_at"]
    exact = ["at"]


class EmailType(RecordType):
    model, icon, order = Email, ICONS[Kind.EMAIL], 64
    title, subtitle = "subject", "direction"
    sections = [
        Section(_("E-mail"), ["subject", "direction", "at", "sender", "recipients", "body"]),
        Section(_("Ownership"), ["owner", "team"]),
    ]
    columns = ["subject", "direction", "sender", "recipients", "at", "owner"]
    key_facts = ["direction", "at", "sender", "recipients", "owner"]
    search = ["subject"]
    sort_by = ["updated_at"]
    exact = ["at"]


TYPES = (TaskType, CallType, MeetingType, NoteType, EmailType)
