"""Changing many records: what is wanted, what would become of each, doing it, taking it back. One's own changes alone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.access.decisions import NotPermitted
from crm.bulk.actions import Wish, discard_change, may_change_many, plan_change, rows_in, run_change, undo_change
from crm.bulk.forms import editable_in_bulk, form_of
from crm.bulk.models import BulkChange, Kind, Stage, State
from crm.bulk.running import VERBS
from crm.ui import formats
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of, record_type_or_404
from crm.views.once import already_done, form_token, remember
from crm.views.selection import Selection, selection_of

PAGE, REASONS = 50, 20


def changes_of(user: User) -> Any:
    return BulkChange.objects.filter(organization_id=user.own_organization_id, person=user).select_related("job")


def _change_or_404(user: User, pk: int) -> BulkChange:
    change: BulkChange | None = changes_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if change is None:
        raise Http404
    return change


@login_required
@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """The newest first: ?before is the key of the last one shown."""
    before = request.GET.get("before", "")
    changes = changes_of(person_of(request)).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        changes = changes.filter(pk__lt=int(before))
    page = list(changes[: PAGE + 1])
    following = page[PAGE - 1].pk if len(page) > PAGE else None
    return render(request, "bulk/list.html", {"changes": page[:PAGE], "next": following, "first": not before})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, record_type: str, kind: str) -> HttpResponse:
    """The address says which records (`list`, `pk`, `every_match`) and which fields (`field`); the form what to make of them."""
    user, type_ = person_of(request), record_type_or_404(record_type)
    if kind not in Kind.values or (kind == Kind.TAG and not any(field.kind == "tags" for field in type_.own_fields.values())):
        raise Http404
    if not may_change_many(user, type_, kind):
        raise NotPermitted(user, VERBS[kind], record_type=type_.key)
    selection = selection_of(request.GET, type_, user)
    offered = editable_in_bulk(type_, user) if kind == Kind.EDIT else {}
    keys = [key for key in dict.fromkeys(request.GET.getlist("field")) if key in offered]
    sent = request.POST if request.method == "POST" else None
    form = form_of(kind, sent, record_type=type_, user=user, keys=keys)
    if request.method == "POST":
        done = already_done(request)
        if done is not None:
            return HttpResponseRedirect(done)
        if not selection.notices and form.is_valid() and (planned := _planned(request, selection, kind, form)):
            return planned
    context = _page(selection, kind, form) | {"offered": offered, "keys": keys, "token": request.POST.get("token") or form_token()}
    return render(request, "bulk/new.html", context, status=422 if request.method == "POST" else 200)


def _planned(request: HttpRequest, selection: Selection, kind: str, form: Any) -> HttpResponse | None:
    wish = Wish(kind, form.values, form.what, selection.words, selection.list_url)
    try:
        change = plan_change(selection.record_type, selection.rows, wish, by=selection.user)
    except ValidationError as error:
        getattr(form, "form", form).add_error(None, " ".join(error.messages))
        return None
    remember(request, change.get_absolute_url())
    return HttpResponseRedirect(change.get_absolute_url())


def _page(selection: Selection, kind: str, form: Any) -> dict[str, Any]:
    whole = selection.listed.count() if not selection.every else 0
    chosen = selection.count.total or 0
    return {
        "record_type": selection.record_type,
        "kind": Kind(kind),
        "form": getattr(form, "form", form),
        "selection": selection,
        "every_url": selection.query(every=True) if selection.keys and whole > chosen else "",
        "every_count": formats.number(whole) if whole <= 10_000 else f"{formats.number(10_000)}+",
        "fields_url": reverse("bulk-new", args=[selection.record_type.key, kind]),
    }


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What would happen, what happens, what happened; asked by its own page every two seconds while it runs."""
    user = person_of(request)
    change = _change_or_404(user, pk)
    after = request.GET.get("after", "")
    context = {"change": change, **_refused(change, user, int(after) if after.isdecimal() and len(after) < 19 else 0)}
    response = render(request, "bulk/detail.html#moving" if request.headers.get("HX-Request") else "bulk/detail.html", context)
    response["Vary"] = "HX-Request"
    return response


def _refused(change: BulkChange, user: User, after: int) -> dict[str, Any]:
    """Records that are not changed or not taken back, with the reason; named where the person still sees them."""
    state = State.KEPT if change.stage == Stage.UNDONE else State.REFUSED
    rows = list(rows_in(change, state).filter(record_id__gt=after)[: PAGE + 1]) if change.count(state) else []
    seen = change.type.objects().visible_to(user).in_bulk([row.record_id for row in rows])
    return {
        "refused": [(seen.get(row.record_id), row.reason) for row in rows[:PAGE]],
        "refused_count": change.count(state),
        "after": rows[PAGE - 1].record_id if len(rows) > PAGE else 0,
    }


def _acted(request: HttpRequest, pk: int, action: Callable[[BulkChange, User], BulkChange]) -> tuple[BulkChange, bool]:
    """The change, and whether the action was to be had: a second click finds it done."""
    user = person_of(request)
    change = _change_or_404(user, pk)
    try:
        return action(change, user), True
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return _change_or_404(user, pk), False


@login_required
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Few records are changed at once, and the list comes back with a toast that takes it back; many by a job, whose page follows."""
    change, acted = _acted(request, pk, lambda change, user: run_change(change, by=user))
    if not acted or change.job_id is not None:
        return HttpResponseRedirect(change.get_absolute_url())
    done, refused = change.count(State.DONE), change.count(State.REFUSED)
    text = said(change, done, ngettext("%(n)s changed", "%(n)s changed", done))
    if refused:
        text += ", " + ngettext("%(n)s refused", "%(n)s refused", refused) % {"n": formats.number(refused)}
    toast(request, text, undo=reverse("bulk-undo", args=[change.pk]) if done else "")
    return HttpResponseRedirect(change.back or change.type.list_url)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it, where nobody has changed it since."""
    change, acted = _acted(request, pk, lambda change, user: undo_change(change, by=user))
    if not acted or change.job_id is not None or change.count(State.KEPT):
        return HttpResponseRedirect(change.get_absolute_url())
    back = change.count(State.UNDONE)
    toast(request, said(change, back, ngettext("%(n)s taken back", "%(n)s taken back", back)))
    return HttpResponseRedirect(change.back or change.type.list_url)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the list, with nothing changed."""
    user = person_of(request)
    change = _change_or_404(user, pk)
    try:
        discard_change(change, by=user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return HttpResponseRedirect(change.get_absolute_url())
    return HttpResponseRedirect(change.back or change.type.list_url)


def said(change: BulkChange, number: int, words: str) -> str:
    """Customers: 12 changed"""
    return f"{capfirst(str(change.type.label_plural))}: {words % {'n': formats.number(number)}}"
