from crm.users.actions.organizations import create_organization
from crm.users.actions.teams import create_team, join_team

__all__ = ["create_organization", "create_team", "join_team"]
