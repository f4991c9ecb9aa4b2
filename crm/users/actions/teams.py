from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crm.audit.log import CREATE, DELETE
from crm.tenancy.models import Organization
from crm.users.actions.checks import require_administrator, tell
from crm.users.models import Team, User


@transaction.atomic
def create_team(name: str, *, organization: Organization, parent: Team | None = None, by: User | None = None) -> Team:
    """Make a team, and the group through which records are shared with it. `by` is None where the installation makes it.

    Raises AdministratorsOnly, ValidationError.
    """
    if by is not None:
        require_administrator(by, organization.pk)
    _require_place(organization.pk, None, parent)
    group = Group.objects.create(name=f"org-{organization.pk}-team-{name}"[:150])
    team = Team(organization=organization, name=name.strip(), parent=parent, group=group)
    _save(team)
    Group.objects.filter(pk=group.pk).update(name=f"org-{organization.pk}-team-{team.pk}")
    if by is not None:
        tell(team, "team.created", {"name": ("", team.name), "parent": (None, parent)}, by=by, action=CREATE)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, parent: Team | None, by: User) -> Team:
    """Rename a team, or move it below another one: who sees what follows at once. Raises AdministratorsOnly, ValidationError."""
    require_administrator(by, team.organization_id)
    _require_place(team.organization_id, team, parent)
    changes: dict[str, tuple[Any, Any]] = {}
    if name.strip() != team.name:
        changes["name"] = (team.name, name.strip())
    if parent != team.parent:
        changes["parent"] = (team.parent, parent)
    if changes:
        team.name, team.parent = name.strip(), parent
        _save(team)
        tell(team, "team.moved" if "parent" in changes else "team.renamed", changes, by=by)
    return team


@transaction.atomic
def delete_team(team: Team, *, by: User) -> None:
    """Delete a team that nobody and nothing belongs to. Raises AdministratorsOnly, ValidationError with what is in it."""
    require_administrator(by, team.organization_id)
    if team.users.exists():
        raise ValidationError(_("Move its people to another team first."))
    if team.children.exists():
        raise ValidationError(_("Move the teams below it first."))
    tell(team, "team.deleted", {"name": (team.name, "")}, by=by, action=DELETE)
    group = team.group
    try:
        with transaction.atomic():
            team.delete()
    except ProtectedError:
        raise ValidationError(_("Records belong to this team. Give them to another team first.")) from None
    group.delete()


@transaction.atomic
def join_team(user: User, team: Team | None) -> User:
    """Move a person: what the team sees and what is shared with it follows at once. Records keep their team."""
    if user.team is not None:
        user.groups.remove(user.team.group)
    user.team = team
    user.save(update_fields=["team"])
    if team is not None:
        user.groups.add(team.group)
    return user


def _save(team: Team) -> None:
    team.full_clean(exclude=["organization", "group"], validate_constraints=False)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise ValidationError({"name": _("There is a team “%(name)s” already.") % {"name": team.name}}) from None


def _require_place(organization_id: int, team: Team | None, parent: Team | None) -> None:
    """Teams stay a tree of one organization, also when two people move teams at the same time."""
    if parent is None:
        return
    if parent.organization_id != organization_id:
        raise ValidationError({"parent": _("This is not of your organization.")})
    parents = dict(Team.objects.select_for_update().filter(organization_id=organization_id).order_by("pk").values_list("pk", "parent_id"))
    above: int | None = parent.pk
    while above is not None:
        if team is not None and above == team.pk:
            raise ValidationError({"parent": _("%(parent)s is part of %(team)s.") % {"parent": parent, "team": team}})
        above = parents.get(above)
