from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "crm.setup"
    label = "setup"

    def ready(self) -> None:
        from crm.setup import first_steps, handlers, home, jobs, navigation  # noqa: F401, PLC0415  # models are loaded only now
