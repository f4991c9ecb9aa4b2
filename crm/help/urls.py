from django.urls import path

from crm.help import views

help_urls = [
    path("", views.contents, name="help"),
    path("images/<str:name>", views.image, name="help-image"),
    path("<slug:area>/<slug:name>/", views.page, name="help-page"),
]
