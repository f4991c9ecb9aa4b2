"""The recycle bin: putting a record in, taking it out, looking what is there, and for administrators emptying it for ever."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.fields.record_types import record_types
from crm.records.actions import delete_record, may_purge, purge_record, restore_record
from crm.ui.toasts import toast
from crm.users.models import Reach
from crm.views.loading import get_permitted_or_404, get_visible_or_404, person_of, record_type_or_404


@login_required
@require_POST
def delete(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Into the recycle bin, with a toast that takes it back. A second submission finds it gone: 404."""
    kind = record_type_or_404(record_type)
    record = get_permitted_or_404(kind.objects(), person_of(request), "delete", pk)
    delete_record(record, by=person_of(request))
    toast(request, _("%(name)s deleted") % {"name": record}, undo=reverse("record-restore", args=[kind.key, pk]))
    return HttpResponseRedirect(kind.list_url)


@login_required
@require_POST
def restore(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Out of the recycle bin."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = kind.objects().in_recycle_bin_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if record is None:
        return HttpResponseRedirect(get_visible_or_404(kind.objects(), user, pk).get_absolute_url())
    try:
        restore_record(record, by=user)
    except ValidationError as error:
        toast(request, _("%(name)s stays in the recycle bin. %(why)s") % {"name": record, "why": " ".join(error.messages)})
        return HttpResponseRedirect(f"{reverse('recycle-bin')}?type={kind.key}")
    toast(request, _("%(name)s restored") % {"name": record})
    return HttpResponseRedirect(record.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def purge(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """For ever: GET asks, POST does it. Only what the person could restore is found."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = kind.objects().in_recycle_bin_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if record is None:
        raise Http404
    bin_url = f"{reverse('recycle-bin')}?type={kind.key}"
    if not may_purge(user, record):
        raise PermissionDenied(_("Only administrators purge records, and only what lies in the recycle bin."))
    if request.method == "GET":
        return render(request, "records/purge.html", {"record": record, "record_type": kind, "bin_url": bin_url})
    try:
        purge_record(record, by=user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    else:
        toast(request, _("%(name)s purged") % {"name": record})
    return HttpResponseRedirect(bin_url)


@login_required
def recycle_bin(request: HttpRequest) -> HttpResponse:
    """What the person may restore, by record type, the newest first."""
    user = person_of(request)
    kinds = [kind for kind in record_types if kind.reach(user, "view") != Reach.NONE]
    chosen = next((kind for kind in kinds if kind.key == request.GET.get("type")), kinds[0] if kinds else None)
    if chosen is None:
        raise Http404
    deleted = chosen.objects().in_recycle_bin_of(user).select_related("deleted_by", "owner").order_by("-deleted_at")
    page = Paginator(deleted, 50).get_page(request.GET.get("page"))
    return render(
        request, "records/recycle_bin.html", {"kinds": kinds, "record_type": chosen, "page": page, "may_purge": user.is_administrator}
    )
