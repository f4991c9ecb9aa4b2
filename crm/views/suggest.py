"""Suggestions for choosing a record by name, within what the person sees."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.fields.record_types import RecordType
from crm.search.find import candidate_ids
from crm.users.models import User
from crm.views.loading import person_of, record_type_or_404
from crm.views.references import text_of

SIZE = 10
LAST = "\U0010ffff"


@login_required
def suggest(request: HttpRequest, record_type: str) -> HttpResponse:
    """Options for a <datalist>: records whose title begins so, then those that a search finds."""
    kind = record_type_or_404(record_type)
    typed = request.GET.get(request.GET.get("name", "q"), "").strip()
    records = _beginning_with(kind, typed, person_of(request)) if len(typed) > 1 else []
    subtitle = kind.fields.get(kind.subtitle)
    user = person_of(request)
    options = [(text_of(record), subtitle.read(record, user) or "" if subtitle else "") for record in records]
    return render(request, "records/suggestions.html", {"options": options})


def _beginning_with(kind: RecordType, typed: str, user: User) -> list[Any]:
    """By the sorted column of the title, which an index serves below row-level security; then by the search table."""
    records, key = kind.objects().visible_to(user), kind.sort_keys.get(kind.title)
    word = typed.lower()
    first = list(records.filter(**{f"{key}__gte": word, f"{key}__lt": word + LAST}).order_by(key)[:SIZE]) if key else []
    if len(first) >= SIZE:
        return first
    known = {record.pk for record in first}
    ids = [pk for pk in candidate_ids(typed, user, kind) if pk not in known]
    found = records.in_bulk(ids[: SIZE * 3])
    return [*first, *[found[pk] for pk in ids if pk in found]][:SIZE]
