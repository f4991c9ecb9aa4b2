"""What administrators do with the fields of their organization: add, change, place, remove for a while, bring back."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE, UPDATE
from crm.fields.custom import forget_custom_fields
from crm.fields.models import CustomField, CustomKind
from crm.fields.record_types import RecordType, record_types
from crm.jobs.actions import start_job
from crm.records.custom_values import write_values_of_field
from crm.setup.actions.field_rules import check_label, check_rules, default_of, free_name, options_of
from crm.tenancy.models import Organization
from crm.users.actions import require_administrator
from crm.users.actions.checks import tell
from crm.users.models import User

INDEX = "fields.index"
MOST, FEW = 500, 5_000
KEPT_FOR = timedelta(days=30)
FACTS = (
    "label", "help", "section", "required", "unique", "filterable", "searchable", "default", "minimum", "maximum", "pattern",
    "pattern_help", "options",
)  # fmt: skip


@transaction.atomic
def create_field(record_type: RecordType, kind: str, *, by: User, **facts: Any) -> CustomField:
    """Add a field to a record type: from the next page on it stands in forms, lists, filters, imports and everywhere else.

    `facts` are named in FACTS; `default` is a value as people write it, `options` are [{"label", "hue", "offered"}].
    Raises AdministratorsOnly, ValidationError (by fact).
    """
    organization_id = require_administrator(by)
    _lock(organization_id)
    mine = CustomField.objects.filter(organization_id=organization_id, record_type=record_type.key)
    if mine.kept().count() >= MOST:
        raise ValidationError(_("There are %(most)d fields already. Remove one that nobody fills in first.") % {"most": MOST})
    position = (mine.aggregate(last=Max("position"))["last"] or 0) + 1
    row = CustomField(organization_id=organization_id, record_type=record_type.key, kind=kind, position=position)
    row.name = free_name(facts.get("label", ""), set(mine.values_list("name", flat=True)))
    _set(row, facts, by)
    row.indexed_at = timezone.now()  # no record has a value yet
    row.save(force_insert=True)
    _announce(by)
    tell(row, "customfield.created", {"label": (None, row.label), "kind": (None, row.kind)}, by=by, action=CREATE)
    return row


@transaction.atomic
def change_field(row: CustomField, *, by: User, **facts: Any) -> CustomField:
    """Change what a field asks for; values that are there stay. Where it is to be found from now on, that is prepared, by a job when long.

    Raises AdministratorsOnly, ValidationError (by fact): also where records share values that are to be unique.
    """
    organization_id = require_administrator(by, row.organization_id)
    _lock(organization_id)
    row = CustomField.objects.kept().get(pk=row.pk, organization_id=organization_id)
    old, was_indexed, was_unique = {key: getattr(row, key) for key in FACTS}, row.is_indexed, row.unique
    _set(row, facts, by)
    changes = {key: (before, getattr(row, key)) for key, before in old.items() if getattr(row, key) != before}
    if not changes:
        return row
    if row.unique and not was_unique:
        _refuse_shared(row)
    row.save()
    if row.is_indexed and (not was_indexed or row.unique != was_unique):
        _index(row, by)
    _announce(by)
    tell(row, "customfield.changed", changes, by=by)
    return row


@transaction.atomic
def move_field(row: CustomField, *, up: bool, by: User) -> None:
    """One place towards the beginning of its section, or towards its end."""
    _lock(require_administrator(by, row.organization_id))
    mine = CustomField.objects.kept().filter(organization_id=row.organization_id, record_type=row.record_type)
    order = list(mine.filter(section=row.section).order_by("position", "pk"))
    at = next((number for number, other in enumerate(order) if other.pk == row.pk), None)
    if at is None or not 0 <= (to := at - 1 if up else at + 1) < len(order):
        return
    order[at], order[to] = order[to], order[at]
    places = sorted(other.position for other in order)
    for other, place in zip(order, places, strict=True):
        other.position = place
    CustomField.objects.bulk_update(order, ["position"])
    _announce(by)


@transaction.atomic
def remove_field(row: CustomField, *, by: User) -> None:
    """Take a field away everywhere. Its values are kept for 30 days: `restore_field` brings both back."""
    _lock(require_administrator(by, row.organization_id))
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by, row.indexed_at = timezone.now(), by, None
    row.save(update_fields=["removed_at", "removed_by", "indexed_at"])
    _announce(by)
    tell(row, "customfield.removed", {"label": (row.label, None)}, by=by, action=DELETE)


@transaction.atomic
def restore_field(row: CustomField, *, by: User) -> CustomField:
    """Bring a removed field back with its values. Raises ValidationError where another one has its label by now, or values are shared."""
    _lock(require_administrator(by, row.organization_id))
    if row.removed_at is None:
        return row
    check_label(row)
    if row.unique:
        _refuse_shared(row)
    row.removed_at = row.removed_by = None
    row.save(update_fields=["removed_at", "removed_by"])
    if row.is_indexed:
        _index(row, by)
    _announce(by)
    tell(row, "customfield.restored", {"label": (None, row.label)}, by=by, action=UPDATE)
    return row


def fill_index(row: CustomField, after: int, size: int) -> int | None:
    """The rows of the next records behind a key. Returns the last key, None when all are done and the field can be asked."""
    ids = list(_records(row).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])
    if not ids:
        CustomField.objects.filter(pk=row.pk).update(indexed_at=timezone.now())
        _new_version(row.organization_id)
        return None
    write_values_of_field(row, ids[0], ids[-1])
    return int(ids[-1])


def _index(row: CustomField, by: User) -> None:
    if _records(row).filter(custom__has_key=row.name)[: FEW + 1].count() > FEW:
        row.indexed_at = None
        row.save(update_fields=["indexed_at"])
        start_job(INDEX, by=by, title=_("Preparing “%(field)s”") % {"field": row.label}, field=row.pk)
        return
    bounds = _records(row).filter(custom__has_key=row.name).aggregate(last=Max("pk"))
    if bounds["last"]:
        write_values_of_field(row, 0, bounds["last"])
    row.indexed_at = timezone.now()
    row.save(update_fields=["indexed_at"])


def _records(row: CustomField) -> Any:
    return record_types[row.record_type].objects().filter(organization_id=row.organization_id)


def _set(row: CustomField, facts: Mapping[str, Any], by: User) -> None:
    """Raises ValidationError, by fact."""
    if unknown := facts.keys() - set(FACTS):
        raise TypeError(f"not a fact of a field: {sorted(unknown)}")
    for key, value in facts.items():
        if key not in {"options", "default"}:
            setattr(row, key, value.strip() if isinstance(value, str) else value)
    if row.kind not in CustomKind.values:
        raise ValidationError({"kind": _("Choose one of the kinds.")})
    if "options" in facts:
        row.options = options_of(row, facts["options"])
    if row.kind == CustomKind.LONG_TEXT:
        row.filterable = False
    row.full_clean(exclude=["organization", "name", "record_type"], validate_constraints=False)
    check_label(row)
    check_rules(row)
    if "default" in facts:
        row.default = default_of(row, facts["default"], by)


def _refuse_shared(row: CustomField) -> None:
    table = record_types[row.record_type].model._meta.concrete_model._meta.db_table  # type: ignore[union-attr]
    kind = getattr(record_types[row.record_type].model, "KIND", "")
    among = "AND kind = %(kind)s" if kind else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*), min(value) FROM (SELECT lower(custom ->> %(name)s) AS value FROM "{table}" '  # noqa: S608  # names from models
            f"WHERE organization_id = %(organization)s AND deleted_at IS NULL AND custom ? %(name)s {among} "
            "GROUP BY 1 HAVING count(*) > 1) AS shared",
            {"name": row.name, "organization": row.organization_id, "kind": kind},
        )
        count, example = cursor.fetchone()
    if count:
        text = _("%(count)d values stand in several records, “%(example)s” for one. Change those first.")
        raise ValidationError({"unique": text % {"count": count, "example": example[:60]}})


def _lock(organization_id: int) -> None:
    """Two administrators at once: the second one reads what the first one wrote."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _announce(by: User) -> None:
    """From now on every process looks again what fields there are."""
    by.own_organization.fields_version = _new_version(by.own_organization_id)


def _new_version(organization_id: int) -> str:
    version = str(uuid.uuid4())
    Organization.objects.filter(pk=organization_id).update(fields_version=version)
    forget_custom_fields()
    return version


def purge_field(row: CustomField, size: int) -> int:
    """Take the values of a field that was removed 30 days ago out of the next records. Returns how many; the field goes with the last."""
    records = _records(row).filter(custom__has_key=row.name)
    ids = list(records.order_by("pk").values_list("pk", flat=True)[:size])
    table = record_types[row.record_type].model._meta.concrete_model._meta.db_table  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fields_customvalue WHERE id IN (SELECT id FROM fields_customvalue WHERE field_id = %s LIMIT %s)", [row.pk, size]
        )
        values = cursor.rowcount
        cursor.execute(f'UPDATE "{table}" SET custom = custom - %s WHERE id = ANY(%s)', [row.name, ids])  # noqa: S608  # names from models
    if not ids and not values:
        row.delete()
    return len(ids) + int(values)


def removed_long_ago(organization_id: int) -> list[CustomField]:
    """The fields whose time to be brought back is over."""
    return list(CustomField.objects.removed().filter(organization_id=organization_id, removed_at__lt=timezone.now() - KEPT_FOR))
