"""Shares as programs send and read them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.access.shares import shares_of
from crm.api.bodies import id_of
from crm.users.models import Team, User

RIGHTS = ("view", "change")


def holder_of(body: dict[str, Any], user: User, *, active: bool = True) -> User | Team:
    """{"person": 12} or {"team": 3} of the own organization. Raises ValidationError."""
    if unknown := set(body) - {"person", "team", "right"}:
        raise ValidationError({key: _("There is no such field to write.") for key in unknown})
    if ("person" in body) == ("team" in body):
        raise ValidationError(_("Say with whom: a person or a team."))
    key = "person" if "person" in body else "team"
    try:
        pk = id_of(body[key])
    except ValidationError as error:
        raise ValidationError({key: error.messages}) from None
    people = User.objects.of_organization(user.organization_id)
    teams = Team.objects.filter(organization_id=user.own_organization_id)
    found: User | Team | None = ((people.active() if active else people) if key == "person" else teams).filter(pk=pk).first()
    if found is None:
        raise ValidationError({key: _("Choose somebody of your organization.")})
    return found


def may_change_of(body: dict[str, Any]) -> bool:
    right = body.get("right", "view")
    if right not in RIGHTS:
        raise ValidationError({"right": _("Send one of: %(known)s.") % {"known": ", ".join(RIGHTS)}})
    return bool(right == "change")


def shares(record: Any) -> dict[str, Any]:
    """Who has a share."""
    return {
        "shares": [
            {
                "kind": "person" if isinstance(share.holder, User) else "team",
                "holder": {"id": share.holder.pk, "label": str(share.holder)},
                "right": "change" if share.may_change else "view",
            }
            for share in shares_of(record)
        ]
    }
