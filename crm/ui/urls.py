from django.urls import path

from crm.ui import views

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("sessions/<int:pk>/end/", views.end_session, name="end-session"),
    path("offline/", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service-worker"),
]
