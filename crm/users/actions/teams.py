from django.contrib.auth.models import Group
from django.db import transaction

from crm.tenancy.models import Organization
from crm.users.models import Team, User


@transaction.atomic
def create_team(name: str, *, organization: Organization, parent: Team | None = None) -> Team:
    """Make a team, and the group through which records are shared with it."""
    group = Group.objects.create(name=f"org-{organization.pk}-team-{name}"[:150])
    team = Team.objects.create(organization=organization, name=name, parent=parent, group=group)
    Group.objects.filter(pk=group.pk).update(name=f"org-{organization.pk}-team-{team.pk}")
    return team


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
