from django.urls import path

from crm.runtime.health import healthz

urlpatterns = [path("healthz", healthz)]
