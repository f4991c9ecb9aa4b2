from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulkConfig(AppConfig):
    name = "crm.bulk"
    label = "bulk"
    verbose_name = _("Many at once")

    def ready(self) -> None:
        from crm.bulk import jobs, navigation, wording  # noqa: F401, PLC0415  # they register jobs, buttons and words
