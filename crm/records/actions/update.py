from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.decisions import require
from crm.access.derived import refresh_access, touch_access
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.fields.record_types import record_types
from crm.records.actions.checks import check_fields, check_references, check_values, explained, is_column, is_custom
from crm.records.actions.errors import Conflict
from crm.records.custom_values import write_custom_values
from crm.records.history import fields_changed_since
from crm.records.models import Record
from crm.search.documents import searched_keys, touch_documents, write_document
from crm.users.models import User

R = TypeVar("R", bound=Record)


@transaction.atomic
def update_record(record: R, *, by: User, version: int | None = None, verb: str = "", **values: Any) -> R:
    """Change some fields of a record: checked, saved, audited, seen, found, announced. Values that are equal cost nothing.

    `version` is what the person saw. Raises Conflict when somebody saved one of the same fields since,
    NotPermitted, FieldNotEditable, ValidationError (by field). A new owner brings the own team unless `team` is given.
    """
    require(by, "change", record)
    changed = _changed(record, values)
    if version is not None and version != record.version:
        _merge_or_refuse(record, version, changed)
    if not changed:
        return record
    if "owner" in changed and "team" not in changed:
        changed["team"] = changed["owner"].team if changed["owner"] else None
    check_fields(type(record), set(changed) - {"team"} | ({"team"} & set(values)), by)
    check_references(type(record), changed, by)
    old = {key: _value(record, key) for key in changed}
    written = _write(record, changed, by)
    verb = verb or f"{record._meta.model_name}.updated"
    changes = {key: (old[key], _value(record, key)) for key in changed}
    _follow(record, written)
    log_change(Change(record, UPDATE, verb, changes), by=by)
    record_event(verb, record, by=by, data={"fields": sorted(changed)})
    return record


def _value(record: models.Model, key: str) -> Any:
    value = getattr(record, key)
    return list(value.all()) if isinstance(value, models.Manager) else value


def _changed(record: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """What really differs, lists compared as sets."""
    changed = {}
    for key, wanted in values.items():
        old, new = _value(record, key), None if is_custom(key) and wanted in ("", []) else wanted
        if (set(old) != set(new or ())) if isinstance(old, list) else (old != new):
            changed[key] = list(new or ()) if isinstance(old, list) else new
    return changed


def _merge_or_refuse(record: Record, version: int, changed: dict[str, Any]) -> None:
    """Changes of other fields go together; the same field twice is a conflict for the person to decide."""
    if not 0 < version < record.version:
        raise ValidationError(_("This form does not belong to the record as it is now. Reload the page and try again."))
    touched = fields_changed_since(record, version)
    both = {key for key in changed if key in touched}
    if both:
        raise Conflict(record, {key: changed[key] for key in both}, {key: _value(record, key) for key in both})


def _write(record: Record, changed: dict[str, Any], by: User) -> set[str]:
    """One UPDATE that fails when the record moved on since it was read. Returns what was written, derived columns too."""
    kept = (dict(record.__dict__), dict(record._state.fields_cache))
    columns = {key: value for key, value in changed.items() if is_column(type(record), key)}
    custom = {key for key in changed if is_custom(key)}
    for key in columns.keys() | custom:
        record.put(key, changed[key])
    before = {key: getattr(record, key) for key in record.derived}
    record.derive(by.own_organization)
    columns |= {key: getattr(record, key) for key, value in before.items() if getattr(record, key) != value}
    try:
        check_values(record, set(columns) | custom)
    except ValidationError:
        record.__dict__, record._state.fields_cache = kept  # what was refused is not what the record is
        raise
    seen, record.version = record.version, record.version + 1
    record.updated_at, record.updated_by = timezone.now(), by
    cleaned = {key: getattr(record, key) for key in columns} | ({"custom": record.custom} if custom else {})
    same = type(record)._base_manager.filter(pk=record.pk, organization_id=record.organization_id, version=seen)
    try:
        written = same.update(**cleaned, version=record.version, updated_at=record.updated_at, updated_by=by)
        write_custom_values(type(record), [record.pk] if written else [], record.organization_id, custom)
    except IntegrityError as error:
        raise explained(error, record) from error
    if not written:
        record.refresh_from_db()
        raise Conflict(record, changed, {key: _value(record, key) for key in changed})
    for key in changed.keys() - columns.keys() - custom:
        getattr(record, key).set(changed[key], through_defaults={"organization_id": record.organization_id})
    return changed.keys() | columns.keys()


def _follow(record: Record, keys: set[str]) -> None:
    """Access and search rows, in as few statements as the change allows."""
    model, record_type = type(record), record_types.of(record)
    seen_by_others = bool(keys & {"owner", "team"})
    if seen_by_others:
        refresh_access(model, [record.pk])
    else:
        touch_access(model, [record.pk], record.updated_at)
    searched = searched_keys(record_type)
    if seen_by_others or keys & searched:
        write_document(record_type, record)
    else:
        touch_documents(record_type, [record.pk], record.updated_at)
