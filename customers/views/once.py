"""One form on a page of its own, beside a record: filled in, checked, saved once, back to the record."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from crm.ui.toasts import toast
from crm.views.once import already_done, remember
from customers.forms.once import OnceForm

Action = Callable[[dict[str, Any]], Any]


def answer(request: HttpRequest, form: OnceForm, action: Action, *, back: str, done: str, page: dict[str, Any]) -> HttpResponse:
    """Show the form, or run the action with its values and go `back`, saying `done`. A repeated submission goes back and does nothing.

    `page` is for templates/customers/beside.html: title, submit, record.
    """
    if request.method == "POST":
        if already_done(request):
            return HttpResponseRedirect(back)
        if form.apply(action):
            remember(request, back)
            toast(request, done)
            return HttpResponseRedirect(back)
    context = {"form": form, "back": back, **page}
    return render(request, "customers/beside.html", context, status=422 if form.is_bound else 200)
