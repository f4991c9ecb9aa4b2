"""Whom a form may name: colleagues, and those whom an @ in a note may mean."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.activities.actions.mentions import sees
from crm.activities.forms.people import colleagues_of
from crm.users.models import User
from crm.views.loading import get_visible_or_404, person_of, record_type_or_404

SIZE = 8
LOOKED_AT = 40


@login_required
@require_GET
def colleagues(request: HttpRequest) -> HttpResponse:
    """Options for a <datalist>. Of names parted by commas the last one is completed, the others stay before it."""
    typed = request.GET.get(request.GET.get("name", "q"), "")[:1000]
    before, comma, word = typed.rpartition(",")
    kept = f"{before.strip()}, " if comma else ""
    found = _called(word.strip(), person_of(request))[:SIZE]
    options = [(f"{kept}{person}", str(person.team or "")) for person in found]
    return render(request, "records/suggestions.html", {"options": options})


@login_required
@require_GET
def mentionable(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Options of a listbox: colleagues who see the record, and so may be told of a note on it."""
    user = person_of(request)
    record = get_visible_or_404(record_type_or_404(record_type).objects(), user, pk)
    others = _called(request.GET.get("q", "").strip()[:100], user).exclude(pk=user.pk)[:LOOKED_AT]
    return render(request, "activities/mentionable.html", {"people": _seeing(others, record)})


def _seeing(people: Any, record: Any) -> list[User]:
    """The first of them who see the record. A statement for each, so only until there are enough."""
    found: list[User] = []
    for person in people:
        if len(found) < SIZE and sees(person, record):
            found.append(person)
    return found


def _called(word: str, user: User) -> Any:
    """Colleagues one of whose names begins so."""
    people = colleagues_of(user)
    return people.filter(Q(name__istartswith=word) | Q(name__icontains=f" {word}") | Q(email__istartswith=word)) if word else people
