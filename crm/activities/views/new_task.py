"""A new task from anywhere: in the dialog, or on a page of its own."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from crm.access.decisions import NotPermitted, may_create
from crm.activities.actions import create_task
from crm.activities.forms import TaskForm, first_values
from crm.activities.models import Task
from crm.activities.views.records import safe
from crm.fields.record_types import record_types
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import get_visible_or_404, person_of
from crm.views.once import form_token


class NewTask(LoginRequiredMixin, View):
    """`?on=customer:12` hangs it on a record. Sent twice, one task is made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = self._permitted(request)
        known = {key: request.GET[key][:200] for key in ("subject",) if key in request.GET}
        return self._answer(request, TaskForm(user=user, initial={**first_values("task"), **known}), form_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        user, token = self._permitted(request), request.POST.get("token", "")
        form, record = TaskForm(request.POST, user=user), self._record(request)
        if not form.is_valid():
            return self._answer(request, form, token, 422)
        try:
            task = create_task([record] if record else [], by=user, token=token, **form.values())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self._answer(request, form, token, 422)
        toast(request, _("Task created"))
        return self._done(request, task)

    def _answer(self, request: HttpRequest, form: TaskForm, token: str, status: int = 200) -> HttpResponse:
        dialog = request.headers.get("HX-Target") == "modal"
        template = "activities/task_dialog.html" if dialog else "activities/task_form.html"
        context = {"form": form, "token": token, "on": request.GET.get("on", ""), "record": self._record(request)}
        return render(request, template, context, status=status)

    def _done(self, request: HttpRequest, task: Task) -> HttpResponse:
        if request.headers.get("HX-Target") == "modal":
            address = safe(request, request.headers.get("HX-Current-URL", ""), task.get_absolute_url())
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(task.get_absolute_url())

    def _record(self, request: HttpRequest) -> Any:
        """What the task is about, "" for nothing in particular. Http404 when the person does not see it."""
        key, _colon, number = request.GET.get("on", "").partition(":")
        if key not in record_types or not number.isdigit() or len(number) > 18:
            return None
        return get_visible_or_404(record_types[key].objects(), person_of(request), int(number))

    def _permitted(self, request: HttpRequest) -> User:
        user = person_of(request)
        if not may_create(user, Task):
            raise NotPermitted(user, "create", record_type="task")
        return user
