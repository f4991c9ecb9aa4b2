from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "crm.bulk"
    label = "bulk"

    def ready(self) -> None:
        from crm.bulk import jobs, navigation, wording  # noqa: F401, PLC0415  # they register jobs, buttons and words
