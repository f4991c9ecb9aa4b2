"""A list's rule as a tree to look at and to change by links: groups in groups, all or any, left out. Each link is the list's next one."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from crm.fields.record_types import RecordType
from crm.query.places import DEEPEST, as_group, part_at, replaced
from crm.query.rules import Condition, Group, Not, Rule
from crm.query.words import Speaker
from crm.users.models import User
from crm.views.list_state import ListState

OPEN = ("build", "1")


@dataclass(frozen=True)
class Node:
    """A condition or a group of the tree. Addresses are "" where the link makes no sense; `label` names the part for screen readers."""

    place: str
    remove_url: str
    label: str
    field: str = ""
    operator: str = ""
    value: str = ""
    edit_url: str = ""
    how: str = ""
    is_left_out: bool = False
    all_url: str = ""
    any_url: str = ""
    left_out_url: str = ""
    add_url: str = ""
    add_group_url: str = ""
    is_edited: bool = False
    is_added_to: bool = False
    members: list["Node"] = dataclasses.field(default_factory=list)


class RuleBuilder:
    """The tree of one list's state; `params` say which part's form is open."""

    def __init__(self, state: ListState, record_type: RecordType, user: User, params: Any) -> None:
        self.state, self.params = state, params
        self.speaker = Speaker(record_type, user, [state.rule])

    @property
    def tree(self) -> Node:
        return self._group(self.state.rule, "", 1, left_out=False)

    @property
    def sentence(self) -> str:
        """The whole rule in words."""
        return self.speaker.sentence(self.state.rule) if self.state.rule.members else ""

    def _node(self, rule: Rule, place: str, depth: int) -> Node:
        if isinstance(rule, Condition):
            words = self.speaker.words(rule)
            return Node(
                place,
                self._with(place, None),
                str(words),
                words.field,
                words.operator,
                words.value,
                self._url(edit=place),
                is_edited=self.params.get("edit") == place,
            )
        if isinstance(rule, Not):
            inner = rule.member if isinstance(rule.member, Group) else Group("all", (rule.member,))
            return self._group(inner, place, depth, left_out=True, inside=f"{place}.0" if isinstance(rule.member, Group) else "")
        return self._group(rule, place, depth, left_out=False)

    def _group(self, group: Group, place: str, depth: int, *, left_out: bool, inside: str | None = None) -> Node:
        """`place` is the whole part's, `inside` the group's own where something stands around it: "" for a lone condition left out."""
        own = place if inside is None else inside
        prefix = f"{own}." if own else "" if inside is None else f"{place}."
        either = Group("any" if group.how == "all" else "all", group.members)
        urls = {group.how: "", either.how: self._with(own, either) if len(group.members) > 1 and inside != "" else ""}
        return Node(
            place,
            self._with(place, None) if place else "",
            self.speaker.sentence(group),
            how=group.how,
            is_left_out=left_out,
            all_url=urls["all"],
            any_url=urls["any"],
            left_out_url=self._with(place, group if left_out else Not(group)) if place else "",
            add_url=self._url(add="", at=own) if inside != "" else "",
            add_group_url=self._url(add="", at=own, group="any" if group.how == "all" else "all")
            if depth < DEEPEST and inside != ""
            else "",
            is_added_to="add" in self.params and self.params.get("at", "") == own,
            members=[self._node(member, f"{prefix}{number}", depth + 1) for number, member in enumerate(group.members)],
        )

    def _with(self, place: str, part: Rule | None) -> str:
        """The address of the list with another part at the place."""
        return self.state.but(rule=as_group(replaced(self.state.rule, place, part))).query(OPEN)

    def _url(self, **more: str) -> str:
        return self.state.query(OPEN, *more.items())


def is_open(params: Any) -> bool:
    """Whether the address asks for the tree."""
    return bool(params.get("build"))


def condition_at(rule: Group, place: str) -> Condition | None:
    """The condition that stands at the place."""
    part = part_at(rule, place) if place else None
    return part if isinstance(part, Condition) else None
