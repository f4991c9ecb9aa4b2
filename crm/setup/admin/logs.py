"""What happened, to read: changes, events, sign-ins, jobs; and saved views, which administrators drop."""

from typing import Any, ClassVar

from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.admin.attempts import in_words
from crm.admin.base import Fact, TenantAdmin, Tool, Verb
from crm.admin.filters import OwnFilter
from crm.admin.site import site
from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.fields.record_types import record_types
from crm.jobs.actions import cancel_job
from crm.jobs.models import Job, State
from crm.query.actions import delete_view, is_kept_by
from crm.query.models import SavedView
from crm.setup.changes import in_words as line_of
from crm.users.models import Outcome, SignIn, User
from crm.views.loading import person_of


class LogEntryAdmin(TenantAdmin):
    """Which fields of a record changed, by name; from what to what stands in the record's history, under the role's field access."""

    icon = "history"
    ordering: ClassVar[Any] = ("-timestamp",)
    list_display = ("timestamp", "actor", "verb", "object_repr", "what")
    list_select_related = ("actor", "content_type")
    facts_of = ("timestamp", "actor", "actor_email", "verb", "object_repr", "job_id")

    @display(description=gettext_lazy("Fields"))
    def what(self, entry: LogEntry) -> str:
        kind = record_types.get(entry.content_type.model)
        fields = kind.fields if kind else {}
        return ", ".join(capfirst(str(fields[key].label)) if key in fields else key for key in (entry.changes or {}))

    def facts(self, obj: Any, user: User) -> list[Fact]:
        told = [] if obj.content_type.model in record_types else line_of(obj).changes
        changes = [Fact(what, f"{old} → {new}") for what, old, new in told]
        return [*super().facts(obj, user), Fact(_("Fields"), in_words(self.what(obj))), *changes]

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return []


class EventAdmin(TenantAdmin):
    icon = "bolt"
    list_display = ("at", "kind", "record_type", "record_id", "actor")
    list_select_related = ("actor",)
    facts_of = ("at", "kind", "record_type", "record_id", "actor")

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return []


class OutcomeFilter(OwnFilter):
    title, parameter_name = gettext_lazy("outcome"), "outcome"

    def choices_for(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Outcome.choices]


class SignInAdmin(TenantAdmin):
    icon = "login"
    ordering: ClassVar[Any] = ("-at",)
    list_display = ("at", "user", "outcome", "address", "agent")
    list_select_related = ("user",)
    list_filter = (OutcomeFilter,)
    facts_of = ("at", "user", "email", "outcome", "address", "agent")

    def get_queryset(self, request: HttpRequest) -> Any:
        return SignIn.objects.of_organization(person_of(request).organization_id).order_by(*self.ordering)

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return []


class StateFilter(OwnFilter):
    title, parameter_name = gettext_lazy("state"), "state"

    def choices_for(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in State.choices]


class JobAdmin(TenantAdmin):
    icon = "hourglass"
    list_display = ("title", "kind", "person", "state", "done", "total", "created_at", "finished_at")
    list_select_related = ("person",)
    list_filter = (StateFilter,)
    facts_of = ("title", "kind", "person", "state", "done", "total", "error", "created_at", "started_at", "finished_at")
    verbs = (Verb("cancel", gettext_lazy("Cancel"), lambda job, by: cancel_job(job), lambda job: job.may_be_cancelled),)

    def tools(self, obj: Any, user: User) -> list[Tool]:
        page = [] if user.is_superuser else [Tool(_("Open the page"), obj.get_absolute_url(), "external-link")]
        return [*page, *super().tools(obj, user)]


class SavedViewAdmin(TenantAdmin):
    """What is for others; people's own views are their own."""

    icon = "list"
    removes = True
    list_display = ("name", "record_type", "owner", "audience", "updated_at")
    list_select_related = ("owner",)
    facts_of = ("name", "owner", "audience", "updated_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(audience="me")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request) and (obj is None or is_kept_by(obj, person_of(request)))

    def remove(self, obj: Any, by: User) -> None:
        delete_view(obj, by=by)


site.register(LogEntry, LogEntryAdmin)
site.register(Event, EventAdmin)
site.register(SignIn, SignInAdmin)
site.register(Job, JobAdmin)
site.register(SavedView, SavedViewAdmin)
