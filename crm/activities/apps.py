from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "crm.activities"
    label = "activities"

    def ready(self) -> None:
        from crm.activities import handlers, navigation, reminders  # noqa: F401, PLC0415  # models are loaded only now
        from crm.activities.records import TYPES  # noqa: PLC0415
        from crm.fields.record_types import record_types  # noqa: PLC0415

        record_types.register(*TYPES)
