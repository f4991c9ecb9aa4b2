"""One's own exports: where they are, the file, throwing it away. Nobody else's exist here, whoever asks."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.exports import actions
from crm.exports.models import Export, Format
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of

PAGE = 50
TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exports_of(user: User) -> Any:
    return Export.objects.filter(organization_id=user.own_organization_id, person=user).select_related("job")


def _export_or_404(user: User, pk: int) -> Export:
    export: Export | None = exports_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if export is None:
        raise Http404
    return export


@login_required
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """The newest first: ?before is the key of the last one shown. While one is being made its page asks every two seconds how far it is."""
    before = request.GET.get("before", "")
    exports = exports_of(person_of(request)).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        exports = exports.filter(pk__lt=int(before))
    page = list(exports[: PAGE + 1])
    following = page[PAGE - 1].pk if len(page) > PAGE else None
    shown = page[:PAGE]
    context = {"exports": shown, "running": any(one.is_running for one in shown), "next": following, "first": not before, "before": before}
    response = render(request, "exports/list.html#table" if request.headers.get("HX-Request") else "exports/list.html", context)
    response["Vary"] = "HX-Request"
    return response


@login_required
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, as it was made: what happened to rights since does not change it."""
    export = _export_or_404(person_of(request), pk)
    if not export.is_ready:
        raise Http404
    try:
        return as_file(export)
    except FileNotFoundError:
        toast(request, _("The file is no longer on the server. Export the list again."))
        return HttpResponseRedirect(export.get_absolute_url())


def as_file(export: Export) -> FileResponse:
    """Raises FileNotFoundError."""
    response = FileResponse(
        export.path.open("rb"), as_attachment=True, filename=export.file_name, content_type=TYPES[Format(export.format)]
    )
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """The file and its line."""
    user = person_of(request)
    export = _export_or_404(user, pk)
    try:
        actions.delete_export(export, by=user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    else:
        toast(request, _("Export deleted"))
    return HttpResponseRedirect(export.get_absolute_url())
