"""Keeping what a list shows under a name: new, changed, moved, dropped. The list's own address says what is kept."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access.decisions import NotPermitted
from crm.fields.record_types import RecordType
from crm.query.actions import change_view, create_view, delete_view, move_view, start_role_with, start_with
from crm.query.models import Audience, SavedView
from crm.query.rules import RuleError
from crm.ui.toasts import toast
from crm.users.models import Reach, Role, User
from crm.views.list_state import ListState, read_state
from crm.views.loading import person_of, record_type_or_404

VERBS = ("change", "up", "down", "delete", "start", "start_role")


@login_required
@require_POST
def saved_views(request: HttpRequest, record_type: str) -> HttpResponse:
    """One form, several buttons: `create`, or `change`, `up`, `down`, `delete`, `start`, `start_role` with the view's key.

    `start` lets the person's own list open with the view ("" for the whole list), `start_role` that of the role named in `role`.
    """
    kind, user = record_type_or_404(record_type), person_of(request)
    if kind.reach(user, "view") == Reach.NONE:
        raise NotPermitted(user, "view", record_type=kind.key)
    query = request.POST.get("list", "")
    if not query.startswith("?"):
        query = ""
    verb = next((verb for verb in VERBS if verb in request.POST), "create")
    view = None if verb == "create" or (verb == "start" and not request.POST["start"]) else _view(request, verb, kind, user)
    try:
        return HttpResponseRedirect(kind.list_url + _done(request, verb, view, query, kind, user))
    except (ValidationError, RuleError) as error:
        toast(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
        return HttpResponseRedirect(kind.list_url + query)


def _view(request: HttpRequest, verb: str, kind: RecordType, user: User) -> SavedView:
    number = request.POST.get(verb, "")
    offered = SavedView.objects.offered_to(user).filter(record_type=kind.key).select_related("owner")
    found: SavedView = get_object_or_404(offered, pk=_number(number))
    return found


def _done(request: HttpRequest, verb: str, view: SavedView | None, query: str, kind: RecordType, user: User) -> str:
    """The query of the list to go on with."""
    if verb == "start":
        start_with(view, kind, by=user)
        toast(request, _("%(plural)s open with “%(name)s” from now on") % _start_words(kind, view))
        return query
    if view is None or verb == "change":
        return _kept(request, view, query, kind, user)
    if verb == "delete":
        delete_view(view, by=user)
        toast(request, _("View “%(name)s” deleted") % {"name": view.name})
        return ""
    if verb == "start_role":
        role = get_object_or_404(Role, organization=user.organization, pk=_number(request.POST.get("role", "")))
        start_role_with(view, role, by=user)
        toast(request, _("Starting view of %(role)s changed") % {"role": role})
        return query
    move_view(view, up=verb == "up", by=user)
    return query


def _start_words(kind: RecordType, view: SavedView | None) -> dict[str, str]:
    plural = str(kind.label_plural)
    return {"plural": capfirst(plural), "name": view.name if view else _("All %(plural)s") % {"plural": plural}}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _kept(request: HttpRequest, view: SavedView | None, query: str, kind: RecordType, user: User) -> str:
    arrangement = _state(query, kind, user).arrangement
    name, audience = request.POST.get("name", ""), request.POST.get("audience", Audience.ME)
    if view is None:
        view = create_view(kind, name, arrangement, audience=audience, by=user)
    else:
        change_view(view, name, arrangement, audience=audience, record_type=kind, by=user)
    toast(request, _("View “%(name)s” saved") % {"name": view.name})
    return f"?view={view.pk}"


def _state(query: str, kind: RecordType, user: User) -> ListState:
    views = list(SavedView.objects.offered_to(user).filter(record_type=kind.key))
    return read_state(QueryDict(query.removeprefix("?")), kind, user, views)[0]
