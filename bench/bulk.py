"""Giving many records to somebody else through the product beside the bare UPDATE of the same rows. Nothing of it stays."""

from time import perf_counter
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from bench.cpu import cpu_seconds_of
from crm.bulk.models import BulkChange, Kind, Stage
from crm.bulk.rows import take_up
from crm.bulk.running import check_batch, do_batch, undo_batch
from crm.fields.record_types import record_types
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import Reach, User

SIZE = 50_000


class _Back(Exception):
    """Ends the block whose writes are thrown away."""


def reassign_beside_update(slug: str, size: int = SIZE, key: str = "customer") -> dict[str, Any]:
    """Seconds of the bare statement, and of looking, doing and taking back by the batches of the job, with all that follows.

    "times" is doing as a multiple of the bare statement, "looked and done" with the preview before it.
    """
    organization = Organization.objects.get(slug=slug)
    found: dict[str, Any] = {}
    try:
        with tenant(organization):
            _measure(organization, key, size, found)
            raise _Back
    except _Back:
        return found


def _measure(organization: Organization, key: str, size: int, found: dict[str, Any]) -> None:
    kind = record_types[key]
    people = User.objects.of_organization(organization.pk).active().select_related("role", "team", "organization").order_by("pk")
    by = next(one for one in people if kind.reach(one, "change") == kind.reach(one, "view") == Reach.ALL)
    to = people.exclude(team=None).order_by("-pk").first()
    assert to is not None
    rows = kind.objects().visible_to(by).exclude(owner=to)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
    bare, bare_cpu = _bare(kind.model, keys, to)
    change = BulkChange.objects.create(
        organization=organization, person=by, record_type=key, kind=Kind.ASSIGN, values={"set": {"owner": to.pk}}, what="bench"
    )
    take_up(change, kind.model._base_manager.filter(pk__in=keys))
    look, _cpu = _timed(lambda: _all(check_batch, change, by))
    change.stage = Stage.RUNNING
    do, cpu = _timed(lambda: _all(do_batch, change, by))
    changed = change.changed
    change.stage = Stage.UNDOING
    undo, _cpu = _timed(lambda: _all(undo_batch, change, by))
    found |= {
        "records": key, "rows": changed, "bare": bare, "look": look, "do": do, "undo": undo, "times": do / bare,
        "looked and done": (look + do) / bare, "cpu": {"client": cpu[0], "server": cpu[1], "bare": bare_cpu},
    }  # fmt: skip


def _all(batch: Any, change: BulkChange, by: User) -> None:
    while batch(change, by):
        pass


def _timed(work: Any) -> tuple[float, tuple[float, float]]:
    begun = perf_counter()
    cpu = cpu_seconds_of(work, "default")
    return perf_counter() - begun, cpu


def _bare(model: Any, keys: list[int], to: User) -> tuple[float, float]:
    """Seconds and the processor of the database, the better of two, each taken back: what the product writes, nothing that follows."""
    tries = []
    for _run in range(2):
        with transaction.atomic():
            seconds, cpu = _timed(lambda: _update(model, keys, to))
            tries.append((seconds, cpu[1]))
            transaction.set_rollback(True)
    return min(tries)


def _update(model: Any, keys: list[int], to: User) -> None:
    model._base_manager.filter(pk__in=keys).update(
        owner=to, team=to.team, updated_at=timezone.now(), updated_by=to, version=models.F("version") + 1
    )
