"""Many records at once, as set statements: what create_record, update_record and delete_record write, for some thousands of them.

Whoever calls has checked: fields by `check_fields`, owners by `check_owner`, references by sight, values by `bulk_checks`.
tests/records/test_bulk.py holds these beside the single actions.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.derived import add_access, refresh_access, touch_access
from crm.audit.log import CREATE, DELETE, UPDATE, log_many
from crm.events.outbox import record_many
from crm.fields.record_types import RecordType, record_types
from crm.lib.copying import copy_rows, temporary_table
from crm.records.actions.bulk_checks import draft_table
from crm.records.actions.checks import explained, is_column, is_custom
from crm.records.custom_values import remove_custom_values, write_custom_values
from crm.records.models import Record
from crm.search.documents import (
    Texts,
    fields_open_to_all,
    refresh_principals,
    remove_documents,
    searched_keys,
    touch_documents,
    write_documents,
)
from crm.tenancy.models import Organization
from crm.users.models import User

R = TypeVar("R", bound=Record)


@dataclass
class NewRecord:
    """A record to insert: derived and checked, its key from `new_keys`. `given` are the keys that were set, `lists` members by key."""

    record: Record
    given: Iterable[str]
    lists: Mapping[str, Sequence[models.Model]] = field(default_factory=dict)


@dataclass
class ChangedRecord:
    """A loaded record with its new values set, to be checked. `old` has what they were, `derived` which derived columns followed."""

    record: Record
    old: dict[str, Any]
    lists: Mapping[str, Sequence[models.Model]] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()


def change_of(record: Record, values: Mapping[str, Any], organization: Organization) -> ChangedRecord | None:
    """Set new values on a loaded record, as update_record does: what is equal costs nothing, a new owner brings the own team.

    Lists of related records stand in `values` beside (old, new); None where nothing changes.
    """
    old: dict[str, Any] = {}
    lists: dict[str, Sequence[models.Model]] = {}
    for key, new in values.items():
        if isinstance(new, tuple):
            before, after = new
            if set(before) != set(after):
                old[key], lists[key] = list(before), list(after)
        elif (before := getattr(record, key)) != new:
            old[key] = before
            record.put(key, new)
    if not old:
        return None
    if "owner" in old and "team" not in old:
        old["team"], record.team = record.team, record.owner.team if record.owner else None
    before_derived = {key: getattr(record, key) for key in record.derived}
    record.derive(organization)
    derived = frozenset(key for key, value in before_derived.items() if getattr(record, key) != value)
    return ChangedRecord(record, old, lists, derived)


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for records that are about to be inserted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence_of(model)}) FROM generate_series(1, %s)", [count])  # noqa: S608
        return [key for (key,) in cursor.fetchall()]


def sequence_of(model: type[models.Model]) -> str:
    """SQL for the name of the sequence that numbers the model's rows."""
    return f"pg_get_serial_sequence('{_table(model)}', 'id')"


def clone(record: R) -> R:
    """The same unsaved or loaded record once more, without what Model.__init__ costs."""
    twin = record.__class__.__new__(record.__class__)
    twin.__dict__.update(record.__dict__)
    state = ModelState()
    state.adding, state.db = record._state.adding, record._state.db
    state.fields_cache = dict(record._state.fields_cache)
    twin._state = state
    return twin


