from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "crm.views"
    label = "views"
