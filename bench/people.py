"""Fifty people at once through real HTTP, as in production: python -m bench.people BASE --pids WEB WORKER (see docs/performance.md).

Each has a session and a token and works without hurry: a page, a few seconds of reading, the next one. Before them some of the same people
ask for the same pages, one at a time, so that both are measured in one run on one machine; and before that all work for half a minute
unmeasured, since a server that was just started reads everything from disk. It writes: on a seeded organization only.
"""

import argparse
import http.client
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

ALONE, EACH, WARM_UP, PATIENCE = 5, 4, 30.0, 120
TOKEN = "b" * 32
CHANCE = random.Random()  # noqa: S311  # which page comes next is no secret


@dataclass(frozen=True)
class Worker:
    """Somebody at work: cookies of a session, a token, and records within sight."""

    cookies: str
    token: str
    records: list[int]


@dataclass(frozen=True)
class Step:
    """One thing that is done, `weight` times as often as another."""

    name: str
    weight: int
    method: str
    path: Callable[[int], str]
    form: Callable[[int], dict[str, str]] | None = None


@dataclass
class Tally:
    """Seconds by step, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, step: str, seconds: float) -> None:
        self.seconds.setdefault(step, []).append(seconds)


STEPS = [
    Step("list", 4, "GET", lambda pk: "/customers/"),
    Step("record", 5, "GET", lambda pk: f"/customers/{pk}/"),
    Step("my day", 2, "GET", lambda pk: "/"),
    Step("search", 3, "GET", lambda pk: f"/search/?q={CHANCE.choice(['kowalsk', 'nord', '4711', 'gmail'])}"),
    Step("edit in the list", 2, "POST", lambda pk: f"/customers/{pk}/cell/phone/", lambda n: {"phone": f"+4930{1234567 + n}"}),
    Step("create", 1, "POST", lambda pk: "/customers/new/", lambda n: {"name": f"Bench {n}", "kind": "company", "lifecycle": "lead"}),
    Step("note", 2, "POST", lambda pk: f"/records/customer/{pk}/activities/note/", lambda n: {"body": f"Called about {n}"}),
    Step("REST list", 1, "GET", lambda pk: "/api/v1/customers"),
    Step("REST record", 2, "GET", lambda pk: f"/api/v1/customers/{pk}"),
]


class Hands:
    """One connection of one person, kept open as browsers do."""

    def __init__(self, base: str, worker: Worker, tally: Tally) -> None:
        self.base, self.worker, self.tally = urlsplit(base), worker, tally
        self._connection = self._open()

    def do(self, step: Step) -> None:
        """A redirect or an answer in the 200s is well."""
        path, form = step.path(CHANCE.choice(self.worker.records)), step.form
        body = urlencode(form(CHANCE.randrange(10**6))) if form else None
        begun = time.perf_counter()
        try:
            self._connection.request(step.method, path, body, self._headers(path, form is not None))
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.tally.errors.append(f"{step.name}: {error!r}")
            self._connection = self._open()
            return
        self.tally.add(step.name, time.perf_counter() - begun)
        if answer.status >= 400 or answer.headers.get("Location", "").startswith("/accounts/"):
            self.tally.errors.append(f"{step.name}: {answer.status} {path}")

    def _open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.base.hostname or "", self.base.port or 80, timeout=PATIENCE)

    def _headers(self, path: str, writes: bool) -> dict[str, str]:
        if path.startswith("/api/"):
            return {"Authorization": f"Bearer {self.worker.token}"}
        headers = {"Cookie": self.worker.cookies}
        if writes:
            headers |= {"X-CSRFToken": TOKEN, "Referer": self.base.geturl(), "Content-Type": "application/x-www-form-urlencoded"}
        return headers | ({"HX-Request": "true"} if "/cell/" in path else {})


def workers_of(slug: str, count: int) -> list[Worker]:
    """The first people of a seeded organization who see customers, each signed in."""
    from bench.browser import signed_in  # noqa: PLC0415  # after django.setup()
    from crm.tenancy.models import Organization  # noqa: PLC0415
    from crm.tenancy.transaction import tenant  # noqa: PLC0415
    from crm.users.models import User  # noqa: PLC0415
    from customers.models import Customer  # noqa: PLC0415

    organization, found = Organization.objects.get(slug=slug), []
    with tenant(organization):
        people = User.objects.select_related("organization", "role", "team").filter(organization=organization, is_active=True)
        for user in people.order_by("pk")[: 4 * count]:
            records = list(Customer.objects.permitted_to(user, "change").order_by("-updated_at").values_list("pk", flat=True)[:30])
            if records and len(found) < count:
                browser = signed_in(None, user)
                cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
                found.append(Worker(cookies, browser.token, records))
    return found


def alone(base: str, workers: list[Worker]) -> Tally:
    """Some people, spread over all of them, one after the other: everything a few times, as often as they do it together."""
    tally = Tally()
    for worker in workers[:: max(1, len(workers) // ALONE)][:ALONE]:
        hands = Hands(base, worker, tally)
        for _ in range(EACH):
            for step in STEPS:
                for _again in range(step.weight):
                    hands.do(step)
    return tally


def together(base: str, workers: list[Worker], seconds: float, pause: float) -> Tally:
    """All of them for so long; `pause` is the mean of what they read between two pages."""
    tally, end = Tally(), time.monotonic() + seconds
    weights = [step.weight for step in STEPS]

    def work(worker: Worker) -> None:
        hands = Hands(base, worker, tally)
        while (read := CHANCE.uniform(0.4, 1.6) * pause) < end - time.monotonic():
            time.sleep(read)
            hands.do(CHANCE.choices(STEPS, weights)[0])

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def resident(pids: list[int]) -> dict[str, float]:
    """MB of each process and of those below it."""
    parents, sizes = {}, {}
    for place in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in place.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        pid = int(facts["Pid"])
        parents[pid], sizes[pid] = int(facts["PPid"]), int(facts.get("VmRSS", "0 kB").split()[0]) / 1024
    return {str(pid): round(sum(size for one, size in sizes.items() if _is_below(one, pid, parents)), 1) for pid in pids}


def processor(pids: list[int]) -> float:
    """Seconds of processor that these processes and those below them have had."""
    found = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text().rpartition(")")
        except OSError:
            continue
        facts = rest.split()
        found[int(name.split()[0])] = (int(facts[1]), (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK"))
    parents = {pid: parent for pid, (parent, _seconds) in found.items()}
    return sum(seconds for pid, (_parent, seconds) in found.items() if any(_is_below(pid, top, parents) for top in pids))


def _is_below(pid: int, top: int, parents: dict[int, int]) -> bool:
    while pid not in (0, 1, top):
        pid = parents.get(pid, 0)
    return pid == top


def report(first: Tally, then: Tally, facts: dict[str, Any]) -> str:
    """A table as markdown, ratios of this run, and what else was seen."""
    lines = ["| step | alone p50 | together p50 | p95 | p95 / alone p50 | asked |", "|---|---|---|---|---|---|"]
    for step in STEPS:
        one, many = first.seconds.get(step.name, []), then.seconds.get(step.name, [])
        if len(one) > 1 and len(many) > 1:
            p50, p95 = median(one), quantiles(many, n=20, method="inclusive")[-1]
            ratio = f"{p95 / p50:.1f}{'' if p95 <= 10 * p50 else ' **!**'}"
            lines.append(f"| {step.name} | {1000 * p50:.0f} | {1000 * median(many):.0f} | {1000 * p95:.0f} | {ratio} | {len(many)} |")
    every = (sorted(chain.from_iterable(tally.seconds.values())) for tally in (first, then))
    one, many = next(every), next(every)
    p50, p95 = median(one), quantiles(many, n=20, method="inclusive")[-1]
    lines.append(f"| all | {1000 * p50:.0f} | {1000 * median(many):.0f} | {1000 * p95:.0f} | {p95 / p50:.1f} | {len(many)} |")
    errors = first.errors + then.errors
    return "\n".join([*lines, "", json.dumps(facts), f"errors: {len(errors)}", *errors[:10]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="http://127.0.0.1:8000")
    parser.add_argument("--organization", default="bench10k")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=6, help="Mean seconds between two pages of one person.")
    parser.add_argument("--pids", type=int, nargs="*", default=[], help="Processes whose memory is measured, with those below them.")
    asked = parser.parse_args()
    django.setup()
    workers = workers_of(asked.organization, asked.people)
    together(asked.base, workers, WARM_UP, asked.pause)
    first = alone(asked.base, workers)
    before, load = resident(asked.pids), Path("/proc/loadavg").read_text().split()[0]
    used = processor(asked.pids)
    then = together(asked.base, workers, asked.seconds, asked.pause)
    done = sum(map(len, then.seconds.values()))
    facts = {
        "people": len(workers), "per second": round(done / asked.seconds, 1), "memory before, MB": before, "after": resident(asked.pids),
        "processor per request, ms": round(1000 * (processor(asked.pids) - used) / max(done, 1)),
        "load before": load, "load at the end": Path("/proc/loadavg").read_text().split()[0],
    }  # fmt: skip
    sys.stdout.write(f"{report(first, then, facts)}\n")


if __name__ == "__main__":
    main()
