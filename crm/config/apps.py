from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "crm.config"
    label = "config"
