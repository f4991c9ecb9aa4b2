"""What hangs on a record page: the timeline's fragments, the composer's answers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.access.decisions import NotPermitted, may_create
from crm.activities.actions import mentions_in
from crm.activities.choices import Kind
from crm.activities.composer import composer_context, panel_context, timeline_context
from crm.activities.forms import FORMS, ComposerForm
from crm.activities.hanging import participants_of
from crm.activities.models import KINDS
from crm.ui.toasts import toast, toast_now
from crm.users.models import User
from crm.views.loading import get_visible_or_404, person_of, record_type_or_404


@login_required
@require_GET
def timeline(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """The timeline under a filter, or only the entries of its next page."""
    record = _record(request, record_type, pk)
    part = next((f"#{name}" for key, name in (("after", "days"), ("coming", "upcoming")) if request.GET.get(key)), "")
    template = f"activities/timeline.html{part}"
    return render(request, template, timeline_context(request, record))


@login_required
@require_POST
def write(request: HttpRequest, record_type: str, pk: int, kind: str) -> HttpResponse:
    """One entry from the composer. Sent twice, it is written once."""
    user, record = person_of(request), _record(request, record_type, pk)
    if kind not in FORMS or record_type in Kind.values:
        raise Http404
    if not may_create(user, KINDS[kind]):
        raise NotPermitted(user, "create", record_type=kind)
    participants = participants_of(record, user)
    form = FORMS[kind](request.POST, user=user, participants=participants)
    if not saved(form, [record], request.POST.get("token", "")):
        return _again(request, record, form)
    text = _said(form, record, user)
    if request.headers.get("HX-Request"):
        context = {**timeline_context(request, record), **panel_context(record, FORMS[kind](user=user, participants=participants))}
        response = render(request, "activities/written.html", context)
        toast_now(response, text)
        return response
    toast(request, text)
    return HttpResponseRedirect(record.get_absolute_url())


def _record(request: HttpRequest, record_type: str, pk: int) -> Any:
    return get_visible_or_404(record_type_or_404(record_type).objects(), person_of(request), pk)


def saved(form: ComposerForm, records: list[Any], token: str) -> Any:
    """What the form made on the records; None where it has to be mended first."""
    if not form.is_valid():
        return None
    try:
        return form.carry_out(records, token)
    except ValidationError as error:
        add_errors(form, error)
        return None


def add_errors(form: ComposerForm, error: ValidationError) -> None:
    """What an action refused, beside the fields that it is about."""
    for key, messages in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        names = [name for name in (*form.sources.get(key, ()), key) if name in form.fields]
        form.add_error(names[0] if names else None, ValidationError(list(messages)))


def _again(request: HttpRequest, record: Any, form: ComposerForm) -> HttpResponse:
    """What was typed, and what to mend: for a script the tab alone, else the whole composer."""
    token = request.POST.get("token", "")
    if request.headers.get("HX-Request"):
        return render(request, "activities/composer_panel.html", panel_context(record, form, token), status=422)
    return render(request, "activities/compose.html", composer_context(request, record, bound=form, token=token), status=422)


def _said(form: ComposerForm, record: Any, user: User) -> str:
    """What the toast says; of a note also who was not told of it."""
    blind = mentions_in(form.cleaned_data.get("body", ""), record, user).blind if form.kind == Kind.NOTE else []
    if not blind:
        return str(form.said)
    names = ", ".join(str(person) for person in blind)
    return _("Note added. Not told, because the record is not visible to them: %(names)s") % {"names": names}
