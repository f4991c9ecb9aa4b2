"""The operator's own tables, of no one organization: who signs in with which address, and what waits to be done."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.admin.base import TenantAdmin, Tool
from crm.admin.site import site
from crm.events.models import PendingEvent
from crm.jobs.models import JobLease
from crm.notifications.models import DueItem
from crm.users.models import PromisedOrganization, User
from crm.views.loading import person_of


class OperatorsTable(TenantAdmin):
    """To read, for the operator alone."""

    of_all = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person_of(request).is_superuser

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model._default_manager.order_by(*self.ordering)

    def tools(self, obj: Any, user: User) -> list[Tool]:
        return []


class EmailAddressAdmin(OperatorsTable):
    icon = "at"
    list_display = ("email", "verified", "primary", "organization")
    list_select_related = ("user__organization",)
    search_fields = ("email",)
    facts_of = ("email", "user", "verified", "primary")

    @display(description=_("Organization"))
    def organization(self, address: Any) -> str:
        return str(address.user.organization or "—")


class PendingEventAdmin(OperatorsTable):
    icon = "bolt"
    ordering: ClassVar[Any] = ("next_attempt_at",)
    list_display = ("event_id", "organization_id", "attempts", "next_attempt_at")
    facts_of = ("event_id", "organization_id", "attempts", "next_attempt_at")


class DueItemAdmin(OperatorsTable):
    icon = "alarm"
    ordering: ClassVar[Any] = ("next_attempt_at",)
    list_display = ("kind", "organization_id", "record_id", "due_at", "next_attempt_at", "attempts")
    facts_of = ("kind", "organization_id", "record_id", "due_at", "next_attempt_at", "attempts")


class JobLeaseAdmin(OperatorsTable):
    icon = "hourglass"
    ordering: ClassVar[Any] = ("wake_at",)
    list_display = ("job_id", "organization_id", "queue", "attempts", "leased_until", "wake_at")
    facts_of = ("job_id", "organization_id", "queue", "fence", "attempts", "leased_until", "wake_at")


class PromisedOrganizationAdmin(OperatorsTable):
    icon = "building-plus"
    list_display = ("name", "person", "asked_at")
    list_select_related = ("person",)
    facts_of = ("name", "person", "asked_at")


site.register(EmailAddress, EmailAddressAdmin)
site.register(PendingEvent, PendingEventAdmin)
site.register(DueItem, DueItemAdmin)
site.register(JobLease, JobLeaseAdmin)
site.register(PromisedOrganization, PromisedOrganizationAdmin)
