"""The search page, and the palette's answers: the same search."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.fields.record_types import record_types
from crm.search.find import Found, find
from crm.users.models import Reach, User
from crm.views.loading import person_of

PALETTE, PAGE = 8, 50


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Records of all types, or of one; for the palette the first eight as options."""
    user, text = person_of(request), request.GET.get("q", "")
    if request.headers.get("HX-Target") == "pal-found":
        return _palette(request, text, user)
    kinds = [kind for kind in record_types if kind.reach(user, "view") != Reach.NONE]
    only = request.GET.get("type", "")
    answer = find(text, user, size=PAGE, only=only if only in {kind.key for kind in kinds} else "")
    results = [_result(found, user) for found in answer.found]
    context = {"query": text, "answer": answer, "results": results, "kinds": kinds, "only": only}
    template = "records/search.html#results" if request.headers.get("HX-Target") == "results" else "records/search.html"
    return render(request, template, context)


def _palette(request: HttpRequest, text: str, user: User) -> HttpResponse:
    results = [_result(found, user) for found in find(text.lstrip(">"), user, size=PALETTE, typing=True).found]
    all_url = f"{reverse('search')}?{urlencode({'q': text})}" if text.strip() else ""
    return render(request, "components/palette_results.html", {"results": results, "query": text, "all_url": all_url})


def _result(found: Found, user: User) -> dict[str, Any]:
    kind = found.record_type
    subtitle = kind.fields.get(kind.subtitle)
    hint = subtitle.label_of(subtitle.read(found.record, user)) if subtitle and "." not in subtitle.key else ""
    return {"url": found.record.get_absolute_url(), "icon": kind.icon, "title": str(found.record), "hint": hint or "", "type": kind.label}
