from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from crm.fields.record_types import record_types  # noqa: PLC0415  # models are loaded only now
        from crm.users import beginnings  # noqa: PLC0415
        from sales import navigation  # noqa: F401, PLC0415
        from sales.actions import begin_pipelines  # noqa: PLC0415
        from sales.records import OpportunityType  # noqa: PLC0415

        record_types.register(OpportunityType)
        beginnings.register(begin_pipelines)
