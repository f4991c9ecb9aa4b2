"""Imports: /imports/…"""

from django.urls import path

from crm.imports.views import runs, wizard

import_urls = [
    path("", runs.import_list, name="import-list"),
    path("new/", wizard.upload, name="import-new"),
    path("<int:pk>/", runs.detail, name="import-detail"),
    path("<int:pk>/columns/", wizard.columns, name="import-columns"),
    path("<int:pk>/match/", wizard.match, name="import-match"),
    path("<int:pk>/choices/<int:column>/", wizard.choices, name="import-choices"),
    path("<int:pk>/commit/", runs.commit, name="import-commit"),
    path("<int:pk>/undo/", runs.undo, name="import-undo"),
    path("<int:pk>/discard/", runs.discard, name="import-discard"),
    path("<int:pk>/refused.csv", runs.refused, name="import-refused"),
]
