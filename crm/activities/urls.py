"""The table of contents of activities, the timeline and My day."""

from django.urls import path

from crm.activities.views import records as views
from crm.activities.views.calendar import calendar, meeting_file, own_calendar
from crm.activities.views.home import home
from crm.activities.views.people import colleagues, mentionable
from crm.activities.views.timeline import timeline, write
from crm.activities.views.writing import EditActivity, NewActivity

urlpatterns = [
    path("", home, name="home"),
    path("records/<slug:record_type>/<int:pk>/timeline/", timeline, name="record-timeline"),
    path("records/<slug:record_type>/<int:pk>/activities/<slug:kind>/", write, name="activity-write"),
    path("colleagues/suggest/", colleagues, name="colleague-suggest"),
    path("records/<slug:record_type>/<int:pk>/mentions/", mentionable, name="mention-suggest"),
    path("activities/<int:pk>/delete/", views.delete, name="activity-delete"),
    path("activities/<int:pk>/restore/", views.restore, name="activity-restore"),
    path("tasks/", views.TaskList.as_view(), name="task-list"),
    path("tasks/new/", NewActivity.as_view(kind="task"), name="task-create"),
    path("tasks/<int:pk>/", views.TaskDetail.as_view(), name="task-detail"),
    path("tasks/<int:pk>/edit/", EditActivity.as_view(kind="task"), name="task-update"),
    path("tasks/<int:pk>/complete/", views.complete, name="task-complete"),
    path("tasks/<int:pk>/reopen/", views.reopen, name="task-reopen"),
    path("tasks/<int:pk>/snooze/", views.snooze, name="task-snooze"),
    path("calls/", views.CallList.as_view(), name="call-list"),
    path("calls/new/", NewActivity.as_view(kind="call"), name="call-create"),
    path("calls/<int:pk>/", views.CallDetail.as_view(), name="call-detail"),
    path("calls/<int:pk>/edit/", EditActivity.as_view(kind="call"), name="call-update"),
    path("meetings/", views.MeetingList.as_view(), name="meeting-list"),
    path("meetings/new/", NewActivity.as_view(kind="meeting"), name="meeting-create"),
    path("meetings/<int:pk>/", views.MeetingDetail.as_view(), name="meeting-detail"),
    path("meetings/<int:pk>/calendar.ics", meeting_file, name="meeting-file"),
    path("calendar/<slug:key>.ics", calendar, name="calendar"),
    path("profile/calendar/", own_calendar, name="own-calendar"),
    path("meetings/<int:pk>/edit/", EditActivity.as_view(kind="meeting"), name="meeting-update"),
    path("notes/", views.NoteList.as_view(), name="note-list"),
    path("notes/new/", NewActivity.as_view(kind="note"), name="note-create"),
    path("notes/<int:pk>/", views.NoteDetail.as_view(), name="note-detail"),
    path("notes/<int:pk>/edit/", EditActivity.as_view(kind="note"), name="note-update"),
    path("emails/", views.EmailList.as_view(), name="email-list"),
    path("emails/new/", NewActivity.as_view(kind="email"), name="email-create"),
    path("emails/<int:pk>/", views.EmailDetail.as_view(), name="email-detail"),
    path("emails/<int:pk>/edit/", EditActivity.as_view(kind="email"), name="email-update"),
]
