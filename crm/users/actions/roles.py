from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE
from crm.users.actions.checks import require_administrator, tell
from crm.users.models import FieldLevel, Invitation, Reach, Role, User

Grid = Mapping[str, Mapping[str, str]]
FACTS = ("name", "description", "requires_second_factor")


@transaction.atomic
def create_role(name: str, *, description: str = "", like: Role | None = None, home: list[str] | None = None, by: User) -> Role:
    """A role that reaches nothing, or what `like` reaches; `home` as in set_role_home. Raises AdministratorsOnly, ValidationError."""
    organization_id = require_administrator(by, like.organization_id if like else None)
    role = Role(organization_id=organization_id, name=name.strip(), key=_free_key(organization_id, name), description=description)
    role.home = home
    if like is not None:
        role.is_administrator, role.requires_second_factor = like.is_administrator, like.requires_second_factor
        role.reaches, role.levels = like.reaches, like.levels
    _save(role)
    tell(role, "role.created", {"name": ("", role.name), "like": (None, like)}, by=by, action=CREATE)
    return role


@transaction.atomic
def change_role(role: Role, *, by: User, reaches: Grid | None = None, levels: Grid | None = None, **facts: Any) -> Role:
    """Change what a role may do; takes effect on the next request of everybody who has it.

    `reaches` is {record type: {verb: reach}}, `levels` {record type: {field: level}}: what is named is set, the rest stays.
    `facts` are the names in FACTS. The event role.changed carries `levels`: the record types whose fields opened or closed.
    """
    require_administrator(by, role.organization_id)
    if unknown := facts.keys() - set(FACTS):
        raise TypeError(f"not a fact of a role: {sorted(unknown)}")
    changes: dict[str, tuple[Any, Any]] = {}
    for key, value in facts.items():
        if getattr(role, key) != value:
            changes[key] = (getattr(role, key), value)
            setattr(role, key, value)
    role.reaches, moved = _merged(role.reaches, {} if role.is_administrator else reaches or {}, Reach, Reach.NONE)
    role.levels, opened = _merged(role.levels, levels or {}, FieldLevel, FieldLevel.EDIT)
    changes |= moved | opened
    if changes:
        _save(role)
        tell(role, "role.changed", changes, by=by, data={"levels": sorted({key.split(".")[0] for key in opened})})
    return role


@transaction.atomic
def delete_role(role: Role, *, by: User) -> None:
    """Delete a role that nobody has. Raises AdministratorsOnly, ValidationError."""
    require_administrator(by, role.organization_id)
    if role.users.exists():
        raise ValidationError(_("Give its people another role first."))
    if Invitation.objects.open().filter(role=role).exists():
        raise ValidationError(_("Somebody is invited with this role. Withdraw the invitation first."))
    tell(role, "role.deleted", {"name": (role.name, "")}, by=by, action=DELETE, data={"levels": sorted(role.levels)})
    role.delete()


def _merged(old: Grid, new: Grid, values: Any, default: str) -> tuple[dict[str, dict[str, str]], dict[str, tuple[Any, Any]]]:
    """The grid with the new cells, and what changed as {"customer.export": (old, new)}. Cells with the default are not kept."""
    merged = {record_type: dict(cells) for record_type, cells in old.items()}
    changes: dict[str, tuple[Any, Any]] = {}
    for record_type, cells in new.items():
        kept = merged.setdefault(record_type, {})
        for cell, value in cells.items():
            if value not in values.values:
                raise ValidationError(_("“%(value)s” is not among the choices.") % {"value": value})
            if kept.get(cell, default) != value:
                changes[f"{record_type}.{cell}"] = (str(kept.get(cell, default)), str(value))
                kept[cell] = str(value)
            if value == default:
                kept.pop(cell, None)
    return {record_type: cells for record_type, cells in merged.items() if cells}, changes


def _save(role: Role) -> None:
    role.full_clean(exclude=["organization"], validate_constraints=False)
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError:
        raise ValidationError({"name": _("There is a role “%(name)s” already.") % {"name": role.name}}) from None


def _free_key(organization_id: int, name: str) -> str:
    base = slugify(name)[:50] or "role"
    taken = set(Role.objects.filter(organization_id=organization_id).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)
