"""What stands on the first page: of one person, and of everybody in a role who chose nothing."""

from collections.abc import Sequence

from django.db import transaction

from crm.users.actions.checks import require_administrator, tell
from crm.users.models import Role, User


@transaction.atomic
def set_own_home(person: User, panels: Sequence[str] | None) -> None:
    """The person's own choice, keys of panels in order; None goes back to what the role has."""
    person.home = None if panels is None else list(dict.fromkeys(panels))
    person.save(update_fields=["home"])


@transaction.atomic
def set_role_home(role: Role, panels: Sequence[str] | None, *, by: User) -> None:
    """For everybody in the role who chose nothing; None goes back to what Tern begins with. Raises AdministratorsOnly."""
    require_administrator(by, role.organization_id)
    before, role.home = role.home, None if panels is None else list(dict.fromkeys(panels))
    if before == role.home:
        return
    role.save(update_fields=["home", "updated_at"])
    tell(role, "role.home", {"home": (_in_line(before), _in_line(role.home))}, by=by)


def _in_line(panels: Sequence[str] | None) -> str:
    return ", ".join(panels or ())
