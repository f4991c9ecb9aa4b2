"""Handling events after the commit."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.events.models import Event, HandledEvent, PendingEvent
from crm.events.outbox import Handler, handlers_of
from crm.tenancy.transaction import tenant

logger = logging.getLogger(__name__)
BATCH = 200


@shared_task(ignore_result=True)
def dispatch_events() -> int:
    """Handle what is pending, oldest first. Several may run at once: each row is taken by one of them."""
    done = 0
    while taken := _take():
        for pending in taken:
            _handle(pending)
        done += len(taken)
    return done


def _take() -> list[PendingEvent]:
    """Claim a batch for five minutes: a killed worker's share comes back by itself."""
    now = timezone.now()
    due = PendingEvent.objects.filter(next_attempt_at__lte=now, attempts__lt=settings.EVENT_ATTEMPTS)
    with transaction.atomic():
        taken = list(due.select_for_update(skip_locked=True).order_by("next_attempt_at")[:BATCH])
        PendingEvent.objects.filter(pk__in=[pending.pk for pending in taken]).update(next_attempt_at=now + timedelta(minutes=5))
    return taken


def _handle(pending: PendingEvent) -> None:
    failed = False
    with tenant(pending.organization_id):
        event = Event.objects.filter(organization_id=pending.organization_id, pk=pending.event_id).first()
    for handler in handlers_of(event.kind) if event else []:
        failed = not _run(handler, event) or failed  # type: ignore[arg-type]  # without an event there is no handler
    if not failed:
        PendingEvent.objects.filter(pk=pending.pk).delete()
    else:
        if pending.attempts + 1 >= settings.EVENT_ATTEMPTS:  # kept for `manage.py retry_events`; the doctor names it
            logger.error("event given up", extra={"event": pending.event_id, "attempts": pending.attempts + 1})
        wait = timedelta(seconds=min(3600, 2**pending.attempts * 5))
        PendingEvent.objects.filter(pk=pending.pk).update(attempts=pending.attempts + 1, next_attempt_at=timezone.now() + wait)


def retry_given_up() -> int:
    """Make what failed for good due again, after its cause is mended. Returns how many."""
    return PendingEvent.objects.filter(attempts__gte=settings.EVENT_ATTEMPTS).update(attempts=0, next_attempt_at=timezone.now())


def _run(handler: Handler, event: Event) -> bool:
    """One handler, in its own transaction together with the mark that it is done."""
    name = f"{handler.__module__}.{handler.__name__}"
    try:
        with tenant(event.organization_id):
            _, new = HandledEvent.objects.get_or_create(organization_id=event.organization_id, event=event, handler=name)
            if new:
                handler(event)
    except Exception:  # whatever one handler throws, the others and the queue go on; it is tried again
        logger.exception("event handler failed", extra={"event": event.pk, "handler": name})
        return False
    return True
