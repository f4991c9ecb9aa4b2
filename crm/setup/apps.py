from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "crm.setup"
    label = "setup"