@transaction.atomic
def insert_many(model: type[Record], news: Sequence[NewRecord], *, by: User, job_id: int | None = None) -> None:
    """Write new records with their access rows, search documents, log entries and events."""
    if not news:
        return
    now = timezone.now()
    for new in news:
        record = new.record
        record.updated_at, record.updated_by_id, record.created_by_id = now, by.pk, by.pk
    _insert(model, [new.record for new in news], {key for new in news for key in new.given})
    keys = [new.record.pk for new in news]
    for key in {key for new in news for key in new.lists}:
        _add_members(model, key, [(new.record.pk, new.lists[key]) for new in news if new.lists.get(key)])
    write_custom_values(model, keys, by.organization_id or 0)
    add_access(model, keys)
    record_type = record_types.of(model)
    texts = Texts(record_type, fields_open_to_all(record_type, by.organization_id or 0))
    documents = ((new.record.pk, *texts.of(new.record)) for new in news)
    write_documents(record_type, documents, by.organization_id or 0, now)
    entries = ((new.record.pk, str(new.record), _given(new)) for new in news)
    log_many(model, entries, action=CREATE, verb=f"{record_type.key}.created", by=by, job_id=job_id)
    record_many(f"{record_type.key}.created", record_type.key, {key: {} for key in keys}, by=by)


def _given(new: NewRecord) -> dict[str, tuple[Any, Any]]:
    changes = {}
    for key in {*new.given, "owner", "team"} - new.lists.keys():
        value = getattr(new.record, key)
        if value not in (None, "", []):
            changes[key] = (None, value)
    return changes


def _insert(model: type[Record], records: Sequence[Record], given: set[str]) -> None:
    """One COPY of the columns that may differ from record to record; the others go along as constants."""
    columns = [column for column in model._meta.concrete_fields if not column.generated]
    first = records[0].__dict__
    own = given | set(model.derived) | {"id", "owner", "team", "created_at"} | ({"custom"} if any(map(is_custom, given)) else set())
    varying = [c for c in columns if c.name in own and any(record.__dict__[c.attname] != first[c.attname] for record in records)]
    constant = [c for c in columns if c not in varying]
    values = attrgetter(*[c.attname for c in varying], "pk", "pk")
    names = ", ".join(f'"{c.column}"' for c in (*varying, *constant))
    picked = ", ".join([*(f'n."{c.column}"' for c in varying), *["%s" for _ in constant]])
    types = {str(c.column): str(c.db_type(connection)) for c in varying} | {"_key": "bigint", "_order": "bigint"}
    with connection.cursor() as cursor, temporary_table(cursor, "new_records", types) as table:
        copy_rows(cursor, table, list(types), as_written(map(values, records), varying))
        cursor.execute(
            f"INSERT INTO {_table(model)} ({names}) OVERRIDING SYSTEM VALUE SELECT {picked} FROM {table} n ORDER BY n._order",  # noqa: S608
            [c.get_db_prep_save(first[c.attname], connection) for c in constant],
        )


@transaction.atomic
def update_many(model: type[Record], changes: Sequence[ChangedRecord], *, by: User, verb: str = "", job_id: int | None = None) -> set[int]:
    """Write changed records with all that follows. Returns the keys of those that somebody saved in between: they stay."""
    if not changes:
        return set()
    now = timezone.now()
    written = _update(model, changes, by, now)
    conflicts = {change.record.pk for change in changes} - written
    done = [change for change in changes if change.record.pk in written]
    for key in {key for change in done for key in change.lists}:
        _set_members(model, key, [(change.record.pk, change.lists[key]) for change in done if key in change.lists])
    record_type = record_types.of(model)
    _follow(model, record_type, done, by, now)
    verb = verb or f"{record_type.key}.updated"
    entries = ((change.record.pk, str(change.record), _changes(change)) for change in done)
    log_many(model, entries, action=UPDATE, verb=verb, by=by, job_id=job_id)
    record_many(verb, record_type.key, {change.record.pk: {"fields": sorted(change.old)} for change in done}, by=by)
    return conflicts


def _changes(change: ChangedRecord) -> dict[str, tuple[Any, Any]]:
    return {key: (old, list(change.lists[key]) if key in change.lists else getattr(change.record, key)) for key, old in change.old.items()}


