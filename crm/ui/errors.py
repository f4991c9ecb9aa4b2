"""The pages for what went wrong. An htmx request gets one plain sentence, which static/js/htmx.js shows as a toast."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

INTERNAL = frozenset({"csrfmiddlewaretoken", "next", "version", "token", "confirmed", "people_were", "attendees_were", "shown"})
"""What a form sends besides what a person typed."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400"""
    return _answer(request, 400, _("The server could not read this request."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. The exception may say what is `missing` (text) and who can grant it (`grantors`, people), or what to read `instead`."""
    if instead := getattr(exception, "instead", ""):
        return _answer(request, 403, instead, {"instead": instead})
    missing = _missing(exception)
    facts: dict[str, Any] = {"missing": missing, "grantors": getattr(exception, "grantors", [])}
    return _answer(request, 403, " ".join([missing or _("You may not do this."), *_who(facts["grantors"])]), facts)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same whether there is nothing or nothing for this person."""
    return _answer(request, 404, _("This is gone, or it was never shared with you."))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405: an address that only takes what a form sends was opened, or the other way round."""
    return _answer(request, 405, _("This address does not answer that way. Go back and use the button there."))


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """409: somebody saved in between."""
    return _answer(request, 409, str(exception or "") or _("Somebody saved this in between. Reload to see what changed."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Asks neither the database nor a context processor."""
    if _is_fragment(request):
        return HttpResponse(_("Something went wrong on the server. What you typed is still here."), "text/plain", 500)
    return HttpResponse(get_template("errors/500.html").render(), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check. Shows what was typed, so that nothing is lost."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if _is_shown(name, value)]
    typed = [(name.replace("_", " ").capitalize(), value) for name, value in sent]
    return _answer(request, 403, _("This form has expired. Reload the page and send it again."), {"typed": typed}, "errors/csrf.html")


def _answer(request: HttpRequest, status: int, text: str, facts: dict[str, object] | None = None, template: str = "") -> HttpResponse:
    if _is_fragment(request):
        return HttpResponse(text, "text/plain", status)
    return render(request, template or f"errors/{status}.html", {"text": text, **(facts or {})}, status=status)


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _missing(exception: Exception | None) -> str:
    said = getattr(exception, "missing", "")
    return str(said or (exception if isinstance(exception, PermissionDenied) else "") or "")


def _who(grantors: Any) -> list[str]:
    """For a toast, what the page says with a list."""
    names = ", ".join(str(person) for person in grantors)
    return [_("%(people)s can grant it.") % {"people": names}] if names else []


def _is_shown(name: str, value: str) -> bool:
    return bool(value) and name not in INTERNAL and "password" not in name and "code" not in name
