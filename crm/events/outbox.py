"""Writing events. Only kinds that somebody listens to cost a dispatch."""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from crm.events.models import Event

Handler = Callable[[Event], None]
handlers: dict[str, list[Handler]] = {}
logger = logging.getLogger(__name__)
_waker = ThreadPoolExecutor(1, thread_name_prefix="wake")
HAPPENED = (
    "INSERT INTO events_event (organization_id, kind, record_type, record_id, actor_id, data, at) "
    "SELECT %(organization)s, %(kind)s, %(type)s, id, %(actor)s, coalesce(data, '{}')::jsonb, %(at)s "
    "FROM unnest(%(ids)s::bigint[], %(data)s::text[]) AS happened(id, data)"
)
HEARD = (
    f"WITH written AS ({HAPPENED} RETURNING id, organization_id) INSERT INTO events_pendingevent "  # noqa: S608
    "(event_id, organization_id, attempts, next_attempt_at) SELECT id, organization_id, 0, %(at)s FROM written"
)


def on(*kinds: str) -> Callable[[Handler], Handler]:
    """Subscribe a handler: called after the commit, at least once, inside the event's tenant, once per event that it finished."""

    def subscribe(handler: Handler) -> Handler:
        for kind in kinds:
            handlers.setdefault(kind, []).append(handler)
        return handler

    return subscribe


def handlers_of(kind: str) -> list[Handler]:
    """Who listens: to the kind itself, to "customer.*", to "*.created", to "*"."""
    noun, _, verb = kind.partition(".")
    return [handler for name in (kind, f"{noun}.*", f"*.{verb}", "*") for handler in handlers.get(name, [])]


def record_event(kind: str, record: models.Model | None, *, by: models.Model | None, data: dict[str, Any] | None = None) -> None:
    """Write what happened, in the transaction of the change."""
    facts = {
        "organization": (record or by).organization_id,  # type: ignore[union-attr]  # of a record or a person
        "kind": kind,
        "type": record._meta.model_name or "" if record else "",
        "actor": by.pk if by else None,
        "ids": [record.pk if record else None],
        "data": [json.dumps(data or {})],
        "at": timezone.now(),
    }
    _insert(kind, facts)


def record_many(kind: str, record_type: str, data_of: Mapping[int, dict[str, Any]], *, by: models.Model) -> int:
    """The same happening for many records, as one statement or two: {key: data}. Returns how many."""
    facts = {
        "organization": getattr(by, "organization_id"),  # noqa: B009
        "kind": kind, "type": record_type, "actor": by.pk, "ids": list(data_of),
        "data": [json.dumps(data) for data in data_of.values()] if any(data_of.values()) else [], "at": timezone.now(),
    }  # fmt: skip
    return _insert(kind, facts)


def _insert(kind: str, facts: Mapping[str, Any]) -> int:
    """One statement, two rows for each happening that somebody listens to. Returns how many."""
    heard = bool(handlers_of(kind))
    with connection.cursor() as cursor:
        cursor.execute(HEARD if heard else HAPPENED, facts)
        if heard:
            _wake_dispatcher()
        return int(cursor.rowcount)


def _wake_dispatcher() -> None:
    """Once per transaction: the schedule finds what this wake-up misses."""
    if _wake not in {function for _, function, *_ in connection.run_on_commit}:
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    """Beside the request: nobody waits for the broker, whether it answers slowly or not at all."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        _send()
    else:
        _waker.submit(_send)


def _send() -> None:
    from crm.events.tasks import dispatch_events  # noqa: PLC0415  # the task handles what this module writes

    try:
        dispatch_events.delay()
    except Exception:
        logger.warning("the dispatcher was not woken; the schedule does it", exc_info=True)
