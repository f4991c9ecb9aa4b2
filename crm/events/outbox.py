"""Writing events. Only kinds that somebody listens to cost a dispatch."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, models, transaction

from crm.events.models import Event, PendingEvent

Handler = Callable[[Event], None]
handlers: dict[str, list[Handler]] = {}


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


def record_event(kind: str, record: models.Model | None, *, by: models.Model | None, data: dict[str, Any] | None = None) -> Event:
    """Write what happened, in the transaction of the change."""
    event = Event.objects.create(
        organization_id=(record or by).organization_id,  # type: ignore[union-attr]  # of a record or a person
        kind=kind,
        record_type=record._meta.model_name or "" if record else "",
        record_id=record.pk if record else None,
        actor_id=by.pk if by else None,
        data=data or {},
    )
    if handlers_of(kind):
        PendingEvent.objects.create(event_id=event.pk, organization_id=event.organization_id)
        _wake_dispatcher()
    return event


def record_events(kind: str, records: Iterable[models.Model], *, by: models.Model | None, data: dict[str, Any] | None = None) -> int:
    """The same happening for many records, in few statements. Returns how many."""
    events = Event.objects.bulk_create(
        [
            Event(
                organization_id=record.organization_id,  # type: ignore[attr-defined]
                kind=kind,
                record_type=record._meta.model_name or "",
                record_id=record.pk,
                actor_id=by.pk if by else None,
                data=data or {},
            )
            for record in records
        ],
        batch_size=1000,
    )
    if events and handlers_of(kind):
        PendingEvent.objects.bulk_create([PendingEvent(event_id=e.pk, organization_id=e.organization_id) for e in events], batch_size=1000)
        _wake_dispatcher()
    return len(events)


def record_many(kind: str, record_type: str, data_of: Mapping[int, dict[str, Any]], *, by: models.Model) -> int:
    """The same happening for many records, as one statement or two: {key: data}. Returns how many."""
    facts = {
        "organization": getattr(by, "organization_id"),  # noqa: B009
        "kind": kind, "type": record_type, "actor": by.pk, "ids": list(data_of),
        "data": [json.dumps(data) for data in data_of.values()],
    }  # fmt: skip
    insert = (
        "INSERT INTO events_event (organization_id, kind, record_type, record_id, actor_id, data, at) "
        "SELECT %(organization)s, %(kind)s, %(type)s, id, %(actor)s, data::jsonb, now() "
        "FROM unnest(%(ids)s::bigint[], %(data)s::text[]) AS happened(id, data)"
    )
    heard = bool(handlers_of(kind))
    if heard:
        insert = (
            f"WITH written AS ({insert} RETURNING id, organization_id) INSERT INTO events_pendingevent "  # noqa: S608
            "(event_id, organization_id, attempts, next_attempt_at) SELECT id, organization_id, 0, now() FROM written"
        )
    with connection.cursor() as cursor:
        cursor.execute(insert, facts)
        if heard:
            _wake_dispatcher()
        return int(cursor.rowcount)


def _wake_dispatcher() -> None:
    """Once per transaction: the schedule finds what this wake-up misses."""
    if _wake not in {function for _, function, *_ in connection.run_on_commit}:
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    from crm.events.tasks import dispatch_events  # noqa: PLC0415  # the task handles what this module writes

    dispatch_events.delay()
