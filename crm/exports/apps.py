from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "crm.exports"
    label = "exports"

    def ready(self) -> None:
        from crm.exports import running, wording  # noqa: F401, PLC0415  # they register the job and its notification
