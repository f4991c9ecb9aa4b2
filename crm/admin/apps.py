from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "crm.admin"
    label = "workshop"
