"""What happens at a time: handlers by kind, and firing what is due."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from crm.notifications.models import DueItem
from crm.tenancy.transaction import tenant

logger = logging.getLogger(__name__)

Afterwards = Callable[[], None]
Handler = Callable[[DueItem], Afterwards | None]
_handlers: dict[str, Handler] = {}

LATE = timedelta(minutes=2)
MOST_AT_ONCE = 500


def when_due(kind: str) -> Callable[[Handler], Handler]:
    """Subscribe the handler of a kind of item.

    It runs in the item's tenant, in one transaction with the item's removal: what it writes is written exactly once. What must not
    happen inside a transaction it gives back as a function, which is called after the commit, once or (when killed) not at all.
    """

    def subscribe(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return subscribe


def schedule(kind: str, *, organization_id: int, record_id: int, wait: timedelta = timedelta()) -> None:
    """Let something happen as soon as this transaction is committed, `wait` is over and somebody looks."""
    now = timezone.now() + wait
    DueItem.objects.update_or_create(
        organization_id=organization_id, kind=kind, record_id=record_id, defaults={"due_at": now, "next_attempt_at": now, "attempts": 0}
    )


def fire_all() -> int:
    """Fire what is due, oldest first. Several may do so at once: each item is taken by one. Returns how many were taken."""
    taken = 0
    while taken < MOST_AT_ONCE and fire_next():
        taken += 1
    return taken


def fire_next() -> bool:
    """Fire the oldest item that is due. False when there is none."""
    with transaction.atomic():
        item = (
            DueItem.objects.select_for_update(skip_locked=True)
            .filter(next_attempt_at__lte=timezone.now())
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
