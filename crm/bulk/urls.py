"""Changes of many: /bulk/…"""

from django.urls import path

from crm.bulk import views

bulk_urls = [
    path("", views.change_list, name="bulk-list"),
    path("new/<slug:record_type>/<slug:kind>/", views.new, name="bulk-new"),
    path("<int:pk>/", views.detail, name="bulk-detail"),
    path("<int:pk>/run/", views.run, name="bulk-run"),
    path("<int:pk>/undo/", views.undo, name="bulk-undo"),
    path("<int:pk>/discard/", views.discard, name="bulk-discard"),
]
