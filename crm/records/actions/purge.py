from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from crm.audit.log import DELETE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import RecordType
from crm.records.models import Record
from crm.users.models import User


def may_purge(by: User, record: Record) -> bool:
    """Administrators purge what lies in their organization's recycle bin; nobody else, and nothing else."""
    return by.is_administrator and record.organization_id == by.organization_id and record.deleted_at is not None


@transaction.atomic
def purge_old(record_type: RecordType, organization_id: int, *, before: datetime, after: int, size: int) -> tuple[int | None, int]:
    """Take records that were deleted before a moment out of the recycle bin for ever: the next ones by key, in the tenant's transaction.

    The key of the last one that was looked at, None at the end, and how many went. What other records still need stays.
    """
    old = record_type.objects().filter(organization_id=organization_id, deleted_at__lt=before, pk__gt=after).order_by("pk")
    batch = list(old.select_for_update(of=("self",), skip_locked=True)[:size])
    gone = 0
    for record in batch:
        change = Change(record, DELETE, f"{record_type.key}.purged", {"name": (str(record), None)})
        with suppress(ProtectedError, RestrictedError), transaction.atomic():
            log_change(change, by=None)
            record_event(change.verb, record, by=None)
            record.delete()
            gone += 1
    return (batch[-1].pk if batch else None), gone


@transaction.atomic
def purge_record(record: Record, *, by: User) -> None:
    """Take a record out of the recycle bin for ever, with what belongs to it alone. Its log entries stay.

    Raises PermissionDenied, and ValidationError where other records need it.
    """
    if not may_purge(by, record):
        raise PermissionDenied(_("Only administrators purge records, and only what lies in the recycle bin."))
    noun, name = record._meta.model_name, str(record)
    log_change(Change(record, DELETE, f"{noun}.purged", {"name": (name, None)}), by=by)
    record_event(f"{noun}.purged", record, by=by)
    try:
        with transaction.atomic():
            record.delete()
    except (ProtectedError, RestrictedError):
        raise ValidationError(_("“%(name)s” is still needed by other records. Purge those first.") % {"name": name}) from None
