"""The request of whoever is signed in: in their words and hours, as long as they are active, with the factors that their role asks for."""

import time
import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.tenancy.transaction import tenant
from crm.users.adapters import has_second_factor
from crm.users.addresses import comes_through_a_proxy
from crm.users.models import Outcome, User
from crm.users.sign_ins import log_sign_in
from crm.users.viewing import end_viewing_of, really

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SEEN = "seen_at"
LIVE = "Tern-Live"
ASKED_FOR = "asked_for_before_second_factor"
NOTICE_EVERY = 60


class ProxyMiddleware:
    """Forgets a scheme that somebody else than a trusted proxy claims, before anybody asks whether the request is secure."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not comes_through_a_proxy(request):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)


class PersonMiddleware:
    """Activates the person's time zone and language for the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        structlog.contextvars.bind_contextvars(person=user.pk, organization=user.organization_id)
        with timezone.override(zoneinfo.ZoneInfo(user.zone_name)), translation.override(_language_of(user)):
            return self.get_response(request)


def _language_of(user: User) -> str | None:
    own = user.language or (user.organization.language if user.organization else "")
    return own or translation.get_language()


class PresenceMiddleware:
    """Ends a session that was idle for too long, and notes when each session was last seen: once a minute, not per request.

    Too long is what the organization says, and SESSION_IDLE_SECONDS at most. Live parts of an open page, which ask by
    themselves (header Tern-Live), are nobody's activity. Above the tenant's transaction: it is about whoever is really there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        now, seen = int(time.time()), request.session.get(SEEN)
        if seen is not None and now - seen > idle_seconds(user):
            return self._end(request, user)
        live = request.method == "GET" and LIVE in request.headers
        if seen is None or (now - seen >= NOTICE_EVERY and not live):
            request.session[SEEN] = now
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _end(self, request: HttpRequest, user: User) -> HttpResponse:
        log_sign_in(request, Outcome.IDLE, user=user)
        if user.organization is not None:
            with tenant(user.organization):
                end_viewing_of(request)
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        request.session.flush()
        with translation.override(_language_of(user)):
            messages.info(request, _("You were signed out because nothing happened for a while."))
        if request.headers.get("HX-Request"):
            here = urlsplit(request.headers.get("HX-Current-URL", ""))
            return _led_to(redirect_to_login(urlunsplit(("", "", here.path, here.query, "")) or "/").url)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def idle_seconds(user: User) -> int:
    """After how long without activity this person's sessions end."""
    own = user.organization.idle_minutes if user.organization else None
    limit: int = settings.SESSION_IDLE_SECONDS
    return limit if own is None else min(limit, own * 60)


class SecondFactorMiddleware:
    """Where a second factor is needed and there is none yet, every address but OPEN leads to setting one up."""

    ENTRANCE = ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/")
    OPEN = (*ENTRANCE, "/theme/", "/offline/", "/service-worker.js", settings.STATIC_URL)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = really(request)
        if user is None or not user.needs_second_factor:
            return self.get_response(request)
        if request.path.startswith(self.OPEN):
            return self.get_response(request)
        if has_second_factor(user):
            request.session.pop(ASKED_FOR, None)
            return self.get_response(request)
        return led_to_second_factor(request)


def led_to_second_factor(request: HttpRequest) -> HttpResponse:
    """To the page that sets one up. What was asked for stays in the session: the pages of the second factor lead back to it."""
    if request.headers.get("HX-Request"):
        return _led_to(reverse("mfa_index"))
    if request.method == "GET":
        request.session[ASKED_FOR] = request.get_full_path()
    return redirect("mfa_index")


def _led_to(address: str) -> HttpResponse:
    """For a part of a page that htmx asks for: the whole window goes there, nothing is put into the part."""
    return HttpResponse(status=204, headers={"HX-Redirect": address})
