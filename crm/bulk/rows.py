"""The rows of a change of many, as set statements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from crm.bulk.models import BulkChange, BulkRow, State
from crm.records.stored import dump


@dataclass
class Outcome:
    """What became of some records: {key: why not} of the refused ones, {key: (version, what it was)} of the written ones."""

    same: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    done: dict[int, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)


def take_up(change: BulkChange, queryset: Any, state: str = State.OPEN, reason: str = "") -> int:
    """A row for each record of the queryset that has none yet. Returns how many."""
    try:
        sql, parameters = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bulk_bulkrow (organization_id, change_id, record_id, state, reason) "  # noqa: S608  # written by Django
            f"SELECT %s, %s, id, %s, %s FROM ({sql}) AS found(id) ON CONFLICT DO NOTHING",
            [change.organization_id, change.pk, state, reason, *parameters],
        )
        taken = int(cursor.rowcount)
    change.counts[state] = change.count(state) + taken
    return taken


def next_keys(change: BulkChange, state: str, size: int) -> list[int]:
    """The keys of the next records in this state, in their order."""
    rows = BulkRow.objects.filter(organization_id=change.organization_id, change=change, state=state, record_id__gt=change.after)
    return list(rows.order_by("record_id").values_list("record_id", flat=True)[:size])


def old_of(change: BulkChange, keys: list[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """{key: (version that this change made, what the record was before)}."""
    rows = BulkRow.objects.filter(organization_id=change.organization_id, change=change, record_id__in=keys)
    return {pk: (version or 0, old or {}) for pk, version, old in rows.values_list("record_id", "version", "old")}


def write_down(change: BulkChange, outcome: Outcome, old: str, done: str) -> None:
    """What became of the records that were `old`; written ones are `done` now. The counts follow."""
    states = dict.fromkeys(outcome.same, State.SAME.value)
    states |= dict.fromkeys(outcome.refused, State.KEPT.value if done == State.UNDONE else State.REFUSED.value)
    _mark(change, states, outcome.refused)
    if outcome.done:
        _keep(change, outcome.done, done)
    change.move(old, Counter(states.values()) + Counter({done: len(outcome.done)}))


def _mark(change: BulkChange, states: Mapping[int, str], reasons: Mapping[int, str]) -> None:
    if states:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE bulk_bulkrow r SET state = n.state, reason = n.reason "
                "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n(record_id, state, reason) "
                "WHERE r.change_id = %s AND r.organization_id = %s AND r.record_id = n.record_id",
                [list(states), list(states.values()), [reasons.get(key, "") for key in states], change.pk, change.organization_id],
            )


def _keep(change: BulkChange, done: Mapping[int, tuple[int, Mapping[str, Any]]], state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bulk_bulkrow r SET state = %s, version = n.version, old = n.old::jsonb "
            "FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS n(record_id, version, old) "
            "WHERE r.change_id = %s AND r.organization_id = %s AND r.record_id = n.record_id",
            [
                state, list(done), [version for version, _old in done.values()], [dump(old) for _version, old in done.values()],
                change.pk, change.organization_id,
            ],
        )  # fmt: skip
