"""A form sent twice makes one record: its token remembers where the first one led."""

import secrets

from django.core.cache import cache
from django.http import HttpRequest

HOURS = 24


def form_token() -> str:
    """A token for a form that makes something."""
    return secrets.token_urlsafe(16)


def already_done(request: HttpRequest) -> str | None:
    """Where the first submission of this form led, None for the first one."""
    key = _key(request)
    return cache.get(key) if key else None


def remember(request: HttpRequest, url: str) -> None:
    """Keep where this form led."""
    key = _key(request)
    if key:
        cache.set(key, url, HOURS * 3600)


def _key(request: HttpRequest) -> str | None:
    token = request.POST.get("token", "")
    return f"once:{request.user.pk}:{token}" if 0 < len(token) <= 64 and token.isascii() else None