def _update(model: type[Record], changes: Sequence[ChangedRecord], by: User, now: datetime) -> set[int]:
    """One UPDATE of all columns that any of them changes, where the version is still the one that was seen."""
    changed = {key for change in changes for key in change.old}
    keys = {key for key in changed if is_column(model, key)} | set(model.derived) | ({"custom"} if any(map(is_custom, changed)) else set())
    columns = [column for column in model._meta.concrete_fields if column.name in keys and not column.generated]
    types = {str(c.column): str(c.db_type(connection)) for c in columns} | {"_key": "bigint", "_seen": "integer"}
    values = attrgetter(*[c.attname for c in columns], "pk", "version")
    sets = "".join(f'"{c.column}" = n."{c.column}", ' for c in columns)
    with connection.cursor() as cursor, temporary_table(cursor, "changed_records", types) as table:
        copy_rows(cursor, table, list(types), as_written((values(change.record) for change in changes), columns))
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(
            f"UPDATE {_table(model)} r SET {sets} version = r.version + 1, updated_at = %s, updated_by_id = %s "  # noqa: S608
            f"FROM {table} n WHERE r.id = n._key AND r.organization_id = %s AND r.version = n._seen RETURNING r.id",
            [now, by.pk, by.organization_id],
        )
        written = {key for (key,) in cursor.fetchall()}
    for change in changes:
        if change.record.pk in written:
            record = change.record
            record.version, record.updated_at, record.updated_by_id = record.version + 1, now, by.pk
    return written


def _follow(model: type[Record], record_type: RecordType, done: Sequence[ChangedRecord], by: User, now: datetime) -> None:
    keys, searched = [change.record.pk for change in done], searched_keys(record_type)
    write_custom_values(model, keys, by.organization_id or 0, {key for change in done for key in change.old})
    moved = {change.record.pk for change in done if {"owner", "team"} & change.old.keys()}
    if moved:
        refresh_access(model, list(moved))
    touch_access(model, [key for key in keys if key not in moved], now)
    found_by = [change for change in done if searched & (change.old.keys() | change.derived)]
    if found_by:
        texts = Texts(record_type, fields_open_to_all(record_type, by.organization_id or 0))
        documents = ((change.record.pk, *texts.of(change.record)) for change in found_by)
        write_documents(record_type, documents, by.organization_id or 0, now)
    written = {change.record.pk for change in found_by}
    refresh_principals(record_type, [key for key in keys if key in moved - written], now)
    touch_documents(record_type, [key for key in keys if key not in moved | written], now)


@transaction.atomic
def delete_many(model: type[Record], keys: Sequence[int], *, by: User, job_id: int | None = None) -> int:
    """Put records into the recycle bin, with all that follows. Returns how many were not there already."""
    now = timezone.now()
    table = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET deleted_at = %s, deleted_by_id = %s, updated_at = %s, updated_by_id = %s, version = version + 1 "  # noqa: S608
            "WHERE id = ANY(%s) AND organization_id = %s AND deleted_at IS NULL RETURNING id",
            [now, by.pk, now, by.pk, list(keys), by.organization_id],
        )
        gone = [key for (key,) in cursor.fetchall()]
    refresh_access(model, gone)
    record_type = record_types.of(model)
    remove_documents(record_type, gone)
    remove_custom_values(model, gone)
    names = {record.pk: str(record) for record in model._base_manager.filter(pk__in=gone)}
    entries = ((key, names[key], {"deleted_at": (None, now)}) for key in gone)
    log_many(model, entries, action=DELETE, verb=f"{record_type.key}.deleted", by=by, job_id=job_id)
    record_many(f"{record_type.key}.deleted", record_type.key, {key: {} for key in gone}, by=by)
    return len(gone)


