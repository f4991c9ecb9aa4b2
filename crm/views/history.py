"""The change history of a record, and restoring one value from it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access.decisions import may
from crm.fields.fields import Field
from crm.fields.kinds import RELATED, Kind
from crm.records.actions import update_record
from crm.records.history import entries_of, history_of
from crm.records.values import ValueContext, clean_value
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import get_permitted_or_404, get_visible_or_404, person_of, record_type_or_404

SIZE = 50


@login_required
def history(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Who changed what, from what, when; 50 changes a page, the newest first."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_visible_or_404(kind.objects(), user, pk)
    before = request.GET.get("before", "")
    entries = list(history_of(record, user, size=SIZE + 1, before=int(before) if before.isdecimal() and len(before) < 19 else None))
    context = {
        "record": record,
        "record_type": kind,
        "entries": entries[:SIZE],
        "next": entries[SIZE - 1].pk if len(entries) > SIZE else None,
        "may_change": may(user, "change", record),
    }
    return render(request, "records/history.html", context)


@login_required
@require_POST
def restore_value(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Set one field back to what it was before one change."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_permitted_or_404(kind.objects(), user, "change", pk)
    field = kind.fields.get(request.POST.get("field", ""))
    number = request.POST.get("entry", "")
    entry = entries_of(record).filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if field is None or entry is None or field.key not in (entry.changes or {}):
        raise Http404
    try:
        update_record(
            record, by=user, verb=f"{kind.key}.value_restored", **{field.key: value_of_log(field, entry.changes[field.key][0], user)}
        )
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    else:
        toast(request, _("%(field)s restored") % {"field": capfirst(str(field.label))})
    return HttpResponseRedirect(reverse("record-history", args=[kind.key, pk]))


def value_of_log(field: Field, logged: Any, user: User) -> Any:
    """What the log kept, as the action wants it. Related records are looked up again, within the person's sight."""
    if field.kind == Kind.TAGS:
        pks = [item["id"] for item in logged or []]
        return list(field.column.remote_field.model.objects.filter(organization_id=user.organization_id, pk__in=pks))  # type: ignore[union-attr]
    if field.kind == Kind.PERSON and field.custom is not None:
        return User.objects.of_organization(user.organization_id).filter(pk=logged["id"]).first() if logged else None
    if field.kind in RELATED:
        return _related(field, logged, user) if logged else None
    return clean_value(field, logged, ValueContext(user.organization))  # type: ignore[arg-type]


def _related(field: Field, logged: dict[str, Any], user: User) -> Any:
    model: Any = field.column.remote_field.model  # type: ignore[union-attr]  # related fields are foreign keys
    rows = model.objects.visible_to(user) if field.kind == Kind.REFERENCE else model.objects.filter(organization_id=user.organization_id)
    found = rows.filter(pk=logged["id"]).first()
    if found is None:
        raise ValidationError(_("“%(name)s” is gone or not visible to you, so it cannot be restored."), params={"name": logged["name"]})
    return found
