from django.apps import AppConfig


class QueryConfig(AppConfig):
    name = "crm.query"
    label = "query"
