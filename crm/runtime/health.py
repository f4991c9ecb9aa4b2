"""`/healthz`: whether this installation can serve people, for probes and for `manage.py doctor`."""

from collections.abc import Callable

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from crm.runtime import heartbeat

OK = "ok"


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all parts answer, else 503; the body names each part with "ok" or what is wrong with it."""
    found = health()
    return JsonResponse(found, status=200 if set(found.values()) == {OK} else 503)


def health() -> dict[str, str]:
    """Part → "ok" or a few words. No addresses, names or passwords: anybody may ask."""
    return {name: check() for name, check in _CHECKS.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return OK


def _cache() -> str:
    try:
        heartbeat.client().ping()
    except redis.RedisError:
        return "does not answer"
    return OK


def _worker() -> str:
    try:
        alive = heartbeat.client().exists(heartbeat.KEY)
    except redis.RedisError:
        return "unknown, since the cache does not answer"
    return OK if alive else f"gave no sign for {heartbeat.FADES_AFTER_SECONDS} seconds"


_CHECKS: dict[str, Callable[[], str]] = {"database": _database, "cache": _cache, "worker": _worker}
