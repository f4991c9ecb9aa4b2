"""A form sent twice makes one record, also when both arrive at the same moment: its token remembers where the first one led."""

import re
import secrets

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest

HOURS = 24


def form_token() -> str:
    """A token for a form that makes something."""
    return secrets.token_urlsafe(16)


def already_done(request: HttpRequest) -> str | None:
    """Where the first submission of this form led, None for the first one. Until that one is committed or refused, the next one waits."""
    key = _key(request)
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    known: str | None = cache.get(key)
    return known


def remember(request: HttpRequest, url: str) -> None:
    """Keep where this form led."""
    key = _key(request)
    if key:
        cache.set(key, url, HOURS * 3600)


def _key(request: HttpRequest) -> str | None:
    token = request.POST.get("token", "")
    return f"once:{request.user.pk}:{token}" if re.fullmatch(r"[\w-]{1,64}", token, re.ASCII) else None
