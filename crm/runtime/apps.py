from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "crm.runtime"
    label = "runtime"
