"""What each token asked, for the administrators of its organization. Kept for 30 days."""

import logging
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.tenancy.transaction import tenant

log = logging.getLogger(__name__)
# A request that only reads is not made to wait for the disk by its own note.
LIGHTLY = "SET LOCAL synchronous_commit TO off;"
NOTE = """
WITH used AS (
    UPDATE api_apitoken SET last_used_at = %(at)s
    WHERE id = %(token)s AND (last_used_at IS NULL OR last_used_at < %(at)s - interval '1 minute')
)
INSERT INTO api_apirequest (organization_id, token_id, at, method, path, status, duration_ms)
VALUES (%(organization)s, %(token)s, %(at)s, %(method)s, %(path)s, %(status)s, %(duration)s)
"""


def note_within(request: Any, status: int, seconds: float) -> None:
    """Write down a request that only reads, at the end of its own transaction. If that fails, what was read is answered all the same."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LIGHTLY + NOTE, _facts(request, status, seconds))
    except DatabaseError:
        transaction.set_rollback(True)
        log.exception("a request of the API was not noted")


def note(request: Any, status: int, seconds: float) -> None:
    """Write one request down, in a transaction of its own: refused ones are rolled back. It fails for nobody but the log."""
    try:
        with tenant(request.token.organization_id), connection.cursor() as cursor:
            cursor.execute(LIGHTLY + NOTE, _facts(request, status, seconds))
    except DatabaseError:
        log.exception("a request of the API was not noted")


def _facts(request: Any, status: int, seconds: float) -> dict[str, Any]:
    token = request.token
    return {
        "organization": token.organization_id,
        "token": token.pk,
        "at": timezone.now(),
        "method": (request.method or "")[:10],
        "path": request.path[:200].replace("\0", ""),
        "status": status,
        "duration": round(seconds * 1000),
    }
