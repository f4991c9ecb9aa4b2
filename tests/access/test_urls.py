"""Every address × person. A new address without its row fails."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.runtime import heartbeat
from crm.users.models import User
from tests.access.rows import FOREIGN, PEOPLE, ROWS, World

pytestmark = pytest.mark.usefixtures("savepoint")


def named(patterns: list[Any], namespace: str = "") -> list[str]:
    names: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names += named(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            names.append(namespace + (pattern.name or str(pattern.pattern)))
    return names


ALL = sorted(set(named(get_resolver().url_patterns)))


def test_every_address_has_its_row() -> None:
    assert [name for name in ALL if name not in ROWS and name not in FOREIGN] == []


def test_no_row_is_left_over() -> None:
    assert [name for name in (*ROWS, *FOREIGN) if name not in ALL] == []


def ask(client: Client, name: str, world: World) -> Any:
    row = ROWS[name]
    url = reverse(name, args=row.args(world))
    if row.json:
        return client.generic(row.method, url, json.dumps(row.data(world)), content_type="application/json")
    return client.post(url, row.data(world)) if row.method == "POST" else client.get(url)


@pytest.fixture(scope="module", autouse=True)
def no_worker_runs() -> None:
    """What another test's worker left behind is no sign of life."""
    heartbeat.client().delete(heartbeat.KEY)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_anonymous_is_sent_to_the_log_in(name: str, standing: World) -> None:
    answer = ask(Client(), name, standing)
    assert answer.status_code == ROWS[name].anonymous
    if answer.status_code == 302:
        assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_address_answers_this_person(name: str, person: str, standing: World, browser_of: Callable[[User], Client]) -> None:
    assert ask(browser_of(standing.people[person]), name, standing).status_code == ROWS[name].statuses[person]
