from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.access.derived import add_access
from crm.audit.log import CREATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.records.actions.checks import check_fields, check_owner, check_references, check_values, explained, is_column, is_custom
from crm.records.custom_values import custom_defaults, write_custom_values
from crm.records.models import Record
from crm.search.documents import write_document
from crm.users.models import User

R = TypeVar("R", bound=Record)


@transaction.atomic
def create_record(model: type[R], *, by: User, created_at: datetime | None = None, **values: Any) -> R:
    """Make a record: checked, saved, audited, seen, found, announced.

    `values` are the model's fields and many-to-many lists. The owner is whoever makes it unless named; the team is the owner's.
    Raises NotPermitted, FieldNotEditable, ValidationError (by field).
    """
    given = set(values)
    values.setdefault("owner", by)
    check_owner(model, values["owner"], by)
    check_fields(model, {key for key in given if key not in {"owner", "team"} or values[key] != by}, by)
    check_references(model, values, by)
    if values.get("team") is None:
        values["team"] = values["owner"].team if values["owner"] else None
    values |= {key: value for key, value in custom_defaults(model).items() if key not in given}
    record = _insert(model, values, by, created_at)
    lists = {key: value for key, value in values.items() if not is_column(model, key) and not is_custom(key)}
    for key, members in lists.items():
        _set_members(record, key, members)
    changes = {key: (None, value) for key, value in values.items() if key not in lists and value not in (None, "", [])}
    add_access(model, [record.pk])
    write_document(record_types.of(model), record)
    log_change(Change(record, CREATE, f"{model._meta.model_name}.created", changes), by=by)
    record_event(f"{model._meta.model_name}.created", record, by=by)
    return record


def _insert(model: type[R], values: dict[str, Any], by: User, created_at: datetime | None) -> R:
    now = timezone.now()
    columns = {key: value for key, value in values.items() if is_column(model, key)}
    record = model(
        organization_id=by.organization_id,
        created_at=created_at or now,
        created_by=by,
        updated_at=now,
        updated_by=by,
        **columns,
    )
    for key, value in values.items():
        if is_custom(key):
            record.put(key, value)
    record.derive(by.own_organization)
    check_values(record)
    try:
        record.save(force_insert=True)
        write_custom_values(model, [record.pk], record.organization_id)
    except IntegrityError as error:
        raise explained(error, record) from error
    return record


def _set_members(record: Record, key: str, members: Any) -> None:
    getattr(record, key).set(members, through_defaults={"organization_id": record.organization_id})
