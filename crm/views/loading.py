"""Fetching the record that a page is about: invisible is 404, visible but not allowed is 403 with the reason."""

from typing import Any

from django.http import Http404, HttpRequest

from crm.access.decisions import require
from crm.fields.record_types import RecordType, record_types
from crm.users.models import User


def person_of(request: HttpRequest) -> User:
    """Whoever is signed in. Pages that call it are behind the log-in."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def record_type_or_404(key: str) -> RecordType:
    found = record_types.get(key)
    if found is None:
        raise Http404
    return found


def get_visible_or_404(queryset: Any, user: User, pk: int) -> Any:
    """The record, if the person sees it. `queryset` is a record model's manager or queryset."""
    record = queryset.visible_to(user).filter(pk=pk).first() if pk < 2**63 else None
    if record is None:
        raise Http404
    return record


def get_permitted_or_404(queryset: Any, user: User, verb: str, pk: int) -> Any:
    """The record, if the person may do this to it: Http404 when invisible, NotPermitted when only seen."""
    record = get_visible_or_404(queryset, user, pk)
    require(user, verb, record)
    return record
