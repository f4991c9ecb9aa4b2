from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "crm.search"
    label = "search"

    def ready(self) -> None:
        from crm.search import handlers  # noqa: F401, PLC0415  # subscribes
