"""What happens at a time: handlers by kind, and firing what is due."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crm.notifications.models import DueItem
from crm.tenancy.transaction import tenant

logger = logging.getLogger(__name__)

Afterwards = Callable[[], None]
Handler = Callable[[DueItem], Afterwards | None]
_handlers: dict[str, Handler] = {}
_slow: set[str] = set()

LATE = timedelta(minutes=2)
MOST_AT_ONCE = 500
SLOW_LOCK = 0x7E24_0D0E
"""The advisory lock of whoever fires the slow kinds; it ends with the connection, so a killed worker leaves none."""


def when_due(kind: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Subscribe the handler of a kind of item.

    It runs in the item's tenant, in one transaction with the item's removal: what it writes is written exactly once. What must not
    happen inside a transaction it gives back as a function, which is called after the commit, once or (when killed) not at all.
    `slow` kinds wait for somebody outside (a mail server): they have a tick of their own, and nothing else waits behind them.
    """

    def subscribe(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if slow:
            _slow.add(kind)
        return handler

    return subscribe


def schedule(kind: str, *, organization_id: int, record_id: int, wait: timedelta = timedelta()) -> None:
    """Let something happen as soon as this transaction is committed, `wait` is over and somebody looks."""
    now = timezone.now() + wait
    DueItem.objects.update_or_create(
        organization_id=organization_id, kind=kind, record_id=record_id, defaults={"due_at": now, "next_attempt_at": now, "attempts": 0}
    )


def fire_all(*, slow: bool | None = None) -> int:
    """Fire what is due, oldest first: of the slow kinds, of the others, or (None) of all. Returns how many were taken.

    Several may do so at once: each item is taken by one.
    """
    taken = 0
    while taken < MOST_AT_ONCE and fire_next(slow=slow):
        taken += 1
    return taken


def fire_slow() -> int:
    """Fire the slow kinds, unless somebody is doing so: a server that hangs holds one worker, not all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SLOW_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        return fire_all(slow=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SLOW_LOCK])


def slow_is_due() -> bool:
    """Whether something of the slow kinds waits to be fired."""
    return DueItem.objects.filter(kind__in=_slow, next_attempt_at__lte=timezone.now()).exists()


def fire_next(*, slow: bool | None = None) -> bool:
    """Fire the oldest item that is due. False when there is none."""
    kinds = Q() if slow is None else Q(kind__in=_slow) if slow else ~Q(kind__in=_slow)
    with transaction.atomic():
        item = (
            DueItem.objects.select_for_update(skip_locked=True)
            .filter(kinds, next_attempt_at__lte=timezone.now())
            .order_by("next_attempt_at")
            .first()
        )
        if item is None:
            return False
        afterwards = _fire(item)
    if afterwards:
        afterwards()
    return True


def _fire(item: DueItem) -> Afterwards | None:
    """The handler and the removal of the item in one savepoint; an error leaves the item for a later attempt."""
    handler = _handlers.get(item.kind)
    try:
        with tenant(item.organization_id):
            afterwards = handler(item) if handler else None
    except Exception:  # whatever one item throws, the others go on; it is tried again
        logger.exception("due item failed", extra={"kind": item.kind, "record": item.record_id})
        item.attempts += 1
        item.next_attempt_at = timezone.now() + timedelta(seconds=min(3600, 2**item.attempts * 5))
        item.save(update_fields=["attempts", "next_attempt_at"])
        return None
    DueItem.objects.filter(pk=item.pk).delete()
    return afterwards
