"""What the pages of Setup share: they are for administrators, and have the list of pages at their side."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from crm.setup.pages import setup_pages
from crm.users.actions import require_administrator
from crm.views.loading import person_of

View = Callable[..., HttpResponse]
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")


def for_administrators(view: View) -> View:
    """Everybody else gets the page that says which right is missing and who can grant it."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_administrator(person_of(request))
        return view(request, *args, **kwargs)

    return guarded


def own_organization(request: HttpRequest) -> int:
    """The organization of whoever is signed in; the operator has none and finds nothing here."""
    organization_id = person_of(request).organization_id
    if organization_id is None:
        raise Http404
    return organization_id


def setup_page(request: HttpRequest, template: str, context: dict[str, Any], *, here: str, status: int = 200) -> HttpResponse:
    """A page of Setup; `here` is the url_name of the entry that is lit."""
    return render(request, template, {**context, "setup_pages": setup_pages(), "here": here}, status=status)


def own_or_404(model: type[M], request: HttpRequest, pk: int) -> M:
    """A row of the own organization; another organization's is as if it were not there."""
    found = model._default_manager.filter(organization_id=own_organization(request), pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def attempt(form: BaseForm, action: Callable[[], R]) -> R | None:
    """Run an action; what it refuses becomes the form's errors, and the answer is None."""
    try:
        return action()
    except ValidationError as error:
        known = hasattr(error, "error_dict") and all(key in form.fields for key in error.error_dict)
        form.add_error(None, error if known or not hasattr(error, "error_dict") else ValidationError(error.messages))
        return None
