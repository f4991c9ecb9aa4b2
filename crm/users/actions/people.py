from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.tenancy.transaction import tenant
from crm.users.actions.checks import changed_values, require_administrator, require_another_administrator, tell
from crm.users.actions.invitations import require_same_organization
from crm.users.actions.teams import join_team
from crm.users.models import Role, Team, User

OWN = frozenset({"name", "time_zone", "language", "theme", "shortcuts_enabled"})


@transaction.atomic
def change_person(person: User, *, name: str, role: Role, team: Team | None, by: User) -> User:
    """Change who somebody is here; takes effect on their next request. Raises AdministratorsOnly, ValidationError."""
    require_administrator(by, person.organization_id)
    require_same_organization(by, role, team)
    if person.is_active and person.is_administrator and not role.is_administrator:
        require_another_administrator(person)
    changes = changed_values(person, {"name": name, "role": role, "team": team})
    if not changes:
        return person
    if "team" in changes:
        join_team(person, team)
    person.name, person.role = name, role
    person.save(update_fields=["name", "role"])
    tell(person, "person.changed", changes, by=by)
    return person


@transaction.atomic
def change_profile(person: User, **values: Any) -> User:
    """What people set for themselves: the names in OWN."""
    if unknown := values.keys() - OWN:
        raise TypeError(f"not the person's own to change: {sorted(unknown)}")
    changes = changed_values(person, values)
    for key, (_old, new) in changes.items():
        setattr(person, key, new)
    person.save(update_fields=list(changes))
    if "name" in changes:
        tell(person, "person.changed", {"name": changes["name"]}, by=person)
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User) -> User:
    """Nobody signs in as this person any more, and all open sessions end. Records stay: see crm.setup.actions.hand_over."""
    require_administrator(by, person.organization_id)
    if person == by:
        raise ValidationError(_("You cannot deactivate yourself. Ask another administrator."))
    if not person.is_active:
        return person
    if person.is_administrator:
        require_another_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    tell(person, "person.deactivated", {"is_active": (True, False)}, by=by)
    return person


@transaction.atomic
def reactivate_person(person: User, *, by: User) -> User:
    """The person may sign in again, with the password and second factor from before."""
    require_administrator(by, person.organization_id)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    tell(person, "person.reactivated", {"is_active": (False, True)}, by=by)
    return person


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User) -> int:
    """For a device that is not theirs: end all sessions. API tokens stay: see crm.api.actions. Returns how many there were."""
    require_administrator(by, person.organization_id)
    ended = end_sessions(person)
    if ended:
        tell(person, "person.signed_out", {"sessions": (ended, 0)}, by=by)
    return ended


@transaction.atomic
def reset_second_factor(person: User, *, by: User) -> int:
    """For a lost phone: forget all second factors and end all sessions. Returns how many factors there were."""
    require_administrator(by, person.organization_id)
    removed: int = Authenticator.objects.filter(user_id=person.pk).delete()[0]
    end_sessions(person)
    if removed:
        tell(person, "person.second_factor_reset", {"second_factors": (removed, 0)}, by=by)
    return removed


def tell_address(person: User, old: str, new: str) -> None:
    """The person signs in with another address from now on: the sign-in library changed it."""
    if person.organization_id is None or old == new:
        return
    with tenant(person.organization_id):
        tell(person, "person.email_changed", {"email": (old, new)}, by=person)


def end_sessions(person: User) -> int:
    """Sign the person out everywhere. Sessions go from the cache at once. Returns how many."""
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)
