"""Where a part stands in a rule: "2" is the third member, "2.0" the first one inside it. Rules are changed by making another one."""

from crm.query.rules import Group, Not, Rule, RuleError

DEEPEST = 3


def members_of(rule: Rule) -> tuple[Rule, ...]:
    """What is directly inside."""
    if isinstance(rule, Group):
        return rule.members
    return (rule.member,) if isinstance(rule, Not) else ()


def part_at(rule: Rule, place: str) -> Rule | None:
    """The part at a place, the rule itself at ""; None where there is nothing."""
    for step in _steps(place):
        members = members_of(rule)
        if not 0 <= step < len(members):
            return None
        rule = members[step]
    return rule


def replaced(rule: Rule, place: str, part: Rule | None) -> Rule | None:
    """The rule with another part at the place, or without it. Groups that hold nothing any more go, too: None when all is gone."""
    return _replaced(rule, _steps(place), part)


def added(rule: Group, place: str, part: Rule) -> Group:
    """The rule with one part more in the group at the place. Raises RuleError where no group is."""
    group = part_at(rule, place)
    if not isinstance(group, Group):
        raise RuleError("There is no such group.")
    return as_group(replaced(rule, place, group.but(*group.members, part)))


def as_group(rule: Rule | None) -> Group:
    """The rule as the outermost group."""
    if rule is None:
        return Group()
    return rule if isinstance(rule, Group) else Group("all", (rule,))


def _replaced(rule: Rule, steps: list[int], part: Rule | None) -> Rule | None:
    if not steps:
        return part
    members = members_of(rule)
    if not 0 <= steps[0] < len(members):
        return rule
    changed = [
        kept
        for number, member in enumerate(members)
        if (kept := _replaced(member, steps[1:], part) if number == steps[0] else member) is not None
    ]
    if not changed:
        return None
    return Not(changed[0]) if isinstance(rule, Not) else as_group(rule).but(*changed)


def _steps(place: str) -> list[int]:
    """Nothing that is no number leads anywhere."""
    return [int(step) if step.isascii() and step.isdecimal() and len(step) < 4 else -1 for step in place.split(".")] if place else []
