from django.urls import path

from crm.ui import views

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("offline/", views.offline, name="offline"),
]