@transaction.atomic
def restore_many(model: type[Record], keys: Sequence[int], *, by: User, job_id: int | None = None) -> dict[int, str]:
    """Take records out of the recycle bin, with all that follows. Returns those that stay, with the reason: {key: sentence}."""
    manager: Any = model._default_manager
    allowed = list(manager.in_recycle_bin_of(by).filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
    refused = dict.fromkeys(set(keys) - {record.pk for record in allowed}, _("It is no longer in the recycle bin."))
    with draft_table(model, ["deleted_at"]) as drafts:
        drafts.fill((record.pk, record.pk, _undeleted(record)) for record in allowed)
        for pk, rule in drafts.violations(unique_only=True):
            refused.setdefault(pk, str(rule.get_violation_error_message()))
    _restore([record for record in allowed if record.pk not in refused], refused, by, job_id)
    return refused


def _restore(back: Sequence[Record], refused: dict[int, str], by: User, job_id: int | None) -> None:
    """All in one; where one of them has a value that another record has taken, one by one."""
    try:
        with transaction.atomic():
            if back:
                _bring_back(type(back[0]), back, by, job_id)
    except IntegrityError as error:
        if len(back) == 1:
            refused[back[0].pk] = " ".join(explained(error, back[0]).messages)
            return
        for record in back:
            _restore([record], refused, by, job_id)


def _undeleted(record: Record) -> Record:
    twin = clone(record)
    twin.deleted_at = None
    return twin


def _bring_back(model: type[Record], back: Sequence[Record], by: User, job_id: int | None) -> None:
    now, keys, record_type = timezone.now(), [record.pk for record in back], record_types.of(model)
    deleted = {record.pk: record.deleted_at for record in back}
    model._base_manager.filter(pk__in=keys, organization_id=by.own_organization_id).update(
        deleted_at=None, deleted_by=None, updated_at=now, updated_by=by, version=models.F("version") + 1
    )
    write_custom_values(model, keys, by.organization_id or 0)
    refresh_access(model, keys)
    texts = Texts(record_type, fields_open_to_all(record_type, by.organization_id or 0))
    write_documents(record_type, ((record.pk, *texts.of(record)) for record in back), by.organization_id or 0, now)
    entries = ((record.pk, str(record), {"deleted_at": (deleted[record.pk], None)}) for record in back)
    log_many(model, entries, action=UPDATE, verb=f"{record_type.key}.restored", by=by, job_id=job_id)
    record_many(f"{record_type.key}.restored", record_type.key, {key: {} for key in keys}, by=by)


def as_written(rows: Iterable[tuple[Any, ...]], columns: "Sequence[models.Field[Any, Any]]") -> Iterable[tuple[Any, ...]]:
    """Rows for COPY, which takes JSON as text. The values stand in the order of the columns."""
    place = next((number for number, column in enumerate(columns) if column.name == "custom"), None)
    if place is None:
        return rows
    return ((*row[:place], json.dumps(row[place]), *row[place + 1 :]) for row in rows)


def _add_members(model: type[Record], key: str, members: Sequence[tuple[int, Sequence[models.Model]]]) -> None:
    through, source, target = _through(model, key)
    pairs = [(pk, member.pk) for pk, those in members for member in those]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {through} ({source}, {target}) SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",  # noqa: S608
            [[pk for pk, _member in pairs], [member for _pk, member in pairs]],
        )


def _set_members(model: type[Record], key: str, members: Sequence[tuple[int, Sequence[models.Model]]]) -> None:
    through, source, target = _through(model, key)
    pairs = [(pk, member.pk) for pk, those in members for member in those]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {through} WHERE {source} = ANY(%s) AND ({source}, {target}) NOT IN "  # noqa: S608
            "(SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
            [[pk for pk, _those in members], [pk for pk, _member in pairs], [member for _pk, member in pairs]],
        )
    _add_members(model, key, members)


def _through(model: type[Record], key: str) -> tuple[str, str, str]:
    """The table between, and its two columns. Its organization is the database's default, the tenant."""
    relation: Any = model._meta.get_field(key)
    through = relation.remote_field.through
    return through._meta.db_table, f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"


def _table(model: type[models.Model]) -> str:
    concrete: Any = model._meta.concrete_model
    return f'"{concrete._meta.db_table}"'
