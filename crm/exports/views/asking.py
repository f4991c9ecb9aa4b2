"""Asking for an export: from a list as it stands, to a file or a job."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.exports.actions import Wish, among, keys_of, start_export, ticked_words
from crm.exports.forms import ExportForm
from crm.exports.making import require_export
from crm.exports.views.having import as_file
from crm.fields.record_types import RecordType
from crm.query.models import SavedView
from crm.query.reading import is_readable
from crm.ui.toasts import toast
from crm.users.models import Reach, User
from crm.views.list_rows import Count, ListRows
from crm.views.list_state import ListState, filter_words, read_state
from crm.views.loading import person_of, record_type_or_404
from crm.views.once import already_done, form_token, remember
from crm.views.selection import selection_of


@dataclass(frozen=True)
class Asked:
    """The list that the address describes, and of its bar the ticked rows, `keys`."""

    record_type: RecordType
    state: ListState
    notices: list[str]
    user: User
    keys: tuple[int, ...] = ()

    @property
    def rows(self) -> Any:
        return among(ListRows(self.state, self.record_type, self.user).permitted("export"), Wish(keys=self.keys))

    @property
    def listed(self) -> Count:
        return Count(len(self.keys) or ListRows(self.state, self.record_type, self.user).count())


def _asked(params: QueryDict, record_type: RecordType, user: User) -> Asked:
    if "list" in params:
        chosen = selection_of(params, record_type, user)
        return Asked(record_type, chosen.state, chosen.notices, user, () if chosen.every else chosen.keys)
    views = list(SavedView.objects.offered_to(user).filter(record_type=record_type.key).select_related("owner"))
    state, notices = read_state(params, record_type, user, views)
    return Asked(record_type, state, notices, user)


@login_required
@require_http_methods(["GET", "POST"])
def new_export(request: HttpRequest, record_type: str) -> HttpResponseBase:
    """The list's query in the address says what; the form says how. A few rows come as a file at once, many by a job."""
    user, kind = person_of(request), record_type_or_404(record_type)
    require_export(kind, user)
    asked = _asked(request.GET, kind, user)
    shown, every = (keys_of(asked.state, kind, Wish(every=all_of_them), user) for all_of_them in (False, True))
    form = ExportForm(request.POST or None, shown=len(shown), every=len(every))
    if request.method == "POST" and not asked.notices and form.is_valid():
        return _started(request, asked, form.wish)
    return render(request, "exports/new.html", _page(asked, form, shown), status=422 if request.method == "POST" else 200)


def _started(request: HttpRequest, asked: Asked, wish: Wish) -> HttpResponseBase:
    done = already_done(request)
    if done is not None:
        toast(request, _("This export has been started already. Here it is."))
        return HttpResponseRedirect(done)
    export = start_export(asked.state, asked.record_type, replace(wish, keys=asked.keys), by=asked.user)
    remember(request, export.get_absolute_url())
    if export.is_ready:
        return as_file(export)
    toast(request, _("Export started. You will be told when the file is ready."))
    return HttpResponseRedirect(export.get_absolute_url())


def _page(asked: Asked, form: ExportForm, shown: list[str]) -> dict[str, Any]:
    kind, user = asked.record_type, asked.user
    fields = [kind.fields[key] for key in shown]
    count = Count(int(asked.rows.capped_count()))
    same = kind.reach(user, "export") == Reach.ALL
    return {
        "record_type": kind,
        "form": form,
        "token": form_token(),
        "count": count,
        "listed": count if same else asked.listed,
        "columns": [(capfirst(str(field.label)), is_readable(field, user)) for field in fields],
        "words": ticked_words(len(asked.keys)) if asked.keys else filter_words(asked.state, kind, user),
        "sort": asked.state.sort,
        "notices": asked.notices,
        "list_url": kind.list_url + (asked.state.query() or "?"),
        "columns_url": kind.list_url + asked.state.query(("choose", "columns")),
        "again_url": reverse("export-new", args=[kind.key]) + asked.state.query(),
    }
