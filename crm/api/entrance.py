"""The way in: the token says who asks, its organization's transaction is opened, and what was asked is noted.

Sessions open nothing here, so no page of somebody else can ask in the name of whoever is signed in.
"""

import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.api.actions.tokens import PREFIX, hash_of
from crm.api.limits import counted, failed_too_often
from crm.api.models import ApiToken
from crm.api.problems import Problem, usual
from crm.api.request_log import note, note_within
from crm.api.scopes import allows
from crm.tenancy.transaction import tenant
from crm.ui.moments import day_format
from crm.users.adapters import has_second_factor
from crm.users.models import User

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Tern"'}
INVALID = {"WWW-Authenticate": 'Bearer realm="Tern", error="invalid_token"'}
READS = frozenset({"GET", "HEAD"})
Run = Callable[..., HttpResponse]


class TokenRequest(HttpRequest):
    """What routes get: a request of a person with a token."""

    user: User
    token: ApiToken


def by_token(run: Run) -> Run:
    """Around each route: nothing is read before the token is known, nothing stays of what was refused."""

    @wraps(run)
    def answer(request: TokenRequest, **kwargs: Any) -> HttpResponse:
        began = time.perf_counter()
        try:
            request.token = token_of(request)
            limit = counted(request.token)
        except Problem as refused:
            return refused.response()
        status, noted = 500, False
        try:
            with _working_for(request):
                response = _answered(run, request, kwargs)
                if request.method in READS and response.status_code < 400:
                    note_within(request, response.status_code, time.perf_counter() - began)
                    noted = True
            status = response.status_code
        finally:
            if not noted:
                note(request, status, time.perf_counter() - began)
        for name, value in limit.headers.items():
            response.headers[name] = value
        return response

    return answer


def token_of(request: HttpRequest) -> ApiToken:
    """The token that the request shows. Raises Problem 401, and 429 where somebody tries many."""
    way, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if way.lower() != "bearer" or not secret.startswith(PREFIX):
        raise Problem(401, usual(401), headers=CHALLENGE)
    found = ApiToken.objects.select_related("person__organization").filter(hash=hash_of(secret.strip())).first()
    if found is None:
        failed_too_often(request)
        raise Problem(401, _("This token is not known. Check that all of it was copied."), code="invalid_token", headers=INVALID)
    if reason := _refused(found):
        raise Problem(401, reason, code="invalid_token", headers=INVALID)
    return found


def require_scope(request: TokenRequest, name: str, verb: str) -> User:
    """Whoever asks, where the token is for this. Raises Problem 403."""
    if not allows(request.token.scopes, name, verb):
        text = _("This token is not for “%(scope)s”. Make one that is in your profile.")
        raise Problem(403, text % {"scope": f"{name}:{verb}"}, code="insufficient_scope")
    return request.user


def _refused(token: ApiToken) -> str:
    person = token.person
    if token.revoked_at is not None:
        return _("This token was revoked. Make a new one in your profile.")
    if token.is_expired:
        return _("This token has expired. Make a new one in your profile.")
    if not person.is_active or person.organization_id != token.organization_id:
        return _("The person of this token may no longer sign in.")
    return ""


@contextmanager
def _working_for(request: TokenRequest) -> Iterator[None]:
    """The organization's transaction, in the words that the request asks for, else those of the person; in the person's hours."""
    person, organization = request.token.person, request.token.person.own_organization
    request.user = person
    structlog.contextvars.bind_contextvars(person=person.pk, organization=organization.pk, token=request.token.pk)
    format_before = day_format.set(organization.date_format)
    asked = translation.get_language_from_request(request) if "Accept-Language" in request.headers else ""
    zone, language = zoneinfo.ZoneInfo(person.zone_name), asked or person.language or organization.language
    try:
        with timezone.override(zone), translation.override(language), tenant(organization):
            yield
    finally:
        day_format.reset(format_before)


def _answered(run: Run, request: TokenRequest, kwargs: dict[str, Any]) -> HttpResponse:
    if request.user.needs_second_factor and not has_second_factor(request.user):
        text = _("Your role needs a second factor: set one up in your profile, then this token works.")
        return Problem(401, text, code="second_factor_missing", headers=INVALID).response()
    response = run(request, **kwargs)
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response
