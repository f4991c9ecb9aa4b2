from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "crm.config"
    label = "config"

    def ready(self) -> None:
        from crm.lib.form_words import say_how_to_mend  # noqa: PLC0415  # forms need the settings

        say_how_to_mend()
