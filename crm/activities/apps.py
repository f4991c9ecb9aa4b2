from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "crm.activities"
    label = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        from crm.activities import handlers, home, navigation, reminders  # noqa: F401, PLC0415  # models are loaded only now
        from crm.activities.records import TYPES  # noqa: PLC0415
        from crm.fields.record_types import record_types  # noqa: PLC0415

        record_types.register(*TYPES)
