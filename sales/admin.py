"""Sales in the workshop."""

from typing import Any, ClassVar

from crm.admin.base import TenantAdmin
from crm.admin.records import RecordAdmin
from crm.admin.site import site
from sales.models import Opportunity, OpportunityContact, Pipeline, Stage, StageChange


class PipelineAdmin(TenantAdmin):
    icon = "layout-kanban"
    ordering: ClassVar[Any] = ("position", "pk")
    list_display = ("name", "position", "is_default")
    facts_of = ("name", "position", "is_default")


class StageAdmin(TenantAdmin):
    icon = "layout-kanban"
    ordering: ClassVar[Any] = ("pipeline", "position")
    list_display = ("name", "pipeline", "position", "kind", "probability", "forecast_category", "expected_days")
    facts_of = ("name", "pipeline", "position", "kind", "probability", "forecast_category", "expected_days", "required_fields")


class StageChangeAdmin(TenantAdmin):
    icon = "history"
    list_display = ("opportunity", "before", "stage", "at", "by", "stayed")
    facts_of = ("opportunity", "before", "stage", "at", "by", "stayed")


class OpportunityContactAdmin(TenantAdmin):
    icon = "address-book"
    list_display = ("opportunity", "contact", "role")
    facts_of = ("opportunity", "contact", "role")


site.register(Opportunity, RecordAdmin)
site.register(Pipeline, PipelineAdmin)
site.register(Stage, StageAdmin)
site.register(StageChange, StageChangeAdmin)
site.register(OpportunityContact, OpportunityContactAdmin)
