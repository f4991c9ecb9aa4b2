from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "crm.ui"
    label = "ui"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from crm.ui.checks import check_navigation  # noqa: PLC0415 (needs the models)

        autodiscover_modules("navigation")
        register(check_navigation)
