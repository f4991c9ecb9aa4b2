from crm.users.actions.checks import AdministratorsOnly, require_administrator
from crm.users.actions.homes import set_own_home, set_role_home
from crm.users.actions.invitations import accept_invitation, invite_person, renew_invitation, revoke_invitation
from crm.users.actions.organizations import (
    begin_organization,
    change_organization,
    create_organization,
    forget_promises,
    keep_promise,
    promise_organization,
    set_first_steps_closed,
    verify_address,
)
from crm.users.actions.people import (
    change_person,
    change_profile,
    deactivate_person,
    end_sessions,
    reactivate_person,
    reset_second_factor,
    sign_out_everywhere,
    tell_address,
)
from crm.users.actions.roles import change_role, create_role, delete_role
from crm.users.actions.teams import change_team, create_team, delete_team, join_team
from crm.users.actions.viewings import begin_viewing, end_viewing

__all__ = [
    "AdministratorsOnly",
    "accept_invitation",
    "begin_organization",
    "begin_viewing",
    "change_organization",
    "change_person",
    "change_profile",
    "change_role",
    "change_team",
    "create_organization",
    "create_role",
    "create_team",
    "deactivate_person",
    "delete_role",
    "delete_team",
    "end_sessions",
    "end_viewing",
    "forget_promises",
    "invite_person",
    "join_team",
    "keep_promise",
    "promise_organization",
    "reactivate_person",
    "renew_invitation",
    "require_administrator",
    "reset_second_factor",
    "revoke_invitation",
    "set_first_steps_closed",
    "set_own_home",
    "set_role_home",
    "sign_out_everywhere",
    "tell_address",
    "verify_address",
]
