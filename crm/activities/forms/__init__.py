"""The forms of activities: what was said or is to be done, in as few fields as a person fills in. For the composer and for editing."""

from crm.activities.forms.base import ComposerForm
from crm.activities.forms.meetings import MeetingForm
from crm.activities.forms.tasks import TaskForm
from crm.activities.forms.written import CallForm, EmailForm, NoteForm

FORMS: dict[str, type[ComposerForm]] = {form.kind.value: form for form in (NoteForm, EmailForm, CallForm, TaskForm, MeetingForm)}

__all__ = ["FORMS", "ComposerForm", "TaskForm"]
