"""Each kind of activity as a record: its list, its page, its form; deleting with a way back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.activities.actions import complete_task, reopen_task, snooze_task
from crm.activities.actions.links import about_of
from crm.activities.models import Activity, Call, Email, Meeting, Note, Task
from crm.records.actions import delete_record, restore_record
from crm.ui.toasts import toast, toast_now
from crm.users.models import User
from crm.views.details import RecordDetailView
from crm.views.lists import RecordListView
from crm.views.loading import get_permitted_or_404, person_of

LIST = "activities/list.html"


class ActivityList(RecordListView):
    """Beside the subject stands what it is about: many have the same subject."""

    template_name = LIST

    def beside(self, records: list[Any], user: User) -> dict[int, str]:
        return {pk: ", ".join(map(str, about)) for pk, about in about_of(records, user).items()}


class TaskList(ActivityList):
    model = Task
    template_name = "activities/tasks.html"


class TaskDetail(RecordDetailView):
    model = Task
    template_name = "activities/task.html"


class CallList(ActivityList):
    model = Call


class CallDetail(RecordDetailView):
    model = Call


class MeetingList(ActivityList):
    model = Meeting


class MeetingDetail(RecordDetailView):
    model = Meeting
    template_name = "activities/meeting.html"


class NoteList(ActivityList):
    model = Note


class NoteDetail(RecordDetailView):
    model = Note


class EmailList(ActivityList):
    model = Email


class EmailDetail(RecordDetailView):
    model = Email


@login_required
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, with a way back. A second press changes nothing."""
    user = person_of(request)
    task = get_permitted_or_404(Task.objects, user, "change", pk)
    following = complete_task(task, by=user)
    text = _("Task completed") if following is None else _("Task completed, the next one is due %(day)s") % {"day": _day(following.due_at)}
    return _answer(request, text, task, undo=reverse("task-reopen", args=[pk]))


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_of(request)
    task = get_permitted_or_404(Task.objects, user, "change", pk)
    reopen_task(task, by=user)
    return _answer(request, _("Task reopened"), task)


@login_required
@require_POST
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it off by the days that the button says."""
    user = person_of(request)
    task = get_permitted_or_404(Task.objects, user, "change", pk)
    days = request.POST.get("days", "1")
    snooze_task(task, days=int(days) if days.isdecimal() and len(days) < 4 else 1, by=user)
    return _answer(request, _("Task put off to %(day)s") % {"day": _day(task.due_at)}, task)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the recycle bin, with a way back to the page that it was on."""
    user = person_of(request)
    activity = get_permitted_or_404(_queryset(pk), user, "delete", pk)
    delete_record(activity, by=user)
    text = _("%(kind)s deleted") % {"kind": activity.get_kind_display()}
    return _answer(request, text, activity, undo=reverse("activity-restore", args=[pk]), gone=True)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_of(request)
    activity = _queryset(pk).in_recycle_bin_of(user).filter(pk=pk).first()
    if activity is None:
        raise Http404
    restore_record(activity, by=user)
    return _answer(request, _("%(kind)s restored") % {"kind": activity.get_kind_display()}, activity)


def _queryset(pk: int) -> Any:
    """The querysets of the activity's own kind."""
    activity = Activity.objects.filter(pk=pk).first() if pk < 2**63 else None
    if activity is None:
        raise Http404
    return type(activity).objects


def _answer(request: HttpRequest, text: str, activity: Activity, *, undo: str = "", gone: bool = False) -> HttpResponse:
    """For a script a toast and the news that something changed; for a form the page that it was on."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=200, headers={"HX-Trigger": '{"activityChanged": {}}'})
        toast_now(response, text, undo=undo)
        return response
    toast(request, text, undo=undo)
    elsewhere = reverse(f"{activity.kind}-list") if gone else activity.get_absolute_url()
    return HttpResponseRedirect(safe(request, request.POST.get("next", ""), elsewhere))


def _day(moment: Any) -> str:
    from crm.activities.reminders import local  # noqa: PLC0415  # beside its only use here

    return local(moment)


def safe(request: HttpRequest, address: str, otherwise: str) -> str:
    """The address if it is one of ours."""
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and allowed else otherwise
