"""What every action on people, teams and roles checks first, and how it tells what happened."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from crm.audit.log import UPDATE, Change, Changes, log_change
from crm.events.outbox import record_event
from crm.users.models import User


class AdministratorsOnly(PermissionDenied):
    """The person does not administer the organization. Says which right is missing and who has it."""

    def __init__(self, user: User) -> None:
        self.user = user
        super().__init__(self.missing)

    @property
    def missing(self) -> str:
        if self.user.role is None:
            return _("The operator of the installation administers no organization.")
        return _("Your role “%(role)s” does not administer the organization.") % {"role": self.user.role}

    @property
    def grantors(self) -> list[User]:
        return list(User.objects.of_organization(self.user.organization_id).administrators().order_by("name")[:3])


def require_administrator(by: User, organization_id: int | None = None) -> int:
    """The organization that the person administers. Raises AdministratorsOnly, also where it is not the one that is given."""
    own = by.organization_id if by.is_active and by.is_administrator else None
    if own is None or organization_id not in {None, own}:
        raise AdministratorsOnly(by)
    return own


def require_another_administrator(person: User) -> None:
    """Raise ValidationError where nobody but this person could administer the organization. Locks the others until the commit."""
    administrators = User.objects.of_organization(person.organization_id).administrators().select_for_update(of=("self",))
    if not [other for other in administrators.order_by("pk") if other.pk != person.pk]:
        raise ValidationError(
            _("%(person)s is the last administrator. Make somebody else administrator first."),
            code="last_administrator",
            params={"person": person},
        )


def tell(
    record: models.Model, verb: str, changes: Changes, *, by: User | None, action: int = UPDATE, data: dict[str, Any] | None = None
) -> None:
    """One entry in the log and one event of the same name, which carries the names of what changed as `fields`."""
    log_change(Change(record, action, verb, changes), by=by)
    record_event(verb, record, by=by, data={"fields": sorted(changes), **(data or {})})


def changed_values(record: models.Model, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """{field: (old, new)} of what really differs."""
    return {key: (getattr(record, key), new) for key, new in values.items() if getattr(record, key) != new}
