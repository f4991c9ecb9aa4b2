from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "crm.views"
    label = "views"

    def ready(self) -> None:
        from crm.views import home, navigation  # noqa: F401, PLC0415  # models are loaded only now
