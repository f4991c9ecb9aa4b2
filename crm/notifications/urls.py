from django.urls import path

from crm.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notification-list"),
    path("notifications/bell/", views.bell, name="notification-bell"),
    path("notifications/read/", views.read_all, name="notification-read-all"),
    path("notifications/<int:pk>/", views.open_one, name="notification-open"),
    path("notifications/<int:pk>/read/", views.read, name="notification-read"),
    path("notifications/unread/<int:at>/", views.unread, name="notification-unread"),
    path("notifications/preferences/", views.preferences, name="notification-preferences"),
    path("notifications/uncertain/", views.uncertain, name="notification-uncertain"),
    path("notifications/uncertain/<int:pk>/", views.settle, name="notification-settle"),
    path("records/<slug:record_type>/<int:pk>/follow/", views.follow_record, name="record-follow"),
]
