from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "crm.users"
    label = "users"
    verbose_name = _("People")

    def ready(self) -> None:
        from crm.users import sign_ins  # noqa: F401, PLC0415  # subscribes to the sign-in library
