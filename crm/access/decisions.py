"""May this person do this to this record, and why, or why not."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from crm.access.principals import Principal, pks_among, principals_of
from crm.users.models import Reach, User, Verb

SHAREABLE = ("view", "change")
"""What a share can give."""


class NotPermitted(PermissionDenied):
    """The record may be seen, but the verb is not allowed. Says what is missing and who can grant it."""

    def __init__(self, user: User, verb: str, record: models.Model | None = None, record_type: str = "") -> None:
        self.user, self.verb, self.record = user, verb, record
        self.record_type = record_type or (record._meta.model_name or "" if record else "")
        super().__init__(self.missing)

    @property
    def missing(self) -> str:
        """One sentence: the right that is missing."""
        noun = self.record._meta.verbose_name if self.record else self.record_type
        reach = self.user.reach(self.record_type, self.verb)
        right = Verb(self.verb).label if self.verb in Verb.values else self.verb
        if self.user.role is None:
            return _("The operator of the installation has no role in an organization, and sees none of its records.")
        if reach == Reach.NONE:
            return _("Your role “%(role)s” does not include “%(right)s” on %(noun)s records.") % {
                "role": self.user.role,
                "right": right,
                "noun": noun,
            }
        return _("Your role “%(role)s” includes “%(right)s” only for %(noun)s records within its reach “%(reach)s”.") % {
            "role": self.user.role,
            "right": right,
            "noun": noun,
            "reach": reach.label,
        }

    @property
    def grantors(self) -> list[User]:
        """Who can change that: the owner of the record by sharing it, where a share gives the verb; the administrators by the role."""
        people = list(User.objects.of_organization(self.user.organization_id).active().filter(role__is_administrator=True)[:3])
        owner: User | None = getattr(self.record, "owner", None)
        if owner is None or self.verb not in SHAREABLE or not owner.is_active or owner == self.user or not may(owner, "share", self.record):
            return people
        return [owner, *[person for person in people if person != owner]]


def may(user: User, verb: str, record: Any) -> bool:
    """Whether the person may do this to this record. One statement, none where the role says all or none."""
    reach = user.reach(record._meta.model_name, verb)
    if reach == Reach.NONE or record.organization_id != user.organization_id:
        return False
    if reach == Reach.ALL and user.reach(record._meta.model_name, "view") == Reach.ALL:
        return record.deleted_at is None
    return bool(type(record).objects.permitted_to(user, verb).filter(pk=record.pk).exists())


def verbs_on(record: Any, user: User, verbs: Iterable[str]) -> dict[str, bool]:
    """Which of these verbs the person may do to a record that was read through `visible_to`. At most one statement for all of them."""
    key = record._meta.model_name
    if record.organization_id != user.organization_id or record.deleted_at is not None:
        return dict.fromkeys(verbs, False)
    reaches = {verb: user.reach(key, verb) for verb in verbs}
    answers = {verb: reach == Reach.ALL or (reach != Reach.NONE and _reached(record, user, verb)) for verb, reach in reaches.items()}
    open_verbs = [verb for verb, answer in answers.items() if not answer and reaches[verb] != Reach.NONE]
    if open_verbs:
        shared = _shared_rights(record, principals_of(user, key, open_verbs[0]), user)
        answers |= {verb: f"{verb}_{record._meta.concrete_model._meta.model_name}" in shared for verb in open_verbs}
    return answers


def _reached(record: Any, user: User, verb: str) -> bool:
    """Whether the record's owner or team is within the person's reach."""
    principals = set(principals_of(user, record._meta.model_name, verb))
    holders = ((Principal.OWNER, record.owner_id), (Principal.TEAM, record.team_id))
    return any(pk is not None and kind.of(pk) in principals for kind, pk in holders)


def _shared_rights(record: Any, principals: list[int], user: User) -> set[str]:
    """The permissions with which the record is shared with the person or a team of theirs."""
    people = record.person_shares.filter(user_id=user.pk).order_by().values_list("permission__codename")
    teams = record.team_shares.filter(group_id__in=pks_among(principals, Principal.GROUP)).order_by().values_list("permission__codename")
    return {codename for (codename,) in people.union(teams)}


def may_create(user: User, model: type[models.Model]) -> bool:
    """Whether the person may make records of this type at all."""
    return user.reach(model._meta.model_name or "", "create") != Reach.NONE


def require(user: User, verb: str, record: Any) -> None:
    """Raise NotPermitted unless the person may do this to this record."""
    if not may(user, verb, record):
        raise NotPermitted(user, verb, record)
