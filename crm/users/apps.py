from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "crm.users"
    label = "users"

    def ready(self) -> None:
        from crm.users import sign_ins  # noqa: F401, PLC0415  # subscribes to the sign-in library
