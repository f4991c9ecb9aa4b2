"""Exports: /exports/…"""

from django.urls import path

from crm.exports.views import asking, having

export_urls = [
    path("", having.export_list, name="export-list"),
    path("new/<slug:record_type>/", asking.new_export, name="export-new"),
    path("<int:pk>/download/", having.download, name="export-download"),
    path("<int:pk>/delete/", having.delete, name="export-delete"),
]
