"""Inline edit: one field of one record in its cell, with undo, and both values to choose from when somebody was quicker."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.access.decisions import may
from crm.fields.fields import Field
from crm.fields.record_types import RecordType
from crm.records.actions import Conflict, FieldNotEditable, update_record
from crm.records.history import entries_of
from crm.ui.tables import Column, cell_content
from crm.ui.toasts import toast, toast_now
from crm.ui.values import Viewer
from crm.users.models import User
from crm.views.editing import gone_text
from crm.views.forms import RecordForm, record_form
from crm.views.history import value_of_log
from crm.views.loading import get_permitted_or_404, person_of, record_type_or_404

PLACES = ("owner", "team")
"""The fields by which a person may lose sight of a record."""


@login_required
@require_http_methods(["GET", "POST"])
def edit_cell(request: HttpRequest, record_type: str, pk: int, field: str) -> HttpResponse:
    """GET gives the editor, or with `show` the value; POST saves. 422 keeps the editor, 409 shows both values."""
    kind, user = record_type_or_404(record_type), person_of(request)
    found = kind.fields.get(field)
    if found is None or found.is_beyond:
        raise Http404
    record = get_permitted_or_404(kind.objects(), user, "change", pk)
    if not found.editable_by(user):
        raise FieldNotEditable([str(found.label)])
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{kind.list_url}{pk}/edit/#id_{field}")
    if request.method == "POST":
        return _save(request, kind, record, found, user)
    if "show" in request.GET:
        return _with_head(_shown(kind, record, found, user), request, kind, record, found, user)
    return _editor(request, kind, record, found, _form(kind, found, record, user))


@login_required
@require_POST
def undo_cell(request: HttpRequest, record_type: str, pk: int, field: str, entry: int) -> HttpResponse:
    """Write back what the field was before one change, unless somebody changed it since."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_permitted_or_404(kind.objects(), user, "change", pk)
    found, logged = kind.fields.get(field), entries_of(record).filter(pk=entry).first()
    if found is None or logged is None or field not in (logged.changes or {}):
        raise Http404
    version = request.GET.get("version", "")
    try:
        value = value_of_log(found, logged.changes[field][0], user)
        seen = int(version) if version.isdecimal() and len(version) < 9 else None
        update_record(record, by=user, version=seen, verb=f"{kind.key}.undone", **{field: value})
    except Conflict as conflict:
        toast(request, _("Not undone: %(reason)s") % {"reason": conflict})
    except (ValidationError, PermissionDenied) as error:
        toast(request, _("Not undone: %(reason)s") % {"reason": " ".join(getattr(error, "messages", [str(error)]))})
    else:
        toast(request, _("%(field)s set back") % {"field": capfirst(str(found.label))})
    return HttpResponseRedirect(_safe_next(request, record.get_absolute_url()))


def _form(kind: RecordType, field: Field, record: Any, user: User, data: Any = None) -> RecordForm:
    return record_form(kind, user, [field.key])(data, user=user, instance=record, auto_id=f"cell-{record.pk}-%s")


def _save(request: HttpRequest, kind: RecordType, record: Any, field: Field, user: User) -> HttpResponse:
    form = _form(kind, field, record, user, request.POST)
    if not form.is_valid():
        form.status = 422
        return _editor(request, kind, record, field, form)
    before = record.version
    version = form.cleaned_data.get("version")
    saved = form.apply(lambda: update_record(record, by=user, version=version, **form.wanted()))
    if saved is None:
        return _conflict(request, kind, record, field, form, user) if form.conflict else _editor(request, kind, record, field, form)
    response = _shown(kind, saved, field, user)
    if saved.version == before:
        return response
    if field.key in PLACES and not may(user, "change", saved):
        seen = may(user, "view", saved)
        toast_now(response, _("%(field)s saved") % {"field": capfirst(str(field.label))} if seen else gone_text(saved))
        return response
    toast_now(response, _("%(field)s saved") % {"field": capfirst(str(field.label))}, undo=_undo_url(kind, saved, field))
    return _with_head(response, request, kind, saved, field, user)


def _with_head(response: HttpResponse, request: HttpRequest, kind: RecordType, record: Any, field: Field, user: User) -> HttpResponse:
    """On the record's own page the value stands in the head, too: it is put there beside the answer for the cell."""
    if urlsplit(request.headers.get("HX-Current-URL", "")).path != record.get_absolute_url():
        return response
    keys = [key for key in dict.fromkeys([field.key, kind.subtitle]) if key in kind.fields]
    viewer = Viewer(user, kind, [record], [kind.fields[key] for key in keys])
    shown = {one.key: viewer.show(one, record) for one in viewer.fields}
    context = {
        "record": record,
        "fact": field.key if field.key in kind.key_facts else "",
        "badge": field.key == kind.badge,
        "shown": shown[field.key],
        "subtitle": shown.get(kind.subtitle),
    }
    response.write(render_to_string("records/head_parts.html", context, request))
    return response


def _undo_url(kind: RecordType, record: Any, field: Field) -> str:
    entry = entries_of(record).values_list("pk", flat=True).first()
    return f"{reverse(f'{kind.key}-cell-undo', args=[record.pk, field.key, entry])}?version={record.version}"


def _editor(request: HttpRequest, kind: RecordType, record: Any, field: Field, form: RecordForm) -> HttpResponse:
    context = {"form": form, "bound": form[field.key], "field": field, "record": record, "url": _url(kind, record, field)}
    return render(request, "records/list/cell_editor.html", context, status=form.status)


def _conflict(request: HttpRequest, kind: RecordType, record: Any, field: Field, form: RecordForm, user: User) -> HttpResponse:
    """Both values in the place of the cell; nothing has been written."""
    record.refresh_from_db()
    viewer = Viewer(user, kind, [record], [field])
    theirs = viewer.show(field, record)
    mine = form.cleaned_data.get(field.key)
    context = {
        "record": record,
        "field": field,
        "url": _url(kind, record, field),
        "theirs": theirs,
        "mine": field.label_of(mine),
        "sent": request.POST.getlist(field.key),
    }
    return render(request, "records/list/cell_conflict.html", context, status=409)


def _shown(kind: RecordType, record: Any, field: Field, user: User) -> HttpResponse:
    """The content of the cell, as its list or its record page shows it."""
    viewer = Viewer(user, kind, [record], [field])
    column = Column(field, capfirst(str(field.label)), "", editable=True)
    return HttpResponse(cell_content(column, viewer.show(field, record), f"{kind.list_url}{record.pk}/"))


def _url(kind: RecordType, record: Any, field: Field) -> str:
    return reverse(f"{kind.key}-cell", args=[record.pk, field.key])


def _safe_next(request: HttpRequest, usual: str) -> str:
    address = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else usual
