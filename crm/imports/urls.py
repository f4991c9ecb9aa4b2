"""Imports: /imports/…"""

from django.urls import path

from crm.imports.views import runs

import_urls = [
    path("<int:pk>/", runs.detail, name="import-detail"),
]
