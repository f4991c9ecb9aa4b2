"""One page beside its floor: both in one process, in turns, so that whatever disturbs the machine disturbs both."""

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connections

from bench.browser import Browser, Statements, counted, signed_in
from bench.cases import Case, Goal, floor_of
from bench.floor import FloorHandler
from bench.world import Person, World
from crm.config.wsgi import application

WARM_UP, TURNS, LEAST, BUDGET = 2, 30, 8, 3.0


@dataclass(frozen=True)
class Times:
    """Seconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        return cls(median(seconds), quantiles(seconds, n=20, method="inclusive")[-1])


@dataclass(frozen=True)
class Cell:
    """A page as one person sees it, in an organization of `customers`. Times in seconds, `statements` by kind: data, who, frame."""

    case: str
    person: str
    customers: int
    sees: int
    page: Times
    floor: Times
    data: int
    who: int
    frame: int
    statement_seconds: float
    floor_statement_seconds: float
    size: int
    goal: Goal
    turns: int

    @property
    def ratio(self) -> float:
        return self.page.p50 / self.floor.p50

    @property
    def reached(self) -> bool:
        return self.goal.allows(self.person, self.ratio, self.statement_seconds)


@dataclass(frozen=True)
class Growth:
    """Seconds of one page for two people: of the small organization and of the large one."""

    case: str
    small: str
    large: str
    small_sees: int
    large_sees: int
    before: float
    after: float

    @property
    def times(self) -> float:
        return self.after / self.before


class WrongAnswer(Exception):
    """A page that is measured did not answer 200."""


def cells_of(world: World, cases: Iterable[Case]) -> Iterator[Cell]:
    """All pages as all people see them."""
    floor = Browser(FloorHandler())
    browsers = {person.key: signed_in(application, person.user) for person in world.people}
    for case in cases:
        for person in world.people:
            yield _cell(world, case, person, browsers[person.key], floor)


def growth_of(small: World, large: World, cases: Iterable[Case]) -> Iterator[Growth]:
    """How much longer a page takes in the large organization, both in turns: by the same share of the rows, and by as many rows."""
    for case in cases:
        for one, other in _pairs(small, large):
            browsers = signed_in(application, one.user), signed_in(application, other.user)
            before, after = in_turns(lambda: _get(browsers[0], case.page(one)), lambda: _get(browsers[1], case.page(other)))  # noqa: B023
            yield Growth(case.key, one.key, other.key, one.sees, other.sees, median(before), median(after))


def _pairs(small: World, large: World) -> Iterator[tuple[Person, Person]]:
    people = {person.key: person for person in small.people}
    for person in large.people:
        yield people[person.key], person
    most = max(small.people, key=lambda person: person.sees)
    yield most, min(large.people, key=lambda person: abs(person.sees - most.sees))


def _cell(world: World, case: Case, person: Person, browser: Browser, floor: Browser) -> Cell:
    def page() -> float:
        return _get(browser, case.page(person))

    def bare() -> float:
        return _get(floor, floor_of(world, case, person))

    page_times, floor_times = in_turns(page, bare)
    statements = [_counted(page) for _ in range(3)]
    answer, first = browser.get(case.page(person)), statements[0][1]
    return Cell(
        case=case.key,
        person=person.key,
        customers=world.customers,
        sees=person.sees,
        page=Times.of(page_times),
        floor=Times.of(floor_times),
        data=len(first.data),
        who=len(first.who),
        frame=len(first.frame),
        statement_seconds=median(seconds for seconds, _ in statements),
        floor_statement_seconds=median(_counted(bare)[0] for _ in range(3)),
        size=len(answer.body),
        goal=case.goal,
        turns=len(page_times),
    )


def in_turns(one: Callable[[], float], other: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Warm both up, then A B A B: thirty turns, fewer where they would take more than three seconds."""
    warm = sum(one() + other() for _ in range(WARM_UP)) / WARM_UP
    gc.collect()
    turns = max(LEAST, min(TURNS, int(BUDGET / max(warm, 0.001))))
    pairs = [(one(), other()) for _ in range(turns)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def _get(browser: Browser, path: str) -> float:
    answer = browser.get(path)
    if answer.status != 200:
        raise WrongAnswer(f"{path} answered {answer.status}")
    return answer.seconds


def _counted(call: Callable[[], float]) -> tuple[float, Statements]:
    with counted() as statements:
        call()
    return statements.seconds, statements


def close() -> None:
    for connection in connections.all():
        connection.close()
