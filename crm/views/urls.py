"""What hangs on every record, whatever its type."""

from django.urls import path

from crm.views.deleting import delete, purge, recycle_bin, restore
from crm.views.history import history, restore_value
from crm.views.jobs import job_cancel, job_detail, job_list
from crm.views.saved_views import saved_views
from crm.views.search import search
from crm.views.sharing import share, why
from crm.views.suggest import suggest

urlpatterns = [
    path("jobs/", job_list, name="job-list"),
    path("jobs/<int:pk>/", job_detail, name="job-detail"),
    path("jobs/<int:pk>/cancel/", job_cancel, name="job-cancel"),
    path("search/", search, name="search"),
    path("recycle-bin/", recycle_bin, name="recycle-bin"),
    path("records/<slug:record_type>/views/", saved_views, name="saved-views"),
    path("records/<slug:record_type>/suggest/", suggest, name="record-suggest"),
    path("records/<slug:record_type>/<int:pk>/delete/", delete, name="record-delete"),
    path("records/<slug:record_type>/<int:pk>/restore/", restore, name="record-restore"),
    path("records/<slug:record_type>/<int:pk>/purge/", purge, name="record-purge"),
    path("records/<slug:record_type>/<int:pk>/share/", share, name="record-share"),
    path("records/<slug:record_type>/<int:pk>/why/", why, name="record-why"),
    path("records/<slug:record_type>/<int:pk>/history/", history, name="record-history"),
    path("records/<slug:record_type>/<int:pk>/history/restore/", restore_value, name="record-restore-value"),
]
