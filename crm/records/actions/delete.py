from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.access.decisions import NotPermitted, require
from crm.access.derived import refresh_access
from crm.audit.log import DELETE, UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.records.actions.checks import explained
from crm.records.custom_values import remove_custom_values, write_custom_values
from crm.records.models import Record
from crm.search.documents import remove_documents, write_document
from crm.users.models import User

R = TypeVar("R", bound=Record)


@transaction.atomic
def delete_record(record: R, *, by: User) -> R:
    """Put a record into the recycle bin: nobody sees or finds it, `restore_record` brings it back as it was."""
    require(by, "delete", record)
    now = timezone.now()
    _mark(record, deleted_at=now, deleted_by=by, by=by)
    refresh_access(type(record), [record.pk])
    remove_documents(record_types.of(record), [record.pk])
    remove_custom_values(type(record), [record.pk])
    noun = record._meta.model_name
    log_change(Change(record, DELETE, f"{noun}.deleted", {"deleted_at": (None, now)}), by=by)
    record_event(f"{noun}.deleted", record, by=by)
    return record


@transaction.atomic
def restore_record(record: R, *, by: User) -> R:
    """Take a record out of the recycle bin. Restoring one that is not deleted changes nothing.

    Raises ValidationError where another record has meanwhile what only one may have.
    """
    if record.deleted_at is None:
        return record
    if not type(record).objects.in_recycle_bin_of(by).filter(pk=record.pk).exists():
        raise NotPermitted(by, "delete", record)
    old = record.deleted_at
    for rule in record.asked:
        rule.check(record, None)
    try:
        with transaction.atomic():
            _mark(record, deleted_at=None, deleted_by=None, by=by)
            write_custom_values(type(record), [record.pk], record.organization_id)
    except IntegrityError as error:
        raise explained(error, record) from error
    refresh_access(type(record), [record.pk])
    write_document(record_types.of(record), record)
    noun = record._meta.model_name
    log_change(Change(record, UPDATE, f"{noun}.restored", {"deleted_at": (old, None)}), by=by)
    record_event(f"{noun}.restored", record, by=by)
    return record


def _mark(record: Record, *, by: User, **marks: object) -> None:
    for key, value in {**marks, "updated_at": timezone.now(), "updated_by": by, "version": record.version + 1}.items():
        setattr(record, key, value)
    record.save(update_fields=[*marks, "updated_at", "updated_by", "version"])
