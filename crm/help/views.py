"""The help as pages, and one chapter of it as a dialog over the page that it explains."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from crm.help import library
from crm.help.finding import find
from crm.help.library import SHELVES, Page, Shelf, for_administrators
from crm.users.actions import require_administrator
from crm.users.models import User

DAY = 86_400


@dataclass(frozen=True)
class ReadShelf:
    heading: Any
    pages: list[Page]


@login_required
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """All chapters that are open to the person; with `q` those that hold its words."""
    shelves = _shelves(request)
    words = request.GET.get("q", "").strip()[:200]
    hits = find(words, (page for shelf in shelves for page in shelf.pages))
    return render(request, "help/contents.html", {"shelves": shelves, "words": words, "hits": hits})


@require_safe
def page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """A page of the help. To the modal outlet one chapter of it, `section`."""
    full = f"{area}/{name}"
    if full not in library.NAMES:
        raise Http404
    if full not in library.OPEN and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if for_administrators(full) and not _administers(request.user):
        require_administrator(_person(request))
    return _answer(request, library.page(full))


def _answer(request: HttpRequest, found: Page) -> HttpResponse:
    if request.headers.get("HX-Target") == "modal":
        chapter = found.chapter(request.GET.get("section", ""))
        return render(request, "help/dialog.html", {"page": found, "first": chapter[0], "rest": chapter[1:]})
    if not request.user.is_authenticated:
        return render(request, "help/open.html", {"page": found})
    return render(request, "help/page.html", {"page": found, "shelves": _shelves(request)})


@login_required
@require_safe
@cache_control(private=True, max_age=DAY)
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    path = library.images().get(name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")


def _shelves(request: HttpRequest) -> list[ReadShelf]:
    open_to_all = [shelf for shelf in SHELVES if _administers(request.user) or not _is_closed(shelf)]
    return [ReadShelf(shelf.heading, [library.page(name) for name in shelf.pages]) for shelf in open_to_all]


def _is_closed(shelf: Shelf) -> bool:
    return any(for_administrators(name) for name in shelf.pages)


def _administers(user: Any) -> bool:
    """Whoever may open Setup, and the operator of the installation."""
    return isinstance(user, User) and (user.is_superuser or user.is_administrator)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
