"""On what an activity hangs, and when something last happened there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from crm.access.decisions import require
from crm.access.derived import refresh_access
from crm.activities.choices import Kind
from crm.activities.models import Activity, ActivityLink
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.notifications.wording import visible_records
from crm.search.documents import refresh_principals
from crm.users.models import User

Key = tuple[str, int]


def key_of(record: models.Model) -> Key:
    return record._meta.model_name or "", record.pk


@transaction.atomic
def link_activity(activity: Activity, record: Any, *, by: User) -> None:
    """Let the activity appear on the record's timeline, too. Linking twice is linking once."""
    require(by, "change", activity)
    require(by, "view", record)
    if hang(activity, [key_of(record)]):
        log_change(Change(activity, UPDATE, f"{activity.kind}.linked", {"links": (None, record)}), by=by)
        record_event(f"{activity.kind}.linked", activity, by=by, data={"to": list(key_of(record))})
        happened(activity, [key_of(record)])


@transaction.atomic
def unlink_activity(activity: Activity, record: Any, *, by: User) -> None:
    """Take the activity off the record's timeline."""
    require(by, "change", activity)
    record_type, pk = key_of(record)
    gone, _ = ActivityLink.objects.filter(
        organization_id=activity.organization_id, activity_id=activity.pk, record_type=record_type, record_id=pk
    ).delete()
    if gone:
        seen_anew(activity)
        log_change(Change(activity, UPDATE, f"{activity.kind}.unlinked", {"links": (record, None)}), by=by)
        record_event(f"{activity.kind}.unlinked", activity, by=by, data={"from": [record_type, pk]})
        refresh_last_activity([(record_type, pk)], activity.organization_id)


def hang(activity: Activity, keys: Iterable[Key]) -> int:
    """Write the links that are not there yet, in one statement. Returns how many were asked for."""
    rows = [
        ActivityLink(
            organization_id=activity.organization_id,
            activity_id=activity.pk,
            record_type=record_type,
            record_id=pk,
            kind=activity.kind,
            at=activity.at,
            actor_id=activity.owner_id,
            is_open=activity.kind == Kind.TASK and activity.done_at is None,
        )
        for record_type, pk in keys
    ]
    count = len(ActivityLink.objects.bulk_create(rows, ignore_conflicts=True))
    if count:
        seen_anew(activity)
    return count


def seen_anew(activity: Activity) -> None:
    """Access and search rows after what it hangs on has changed."""
    refresh_access(type(activity), [activity.pk])
    refresh_principals(record_types.of(activity), [activity.pk])


def links_of(activity: Activity) -> list[Key]:
    links = ActivityLink.objects.filter(organization_id=activity.organization_id, activity_id=activity.pk)
    return list(links.values_list("record_type", "record_id"))


def happened(activity: Activity, keys: Iterable[Key]) -> None:
    """Move "last activity" of what it hangs on. Neither version nor "last changed" of those records moves."""
    if activity.kind == Kind.TASK and activity.done_at is None:
        return
    moment = min(activity.at, timezone.now())
    for model, pks in _with_last_activity(keys):
        rows = model._base_manager.filter(organization_id=activity.organization_id, pk__in=pks)
        rows.filter(Q(last_activity_at=None) | Q(last_activity_at__lt=moment)).update(last_activity_at=moment)


def refresh_last_activity(keys: Iterable[Key], organization_id: int) -> None:
    """Look again when something last happened: after an activity was deleted, restored, moved or taken off."""
    now = timezone.now()
    for model, pks in _with_last_activity(keys):
        for pk in pks:
            links = ActivityLink.objects.filter(
                organization_id=organization_id, record_type=model._meta.model_name, record_id=pk, activity__deleted_at=None
            )
            last: datetime | None = links.filter(is_open=False, at__lte=now).order_by("-at").values_list("at", flat=True).first()
            model._base_manager.filter(organization_id=organization_id, pk=pk).update(last_activity_at=last)


def _with_last_activity(keys: Iterable[Key]) -> list[tuple[Any, list[int]]]:
    by_type: dict[str, list[int]] = {}
    for record_type, pk in keys:
        by_type.setdefault(record_type, []).append(pk)
    found = [(record_types[key].model, sorted(pks)) for key, pks in sorted(by_type.items()) if key in record_types]
    return [(model, pks) for model, pks in found if _keeps_last_activity(model)]


def _keeps_last_activity(model: type[models.Model]) -> bool:
    try:
        model._meta.get_field("last_activity_at")
    except FieldDoesNotExist:
        return False
    return True


def about_of(activities: list[Any], user: User) -> dict[int, list[Any]]:
    """The records on which these activities hang, as far as the person sees them: a statement, and one for each type."""
    pks = [activity.pk for activity in activities]
    links = ActivityLink.objects.filter(organization_id=user.organization_id or 0, activity_id__in=pks).order_by("pk")
    rows = list(links.values_list("activity_id", "record_type", "record_id")) if pks else []
    records = visible_records([(record_type, pk) for _activity, record_type, pk in rows], user)
    found: dict[int, list[Any]] = {}
    for activity, record_type, pk in rows:
        if (record_type, pk) in records:
            found.setdefault(activity, []).append(records[record_type, pk])
    return found
