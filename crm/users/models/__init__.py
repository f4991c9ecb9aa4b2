from crm.users.models.roles import FieldLevel, Reach, Role, Verb
from crm.users.models.teams import Team
from crm.users.models.users import Theme, User, UserQuerySet

__all__ = ["FieldLevel", "Reach", "Role", "Team", "Theme", "User", "UserQuerySet", "Verb"]
