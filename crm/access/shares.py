"""Sharing a record with a person or a team. Shares are facts in guardian's tables; access rows follow at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from guardian.shortcuts import assign_perm, remove_perm

from crm.access.decisions import SHAREABLE
from crm.access.derived import refresh_access
from crm.users.models import Reach, Team, User


class Right(models.TextChoices):
    NONE = "none", _lazy("nothing")
    VIEW = "view", _lazy("see")
    CHANGE = "change", _lazy("see and edit")


@dataclass(frozen=True)
class Share:
    """With whom, and whether they may edit. `withheld` says what the person's role takes away from it; empty where nothing."""

    holder: User | Team
    may_change: bool
    shared_by: User | None
    withheld: str = ""


def add_share(record: models.Model, holder: User | Team, *, may_change: bool, by: User) -> None:
    """Let somebody see the record, and edit it when `may_change`. Says what is new when it is shared already."""
    if holder.organization_id != by.organization_id:
        raise PermissionDenied(_("You can share with people and teams of your own organization only."))
    for verb in SHAREABLE:
        codename = f"{verb}_{_concrete(record)._meta.model_name}"
        if verb == "view" or may_change:
            permission: Any = assign_perm(codename, _grantee(holder), record)
            type(permission)._base_manager.filter(pk=permission.pk, shared_by__isnull=True).update(shared_by=by)
        else:
            remove_perm(codename, _grantee(holder), record)
    refresh_access(type(record), [record.pk])


def remove_share(record: models.Model, holder: User | Team) -> None:
    """Take all rights back that were shared; what role, owner and team give stays."""
    for verb in SHAREABLE:
        remove_perm(f"{verb}_{_concrete(record)._meta.model_name}", _grantee(holder), record)
    refresh_access(type(record), [record.pk])


def rights_of_many(model: Any, keys: Sequence[int], holder: User | Team) -> dict[int, Right]:
    """What the holder has been given of each of these records; those without a share are left out."""
    rows, who = _rows_of(model, holder)
    found: dict[int, Right] = {}
    for pk, codename in rows.filter(content_object_id__in=keys, **who).values_list("content_object_id", "permission__codename"):
        if codename.startswith("change_") or pk not in found:
            found[pk] = Right.CHANGE if codename.startswith("change_") else Right.VIEW
    return found


def set_rights(model: Any, keys: Sequence[int], holder: User | Team, right: Right, *, by: User) -> None:
    """`add_share` and `remove_share` for many records, in set statements. The records must be of the holder's organization."""
    if holder.organization_id != by.organization_id:
        raise PermissionDenied(_("You can share with people and teams of your own organization only."))
    rows, who = _rows_of(model, holder)
    noun = model._meta.concrete_model._meta.model_name
    permissions = {one.codename: one for one in Permission.objects.filter(content_type=ContentType.objects.get_for_model(model))}
    given = {Right.NONE: (), Right.VIEW: ("view",), Right.CHANGE: SHAREABLE}[right]
    taken = [permissions[f"{verb}_{noun}"] for verb in SHAREABLE if verb not in given]
    rows.filter(content_object_id__in=keys, permission__in=taken, **who).delete()
    new = [
        rows.model(
            organization_id=by.own_organization_id, content_object_id=pk, permission=permissions[f"{verb}_{noun}"], shared_by=by, **who
        )
        for verb in given
        for pk in keys
    ]
    rows.bulk_create(new, ignore_conflicts=True, batch_size=5000)
    refresh_access(model, keys)


def _rows_of(model: Any, holder: User | Team) -> tuple[Any, dict[str, int]]:
    """The table of shares with such a holder, and which of its rows are the holder's."""
    name = "person_shares" if isinstance(holder, User) else "team_shares"
    shares = model._meta.concrete_model._meta.get_field(name).related_model
    return shares._base_manager, {"user_id": holder.pk} if isinstance(holder, User) else {"group_id": holder.group_id}


def withheld_by_role(record: models.Model, holder: User | Team, *, may_change: bool) -> str:
    """What a share does not give because the person's role holds no such right at all. A team's members each have a role of their own."""
    if isinstance(holder, Team) or holder.role is None:
        return ""
    record_type = _concrete(record)._meta.model_name
    facts = {"role": holder.role, "name": holder.name}
    if holder.reach(record_type, "view") == Reach.NONE:
        return _("The role %(role)s sees no records of this kind, so %(name)s does not see it.") % facts
    if may_change and holder.reach(record_type, "change") == Reach.NONE:
        return _("The role %(role)s does not edit records of this kind, so %(name)s can only see it.") % facts
    return ""


def shares_of(record: models.Model) -> list[Share]:
    """With whom the record is shared: people first, by name. Three statements, however many there are."""
    people: dict[int, Share] = {}
    for row in record.person_shares.select_related("user__role", "permission", "shared_by"):  # type: ignore[attr-defined]
        _collect(people, row.user, row)
    groups: dict[int, Share] = {}
    rows = list(record.team_shares.select_related("permission", "shared_by"))  # type: ignore[attr-defined]
    teams = {team.group_id: team for team in Team.objects.filter(group_id__in={row.group_id for row in rows})}
    for row in rows:
        if row.group_id in teams:
            _collect(groups, teams[row.group_id], row)
    by_name = sorted(people.values(), key=lambda share: str(share.holder).casefold())
    return by_name + sorted(groups.values(), key=lambda share: str(share.holder).casefold())


def _collect(shares: dict[int, Share], holder: User | Team, row: Any) -> None:
    known = shares.get(holder.pk)
    may_change = row.permission.codename.startswith("change_") or (known.may_change if known else False)
    shares[holder.pk] = Share(holder, may_change, row.shared_by, withheld_by_role(row.content_object, holder, may_change=may_change))


def _grantee(holder: User | Team) -> Any:
    return holder if isinstance(holder, User) else holder.group


def _concrete(record: models.Model) -> Any:
    return record._meta.concrete_model
