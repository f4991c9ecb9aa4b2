"""The requests of an administrator who sees Tern as somebody else: answered with that person's access, and read-only.

Three rings keep it read-only: every method that changes something is refused before a view runs, the transaction of the request is READ
ONLY in PostgreSQL, and what is the person's own business (how they sign in, their tokens, files they exported) does not open.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _
from psycopg.errors import ReadOnlySqlTransaction

from crm.tenancy.transaction import tenant
from crm.users.actions.viewings import end_viewing, may_go_on
from crm.users.models import User, Viewing

GetResponse = Callable[[HttpRequest], HttpResponseBase]
CHOSEN = "viewing"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
STOP, OUT = "/viewing/stop/", "/accounts/logout/"
OWN_BUSINESS = ("/accounts/", "/profile/", "/exports/", "/admin/", "/join/", "/first-run/")
"""Where people keep what is theirs alone: how they sign in, tokens, files that they exported."""


class ViewedOnly(PermissionDenied):
    """Refused because the request sees Tern as somebody else. `instead` says so in place of which right is missing."""

    def __init__(self, text: str) -> None:
        self.instead = text
        super().__init__(text)


class ViewingMiddleware:
    """Directly above the tenant's middleware: puts the person that is seen in the place of whoever is signed in.

    The pages that end it are asked as oneself. Where it is over, the request goes on as oneself, too, unless it would change something:
    what is pressed on a page that somebody else's eyes were shown is not done with one's own rights.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if CHOSEN not in request.session or not isinstance(user, User) or user.organization is None:
            return self.get_response(request)
        if request.path_info in {STOP, OUT}:
            return self.get_response(request)
        viewing = _viewing(request, user)
        if viewing is None:
            request.viewing_is_over = True  # type: ignore[attr-defined]
            return self.get_response(request)
        request.viewing, request.user = viewing, viewing.person  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(viewer=user.pk):
            response = self.get_response(request)
            if getattr(request, "wrote", False):
                with tenant(user.organization, read_only=True):
                    response = response_for_exception(request, ViewedOnly(_("This page writes something down when it is opened.")))
        response["Cache-Control"] = "private, no-store"
        return response


class ViewedOnlyMiddleware:
    """Below the tenant's middleware, so that its page has its frame: refuses what would change something, or is nobody else's business."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        changes = request.method not in SAFE
        if changes and getattr(request, "viewing_is_over", False):
            raise ViewedOnly(_("You see Tern as yourself again, so nothing was changed. Reload the page first."))
        viewing = viewing_of(request)
        if viewing is not None and changes:
            raise ViewedOnly(_("You see Tern as %(person)s, read-only: nothing was changed.") % {"person": viewing.person})
        if viewing is not None and request.path_info.startswith(OWN_BUSINESS):
            refuse_viewers(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that writes when it is opened does not open: PostgreSQL refused it. The page that says so comes after the rollback."""
        if viewing_of(request) is None or not isinstance(exception.__cause__, ReadOnlySqlTransaction):
            return None
        request.wrote = True  # type: ignore[attr-defined]  # read above the transaction
        return HttpResponse(status=500)


def end_viewing_of(request: HttpRequest) -> Viewing | None:
    """Back to oneself, if the session sees Tern as somebody else. Returns what ended. In the tenant's transaction."""
    key = request.session.pop(CHOSEN, None)
    viewing = Viewing.objects.select_related("viewer", "person").filter(pk=key).first() if key else None
    if viewing is not None:
        end_viewing(viewing)
        rotate_token(request)
    return viewing


def begin_in(request: HttpRequest, viewing: Viewing) -> None:
    """From the next request on. Forms on pages that are open already expire: they were made for somebody else."""
    request.session[CHOSEN] = viewing.pk
    rotate_token(request)


def _viewing(request: HttpRequest, user: User) -> Viewing | None:
    """The session's viewing while it lasts; else it is ended and forgotten."""
    people = [f"{who}__{what}" for who in ("viewer", "person") for what in ("role", "organization", "team")]
    with tenant(user.own_organization):
        mine = Viewing.objects.select_related(*people).filter(pk=request.session[CHOSEN], viewer=user)
        viewing = mine.first()
        if viewing is not None and may_go_on(viewing):
            return viewing
        end_viewing_of(request)
    messages.info(request, _("You see Tern as yourself again: the time was over."))
    return None


def viewing_of(request: Any) -> Viewing | None:
    """The viewing that this request is part of; `viewer` is who is really there."""
    return getattr(request, "viewing", None)


def really(request: HttpRequest) -> User | None:
    """Whoever is signed in, also while they see Tern as somebody else."""
    viewing = viewing_of(request)
    user = viewing.viewer if viewing else request.user
    return user if isinstance(user, User) else None


def refuse_viewers(request: HttpRequest) -> None:
    """For a view that opens something of the person's own. Raises ViewedOnly."""
    viewing = viewing_of(request)
    if viewing is not None:
        raise ViewedOnly(_("This is for %(person)s alone.") % {"person": viewing.person})
