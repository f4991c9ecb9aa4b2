"""The pages that are measured, each with the address of its floor and what is to be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bench.world import Person, World, after
from crm.api.addresses import PREFIX


@dataclass(frozen=True)
class Goal:
    """`all` and `least`: most times the floor for people who see everything, and for the most restricted. `seconds`: of statements."""

    all: float = 0
    least: float = 0
    seconds: float = 0

    def allows(self, key: str, ratio: float, statement_seconds: float) -> bool:
        if self.seconds:
            return statement_seconds <= self.seconds
        return ratio <= (self.all if key == "everything" else self.least)


NEAR, FILTERED, TERM = Goal(3, 4), Goal(30, 30), Goal(seconds=0.2)


@dataclass(frozen=True)
class Case:
    """`grows`: whether the cost at 10,000 and at 1,000,000 customers is to be nearly the same."""

    key: str
    page: Callable[[Person], str]
    floor: Callable[[Person], str]
    goal: Goal
    grows: bool = False


def _list(key: str, query: str, floor: str, goal: Goal, *, grows: bool = False) -> Case:
    return Case(key, lambda _person: f"/customers/?{query}", lambda _person: f"customers/?{floor}", goal, grows)


def _search(key: str, text: str, goal: Goal) -> Case:
    query = f"q={quote(text)}"
    return Case(f"search {key}", lambda _person: f"/search/?{query}", lambda _person: f"search/?{query}", goal)


def _activities(key: str, kind: str) -> Case:
    return Case(key, lambda _person: f"/{kind}s/", lambda _person: f"activities/{kind}/", NEAR, grows=kind == "task")


def _far(person: Person) -> str:
    return f"customers/?at={quote(str(person.at.value))}&pk={person.at.pk}"


PAGES = [
    _list("list", "", "", NEAR, grows=True),
    Case("list, page 1000", lambda person: f"/customers/?{after(person)}", _far, NEAR, grows=True),
    _list("list by name", "sort=name", "sort=name", FILTERED),
    _list("list by revenue", "sort=-annual_revenue", "sort=-annual_revenue", FILTERED),
    _list("filter, common", "f=lifecycle:is:customer", "lifecycle=customer", FILTERED),
    _list("filter, rare", "f=lifecycle:is:competitor", "lifecycle=competitor", FILTERED),
    _list("filter, 30 rows", "f=billing_country:is:IS", "country=IS", FILTERED),
    _list("filter, common, by name", "f=billing_country:is:DE&sort=name", "country=DE&sort=name", FILTERED),
    _list("filter, rare, by name", "f=lifecycle:is:competitor&sort=name", "lifecycle=competitor&sort=name", FILTERED),
    Case("record", lambda person: f"/customers/{person.record}/", lambda person: f"customers/{person.record}/", NEAR, grows=True),
    Case("my day", lambda _person: "/", lambda person: f"day/{person.user.pk}/", NEAR, grows=True),
    _activities("tasks", "task"),
    _activities("calls", "call"),
    _activities("meetings", "meeting"),
    _activities("notes", "note"),
    _activities("e-mails", "email"),
    Case("REST list", lambda _person: f"{PREFIX}customers", lambda _person: "rest/", NEAR),
    Case("REST record", lambda person: f"{PREFIX}customers/{person.record}", lambda person: f"rest/{person.record}/", NEAR),
    _search("prefix", "kowalsk", NEAR),
    _search("rare", "c4711.example", NEAR),
    _search("digits", "0004711", NEAR),
    _search("common", "industries", TERM),
    _search("common address", "gmail", TERM),
    _search("two words", "kowalski marta", TERM),
    _search("two letters", "ko", TERM),
    _search("three digits", "276", TERM),
    _search("typing error", "kowalksi", TERM),
    _search("nothing", "zzqqxx", TERM),
]


def floor_of(world: World, case: Case, person: Person) -> str:
    return f"/{world.organization.pk}/{case.floor(person)}"
