from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from crm.audit.log import DELETE, Change, log_change
from crm.events.outbox import record_event
from crm.records.models import Record
from crm.users.models import User


def may_purge(by: User, record: Record) -> bool:
    """Administrators purge what lies in their organization's recycle bin; nobody else, and nothing else."""
    return by.is_administrator and record.organization_id == by.organization_id and record.deleted_at is not None


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
