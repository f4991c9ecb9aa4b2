"""Activities in the workshop, one table for each kind."""

from typing import Any

from django.http import HttpRequest

from crm.activities.actions.mentions import tell_mentioned_later
from crm.activities.models import ActivityLink, CalendarFeed, Call, Email, Meeting, Note, Task
from crm.admin.base import TenantAdmin
from crm.admin.records import RecordAdmin
from crm.admin.site import site
from crm.views.forms import RecordForm
from crm.views.loading import person_of


class NoteAdmin(RecordAdmin):
    def change(self, request: HttpRequest, obj: Any, form: RecordForm) -> Any:
        """People who are named in the new words are told, as from its page."""
        note = super().change(request, obj, form)
        if "body" in form.wanted():
            tell_mentioned_later(note, by=person_of(request))
        return note


class ActivityLinkAdmin(TenantAdmin):
    """What an activity hangs on; made and taken away on its page."""

    icon = "link"
    list_display = ("activity", "kind", "record_type", "record_id", "at")
    list_select_related = ("activity",)
    facts_of = ("activity", "kind", "record_type", "record_id", "at", "actor", "is_open")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(activity__deleted_at=None)


class CalendarFeedAdmin(TenantAdmin):
    """Who has a calendar address; made and revoked by that person alone."""

    icon = "calendar"
    list_display = ("person", "with_tasks", "created_at", "last_read_at")
    list_select_related = ("person",)
    facts_of = ("person", "with_tasks", "created_at", "last_read_at")


for model in (Task, Call, Meeting, Email):
    site.register(model, RecordAdmin)
site.register(Note, NoteAdmin)
site.register(ActivityLink, ActivityLinkAdmin)
site.register(CalendarFeed, CalendarFeedAdmin)
