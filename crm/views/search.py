"""The search page, and the palette's answers: the same search."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.fields.record_types import record_types
from crm.search.find import Found, find
from crm.ui.values import Viewer
from crm.users.models import Reach, User, Watched
from crm.users.watching import count_read
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
    results = _results(answer.found, user)
    count_read(request, Watched.LISTED, len(results))
    context = {"query": text, "answer": answer, "results": results, "kinds": kinds, "only": only}
    template = "records/search.html#results" if request.headers.get("HX-Target") == "results" else "records/search.html"
    return render(request, template, context)


def _palette(request: HttpRequest, text: str, user: User) -> HttpResponse:
    results = _results(find(text.lstrip(">"), user, size=PALETTE, typing=True).found, user)
    all_url = f"{reverse('search')}?{urlencode({'q': text})}" if text.strip() else ""
    return render(request, "components/palette_results.html", {"results": results, "query": text, "all_url": all_url})


def _results(found: list[Found], user: User) -> list[dict[str, Any]]:
    """What is found in words. Below the name stands what tells two of the same name apart: also a field of a record that it belongs to."""
    hints: dict[tuple[str, int], str] = {}
    for kind in {one.record_type.key: one.record_type for one in found}.values():
        records = [one.record for one in found if one.record_type is kind]
        keys = [kind.subtitle, *(key for key in kind.search if "." in key)]
        viewer = Viewer(user, kind, records, [kind.fields[key] for key in keys if key in kind.fields])
        for record in records:
            shown = [viewer.show(field, record) for field in viewer.fields]
            hints[kind.key, record.pk] = " · ".join(one.text for one in shown if one.state == "value")
    return [
        {
            "url": one.record.get_absolute_url(),
            "icon": one.record_type.icon,
            "title": str(one.record),
            "hint": hints[one.record_type.key, one.record.pk],
            "type": one.record_type.label,
        }
        for one in found
    ]
