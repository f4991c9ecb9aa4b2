"""What must hold before a record is written, whoever asks: fields allowed, references within reach, values valid."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted
from crm.access.principals import Principal, pks_among, principals_of
from crm.fields.custom import PREFIX
from crm.fields.models import CustomValue
from crm.fields.record_types import record_types
from crm.records.actions.errors import FieldNotEditable
from crm.records.custom_checks import check_custom
from crm.records.models import Record
from crm.users.models import Reach, Team, User

Values = Mapping[str, Any]


def check_fields(model: type[models.Model], keys: set[str], by: User) -> None:
    """Raise FieldNotEditable when the role withholds one of these fields."""
    record_type = record_types.of(model)
    refused = [str(field.label) for key, field in record_type.fields.items() if key in keys and not field.editable_by(by)]
    if refused:
        raise FieldNotEditable(refused)


def check_references(model: type[models.Model], values: Values, by: User) -> None:
    """Raise ValidationError when a value points at something outside the person's organization or sight.

    Foreign keys look through row-level security, so the database would accept it.
    """
    errors = {}
    for key, value in values.items():
        if isinstance(value, models.Model) and not _within_sight(value, by):
            errors[key] = _("Choose one that you can see: this one does not exist or is not visible to you.")
    if errors:
        raise ValidationError(errors)


def _within_sight(value: models.Model, by: User) -> bool:
    if isinstance(value, User):
        return value.organization_id == by.organization_id and value.is_active
    if isinstance(value, Team):
        return value.organization_id == by.organization_id
    if isinstance(value, Record):
        return bool(type(value).objects.visible_to(by).filter(pk=value.pk).exists())
    return bool(getattr(value, "organization_id", None) == by.organization_id)


def check_owner(model: type[models.Model], owner: User | None, by: User) -> None:
    """Raise NotPermitted when the person may not make records for this owner: the reach of "create" says for whom."""
    key = model._meta.model_name or ""
    reach = by.reach(key, "create")
    if reach == Reach.NONE:
        raise NotPermitted(by, "create", record_type=key)
    if owner is None or owner.pk == by.pk or reach == Reach.ALL:
        return
    principals = principals_of(by, key, "create")
    in_reach = owner.pk in pks_among(principals, Principal.OWNER) or (
        reach in {Reach.TEAM, Reach.TREE} and owner.team_id in pks_among(principals, Principal.TEAM)
    )
    if not in_reach:
        raise NotPermitted(by, "create", record_type=key)


def check_values(record: Record, keys: set[str] | None = None) -> None:
    """Raise ValidationError, by field, when a value or a combination is wrong. `keys` limits the check to what changes.

    The model's constraints are asked only to complete the list of what is wrong: a write asks them anyway, see `explained`.
    """
    untouched = {f.name for f in record._meta.fields if keys is not None and f.name not in keys} | {"organization"}
    errors: dict[str, Any] = {}
    for check in (lambda: record.clean_fields(exclude=untouched), lambda: record.check_consistency(keys)):
        _collect(errors, check)
    if errors:
        exclude = set() if keys is None else untouched - {"organization", "deleted_at"}
        told: dict[str, Any] = {}
        _collect(told, lambda: check_constraints(record, exclude))
        _collect(told, lambda: check_custom(record, keys))
        raise ValidationError({**told, **errors})
    check_custom(record, keys)
    for rule in record.asked:
        rule.check(record, keys)


def check_constraints(record: models.Model, exclude: set[str]) -> None:
    """Raise ValidationError, by the field where it is mended, for each of the model's constraints that does not hold."""
    errors: dict[str, Any] = {}
    for constraint in record._meta.constraints:
        try:
            constraint.validate(type(record), record, exclude=exclude)
        except ValidationError:
            errors.setdefault(mended_at(constraint, record), []).append(constraint.get_violation_error_message())
    if errors:
        raise ValidationError(errors)


def mended_at(constraint: BaseConstraint, record: models.Model) -> str:
    """The field in which a person mends what the constraint refuses: what the model's `told_at` says of it, else the only one that it
    asks; none where it is about several.
    """
    told_at: dict[str, str] = getattr(record, "told_at", {})
    asked = columns_of(constraint, type(record)) - {"organization", "deleted_at"}
    column = asked.pop() if len(asked) == 1 else ""
    return told_at.get(constraint.name) or told_at.get(column, column) or NON_FIELD_ERRORS


def columns_of(constraint: BaseConstraint, model: Any) -> set[str]:
    """The fields that a constraint compares, in its condition, too."""
    names = set(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    if condition is not None:
        names |= {reference[0] for reference in model._get_expr_references(condition)}
    return names - {"id", "pk"}


def _collect(errors: dict[str, Any], check: Callable[[], None]) -> None:
    try:
        check()
    except ValidationError as error:
        error.update_error_dict(errors)


def explained(error: IntegrityError, record: models.Model) -> ValidationError:
    """What the database refused, as the sentence of its constraint, beside the field where it is mended."""
    name: str = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    for constraint in (*record._meta.constraints, *CustomValue._meta.constraints):
        if constraint.name == name:
            return ValidationError({mended_at(constraint, record): constraint.get_violation_error_message()})
    return ValidationError({NON_FIELD_ERRORS: _("The database refused this value. Reload the page and try again.")})


def is_custom(key: str) -> bool:
    """Whether the key is that of a field which the organization added."""
    return key.startswith(PREFIX)


def is_column(model: type[models.Model], key: str) -> bool:
    """Whether the key is a column of the model's own table, not a many-to-many."""
    try:
        return not model._meta.get_field(key).many_to_many
    except FieldDoesNotExist:
        return False
