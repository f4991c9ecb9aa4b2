"""What a change of roles means, before it is saved: who has them, what they gain or lose, and how many records that is."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crm.setup.grids import Difference, RoleGrids
from crm.ui.formats import number
from crm.users.models import Role, User, Verb

NAMES_SHOWN = 12
COLUMNS = 6
CAP = 10_000


@dataclass
class Counted:
    """How many records of one kind each person reaches with one verb, before and after; at most CAP + 1 is counted."""

    difference: Difference
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def text_of(self, person: User) -> tuple[str, str]:
        before, after = self.counts[person.pk]
        return _text(before), _text(after)

    @property
    def title(self) -> str:
        return f"{self.difference.what}: {self.difference.record_type.label_plural}"


@dataclass
class ReviewGroup:
    """One changed role: what people with it gain and lose. `facts` are (label, old, new) of the role itself."""

    role: Role
    after: Role
    facts: list[tuple[Any, Any, Any]]
    differences: list[Difference]
    everybody: list[User]

    @property
    def gains(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.gain]

    @property
    def losses(self) -> list[Difference]:
        return [difference for difference in self.differences if not difference.gain]

    @property
    def count(self) -> int:
        return len(self.everybody)

    @property
    def people(self) -> list[User]:
        return self.everybody[:NAMES_SHOWN]

    @property
    def others(self) -> int:
        return max(0, len(self.everybody) - NAMES_SHOWN)

    @cached_property
    def counted(self) -> list[Counted]:
        """The first changed reaches, as numbers of records of those who are named. Creating reaches no record that is there."""
        reaches = [one for one in self.differences if one.is_reach and one.key != Verb.CREATE]
        found = [Counted(difference) for difference in reaches[:COLUMNS]]
        for person in self.people:
            before, after = _with_role(person, self.role), _with_role(person, self.after)
            for one in found:
                one.counts[person.pk] = (_count(before, one.difference), _count(after, one.difference))
        return found

    @property
    def rows(self) -> list[tuple[User, list[tuple[str, str]]]]:
        """(person, [(before, after) for each of `counted`]), as text."""
        return [(person, [one.text_of(person) for one in self.counted]) for person in self.people]


def review_groups(grids: RoleGrids, facts: list[tuple[Any, Any, Any]]) -> list[ReviewGroup]:
    """One group for each role that changes; `facts` are those of the role that the editor is about."""
    changed = {role.pk: role for role in [grids.role, *grids.changed_roles()]}
    differences: dict[int, list[Difference]] = defaultdict(list)
    for difference in grids.differences():
        differences[difference.role.pk].append(difference)
    people: dict[int, list[User]] = defaultdict(list)
    here = User.objects.of_organization(grids.role.organization_id).active().filter(role__in=changed).select_related("team")
    for person in here.order_by("name"):
        people[person.role_id or 0].append(person)
    groups = [
        ReviewGroup(role, _after(grids, role), facts if role == grids.role else [], differences[role.pk], people[role.pk])
        for role in changed.values()
    ]
    return [group for group in groups if group.differences or group.facts]


def _after(grids: RoleGrids, role: Role) -> Role:
    """The role as it would be; not saved."""
    after, (reaches, _levels) = copy(role), grids.grids_of(role)
    after.reaches = {kind: {**role.reaches.get(kind, {}), **reaches.get(kind, {})} for kind in {*role.reaches, *reaches}}
    return after


def _with_role(person: User, role: Role) -> User:
    """The person as if with this role. What is remembered of them by reach is shared: it does not depend on the role."""
    person.__dict__.setdefault("_principals", {})
    likeness = copy(person)
    likeness.role = role
    return likeness


def _count(person: User, difference: Difference) -> int:
    records = difference.record_type.objects()
    if difference.key == Verb.VIEW:
        return int(records.visible_count(person, CAP))
    return int(records.permitted_to(person, difference.key).capped_count(CAP))


def _text(count: int) -> str:
    return number(count) if count <= CAP else f"{number(CAP)}+"
