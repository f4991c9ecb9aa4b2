"""An administrator sees Tern as somebody else: told to the log and to the person, and for a while only."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.models import LogEntry
from crm.users.actions.checks import require_administrator, tell
from crm.users.models import FieldLevel, Role, User, Viewing
from crm.users.models.viewings import longest_until

ORDER = list(FieldLevel)


@transaction.atomic
def begin_viewing(person: User, *, by: User, reason: str) -> Viewing:
    """Write down who will see Tern as this person, and why. Nothing was shown yet.

    Raises AdministratorsOnly, ValidationError: for oneself, another administrator, somebody deactivated, and for a role that reads fields
    which are closed to the administrator's own.
    """
    require_administrator(by, person.organization_id)
    _refuse_where_it_widens(person, by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the person reads it, and other administrators do.")})
    viewing = Viewing.objects.create(
        organization_id=person.own_organization_id, viewer=by, person=person, reason=reason[:300], until=longest_until()
    )
    tell(person, "person.viewing_began", {"reason": ("", viewing.reason)}, by=by, action=LogEntry.Action.ACCESS)
    return viewing


@transaction.atomic
def end_viewing(viewing: Viewing) -> None:
    """The administrator sees Tern as themselves again. Nothing happens the second time."""
    ended = timezone.now()
    if Viewing.objects.filter(pk=viewing.pk, ended_at=None).update(ended_at=min(ended, viewing.until)):
        tell(viewing.person, "person.viewing_ended", {}, by=viewing.viewer, action=LogEntry.Action.ACCESS)


def may_go_on(viewing: Viewing) -> bool:
    """Whether what was asked at its begin still holds: both are here, and roles were not changed to what would have been refused."""
    if viewing.over_at is not None or not viewing.viewer.is_active or not viewing.viewer.is_administrator:
        return False
    try:
        _refuse_where_it_widens(viewing.person, viewing.viewer)
    except (ValidationError, PermissionDenied):
        return False
    return True


def _refuse_where_it_widens(person: User, by: User) -> None:
    """Who administers reaches every record, so only fields can be open to somebody else and closed to them."""
    if person == by:
        raise ValidationError(_("You see Tern as yourself already."))
    if person.organization_id != by.organization_id or person.role is None or by.role is None:
        raise PermissionDenied
    if person.is_administrator:
        raise ValidationError(_("%(person)s administers, too: you see what they see.") % {"person": person})
    if not person.is_active:
        raise ValidationError(_("%(person)s is deactivated and sees nothing.") % {"person": person})
    if _reads_more(person.role, by.role):
        raise ValidationError(
            _("%(role)s reads fields that are closed to your own role. Open them for your role first, or ask another administrator.")
            % {"role": person.role}
        )


def _reads_more(role: Role, than: Role) -> bool:
    """Whether a field that is hidden or masked for one role is more open for the other."""
    closed = {FieldLevel.HIDDEN, FieldLevel.MASKED}
    return any(
        ORDER.index(role.level(record_type, field)) > ORDER.index(FieldLevel(level))
        for record_type, levels in than.levels.items()
        for field, level in levels.items()
        if level in closed
    )
