"""Why a person sees a record, or why not: the rule chain in sentences, for the person or for whoever asks about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.access.decisions import may
from crm.access.principals import Principal, pks_among, principals_of
from crm.users.models import Reach, Team, User, Verb

Parents = Callable[[Any, User], Iterable[Any]]
_parents: dict[str, Parents] = {}


def register_parents_of(record_type: str, parents: Parents) -> None:
    """Say through which records the ones of this type are seen: those of one record that a person sees."""
    _parents[record_type] = parents


@dataclass
class Explanation:
    """Why a person sees a record, or why not. `reasons` are sentences; `hidden_fields` are labels, filled in by the page."""

    visible: bool
    may_change: bool
    reasons: list[str]
    hidden_fields: list[str] = field(default_factory=list)


def explain(user: User, record: Any, *, asker: User | None = None) -> Explanation:
    """The rule chain: role and reach, owner, team, teams below, shares, the records that it hangs on.

    Spoken to the person, or about them to an `asker`, who reads no name of a record out of the own sight.
    """
    reach = user.reach(record._meta.model_name, "view")
    if user.organization_id != record.organization_id:
        return Explanation(False, False, [_("It belongs to another organization.")])
    if reach == Reach.NONE:
        return Explanation(False, False, [_("The role “%(role)s” does not see this type of record.") % {"role": user.role}])
    if not type(record).objects.visible_to(user).filter(pk=record.pk).exists():
        text = _("The role “%(role)s” reaches “%(reach)s”: the owner is outside it, and the record is not shared.")
        return Explanation(False, False, [text % {"role": user.role, "reach": reach.label}])
    chain = _Chain(user, record, reach, asker or user)
    reasons = [*chain.of_columns(), *chain.of_shares()] or chain.of_parents()
    return Explanation(True, may(user, "change", record), reasons)


class _Chain:
    """The reasons of one person for one record."""

    def __init__(self, user: User, record: Any, reach: Reach, asker: User) -> None:
        self.user, self.record, self.reach, self.asker = user, record, reach, asker
        self.own = user.pk == asker.pk

    def of_columns(self) -> list[str]:
        """What the role reaches by itself, by the record's owner, by its team."""
        facts = {
            "role": self.user.role,
            "reach": self.reach.label,
            "person": self.user,
            "owner": self.record.owner,
            "team": self.record.team,
        }
        all_of_them = [_("The role “%(role)s” sees all of them.") % facts] if self.reach == Reach.ALL else []
        found = self._of_columns()
        if not found:
            return all_of_them
        return [*all_of_them, *[f"{sentence % facts} {_('The role “%(role)s” reaches “%(reach)s”.') % facts}" for sentence in found]]

    def _of_columns(self) -> list[str]:
        user, record = self.user, self.record
        if record.owner_id == user.pk:
            return [_("You own it.") if self.own else _("%(person)s owns it.")]
        if self.reach in {Reach.OWN, Reach.ALL}:
            return []
        principals, found = principals_of(user, record._meta.model_name, "view"), []
        if record.team_id and record.team_id in pks_among(principals, Principal.TEAM):
            found.append(self._of_team(same=record.team_id == user.team_id))
        if record.owner_id in pks_among(principals, Principal.OWNER):
            text = _("%(owner)s, who owns it, is in a team of yours.")
            found.append(text if self.own else _("%(owner)s, who owns it, is in a team of %(person)s."))
        return found

    def _of_team(self, *, same: bool) -> str:
        if same:
            return _("It belongs to your team %(team)s.") if self.own else _("It belongs to %(team)s, the team of %(person)s.")
        return (
            _("It belongs to %(team)s, a team below yours.") if self.own else _("It belongs to %(team)s, a team below that of %(person)s.")
        )

    def of_shares(self) -> list[str]:
        """Who shared it, with the person or with a team of theirs, and for what."""
        with_person = list(self.record.person_shares.filter(user=self.user).select_related("shared_by", "permission"))
        mine = list(self.user.groups.values_list("pk", flat=True))
        with_teams = list(self.record.team_shares.filter(group_id__in=mine).select_related("shared_by", "permission"))
        names = (
            {team.group_id: team for team in Team.objects.filter(group_id__in={row.group_id for row in with_teams})} if with_teams else {}
        )
        to_person = _("%(by)s shared it with you: %(right)s.") if self.own else _("%(by)s shared it with %(person)s: %(right)s.")
        to_team = (
            _("%(by)s shared it with your team %(team)s: %(right)s.")
            if self.own
            else _("%(by)s shared it with %(team)s, the team of %(person)s: %(right)s.")
        )
        found = [to_person % self._share(with_person, None)] if with_person else []
        for group, team in names.items():
            found.append(to_team % self._share([row for row in with_teams if row.group_id == group], team))
        return found

    def _share(self, rows: list[Any], team: Team | None) -> dict[str, Any]:
        rights = {row.permission.codename.partition("_")[0] for row in rows}
        by = next((row.shared_by for row in rows if row.shared_by), None) or _("Somebody")
        right = _("see and edit") if Verb.CHANGE in rights else _("see")
        return {"by": by, "person": self.user, "team": team, "right": right}

    def of_parents(self) -> list[str]:
        """The records that it hangs on, by name where whoever asks sees them, too."""
        parents = _parents.get(self.record._meta.model_name)
        seen = list(parents(self.record, self.user)) if parents else []
        if not self.own and parents:
            asked = {(one._meta.model_name, one.pk) for one in parents(self.record, self.asker)}
            seen = [one for one in seen if (one._meta.model_name, one.pk) in asked]
        facts = {"records": ", ".join(map(str, seen)), "person": self.user}
        if not seen:
            text = _("It belongs to a record that you can see.") if self.own else _("It belongs to a record that %(person)s can see.")
        else:
            text = (
                _("It belongs to %(records)s, which you can see.")
                if self.own
                else _("It belongs to %(records)s, which %(person)s can see.")
            )
        return [text % facts]
