"""Suggestions for choosing a record by name, within what the person sees."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.fields.record_types import RecordType
from crm.users.models import User
from crm.views.loading import person_of, record_type_or_404
from crm.views.references import text_of

SIZE = 10


@login_required
def suggest(request: HttpRequest, record_type: str) -> HttpResponse:
    """Options for a <datalist>: records whose title begins so, or has a word that does."""
    kind = record_type_or_404(record_type)
    typed = request.GET.get(request.GET.get("name", "q"), "").strip()
    records = _beginning_with(kind, typed, person_of(request)) if len(typed) > 1 else []
    subtitle = kind.fields.get(kind.subtitle)
    user = person_of(request)
    options = [(text_of(record), subtitle.read(record, user) or "" if subtitle else "") for record in records]
    return render(request, "records/suggestions.html", {"options": options})


def _beginning_with(kind: RecordType, typed: str, user: User) -> list[Any]:
    title = kind.title
    records = kind.objects().visible_to(user).alias(folded=Lower(title))
    word = typed.casefold()
    first = list(records.filter(folded__gte=word, folded__lt=word + "\U0010ffff").order_by("folded")[:SIZE])
    if len(first) >= SIZE or len(typed) < 3:
        return first
    known = [record.pk for record in first]
    return first + list(records.filter(Q(folded__contains=f" {word}")).exclude(pk__in=known).order_by("-updated_at")[: SIZE - len(first)])
