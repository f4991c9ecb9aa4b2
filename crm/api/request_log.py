"""What each token asked, for the administrators of its organization. Kept for 30 days."""

import logging
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from crm.tenancy.transaction import tenant

log = logging.getLogger(__name__)
# A request that only reads is not made to wait for the disk by its own note.
NOTE = """
SET LOCAL synchronous_commit TO off;
WITH used AS (
    UPDATE api_apitoken SET last_used_at = %(at)s
    WHERE id = %(token)s AND (last_used_at IS NULL OR last_used_at < %(at)s - interval '1 minute')
)
INSERT INTO api_apirequest (organization_id, token_id, at, method, path, status, duration_ms)
VALUES (%(organization)s, %(token)s, %(at)s, %(method)s, %(path)s, %(status)s, %(duration)s)
"""


def note(request: Any, status: int, seconds: float) -> None:
    """Write one request down, in a transaction of its own: refused ones are rolled back. It fails for nobody but the log."""
    token = request.token
    facts = {
        "organization": token.organization_id,
        "token": token.pk,
        "at": timezone.now(),
        "method": (request.method or "")[:10],
        "path": request.path[:200].replace("\0", ""),
        "status": status,
        "duration": round(seconds * 1000),
    }
    try:
        with tenant(token.organization_id), connection.cursor() as cursor:
            cursor.execute(NOTE, facts)
    except DatabaseError:
        log.exception("a request of the API was not noted")
