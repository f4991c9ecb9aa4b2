from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "crm.notifications"
    label = "notifications"

    def ready(self) -> None:
        from crm.notifications import handlers, mails  # noqa: F401, PLC0415  # they subscribe; models are loaded only now
