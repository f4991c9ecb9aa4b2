from crm.users.models.first_run import FirstRunCode
from crm.users.models.invitations import Invitation
from crm.users.models.notices import AccessNotice, Watched
from crm.users.models.promised import PromisedOrganization
from crm.users.models.roles import FieldLevel, Reach, Role, Verb
from crm.users.models.sign_ins import Outcome, SignIn
from crm.users.models.teams import Team
from crm.users.models.users import Theme, User, UserQuerySet
from crm.users.models.viewings import Viewing

__all__ = [
    "AccessNotice",
    "FieldLevel",
    "FirstRunCode",
    "Invitation",
    "Outcome",
    "PromisedOrganization",
    "Reach",
    "Role",
    "SignIn",
    "Team",
    "Theme",
    "User",
    "UserQuerySet",
    "Verb",
    "Viewing",
    "Watched",
]
