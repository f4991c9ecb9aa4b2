"""Sharing many records with one person or team, or no longer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.access.shares import Right, rights_of_many, set_rights
from crm.audit.log import UPDATE, log_many
from crm.bulk.models import BulkChange
from crm.bulk.rows import Outcome
from crm.events.outbox import record_many
from crm.search.documents import refresh_principals
from crm.users.models import Team, User


class Sharing:
    """`values` are {"holder": "person-7" or "team-3", "right": "none", "view" or "change"}. Raises ValidationError."""

    verb = "share"

    def __init__(self, change: BulkChange, by: User) -> None:
        self.by, self.type, self.model = by, change.type, change.type.model
        self.right = Right(change.values["right"])
        self.holder = holder_of(change.values["holder"], by)

    def judge(self, keys: Sequence[int]) -> Outcome:
        rights = rights_of_many(self.model, keys, self.holder)
        return Outcome(same={pk for pk in keys if rights.get(pk, Right.NONE) == self.right})

    def do(self, keys: Sequence[int], job_id: int | None) -> Outcome:
        rights = rights_of_many(self.model, keys, self.holder)
        outcome = self.judge(keys)
        changed = [pk for pk in keys if pk not in outcome.same]
        self._set(dict.fromkeys(changed, self.right), rights, job_id)
        outcome.done = {pk: (0, {"right": rights.get(pk, Right.NONE).value}) for pk in changed}
        return outcome

    def undo(self, old: Mapping[int, tuple[int, dict[str, Any]]], job_id: int | None) -> Outcome:
        """Where the share is still as this change made it."""
        now = rights_of_many(self.model, list(old), self.holder)
        moved = {pk for pk in old if now.get(pk, Right.NONE) != self.right}
        self._set({pk: Right(row["right"]) for pk, (_version, row) in old.items() if pk not in moved}, now, job_id)
        refused = dict.fromkeys(moved, _("Somebody changed the share since, so that stays."))
        return Outcome(refused=refused, done={pk: row for pk, row in old.items() if pk not in moved})

    def _set(self, rights: Mapping[int, Right], before: Mapping[int, Right], job_id: int | None) -> None:
        """The shares, and what share_record and unshare_record write beside them."""
        names = {record.pk: str(record) for record in self.model._base_manager.filter(pk__in=rights)}
        for right in set(rights.values()):
            keys = [pk for pk, wanted in rights.items() if wanted == right]
            set_rights(self.model, keys, self.holder, right, by=self.by)
            refresh_principals(self.type, keys)
            verb = f"{self.type.key}.{'unshared' if right == Right.NONE else 'shared'}"
            new = None if right == Right.NONE else f"{self.holder} ({right.label})"
            entries = ((pk, names[pk], {"shares": (None if new else str(self.holder), new)}) for pk in keys)
            log_many(self.model, entries, action=UPDATE, verb=verb, by=self.by, job_id=job_id)
            data = {"with": [self.holder._meta.model_name, self.holder.pk]}
            record_many(verb, self.type.key, dict.fromkeys(keys, data), by=self.by)


def holder_of(text: str, by: User) -> User | Team:
    """ "person-7" or "team-3" of the own organization. Raises ValidationError."""
    kind, _dash, key = text.partition("-")
    pk = int(key) if key.isdecimal() and len(key) < 19 else 0
    if kind == "person":
        found: User | Team | None = User.objects.of_organization(by.organization_id).active().filter(pk=pk).first()
    else:
        found = Team.objects.filter(organization_id=by.own_organization_id, pk=pk).first()
    if found is None:
        raise ValidationError(_("Choose a person or a team of your organization."))
    return found
