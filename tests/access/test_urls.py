"""Every address × person. A new address without its row fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.users.models import User
from tests.access.rows import FOREIGN, ROWS, World, make_world

PEOPLE = ("alice", "bob", "dora", "sam", "ada", "charlie")


def named(patterns: list[Any], namespace: str = "") -> list[str]:
    names: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names += named(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.append(namespace + pattern.name)
    return names


ALL = sorted(set(named(get_resolver().url_patterns)))


def test_every_address_has_its_row() -> None:
    assert [name for name in ALL if name not in ROWS and name not in FOREIGN] == []


def test_no_row_is_left_over() -> None:
    assert [name for name in (*ROWS, *FOREIGN) if name not in ALL] == []


@pytest.fixture
def world(cast: dict[str, User]) -> World:
    return make_world(cast)


def ask(client: Client, name: str, world: World) -> int:
    row = ROWS[name]
    url = reverse(name, args=row.args(world))
    answer = client.post(url, row.data(world)) if row.method == "POST" else client.get(url)
    return answer.status_code


@pytest.mark.parametrize("name", sorted(ROWS))
def test_anonymous_is_sent_to_the_log_in(name: str, world: World) -> None:
    row = ROWS[name]
    url = reverse(name, args=row.args(world))
    answer = Client().post(url) if row.method == "POST" else Client().get(url)
    if row.anonymous == 302:
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
    else:
        assert answer.status_code == row.anonymous


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_address_answers_this_person(name: str, person: str, world: World, client_of: Callable[[User], Client]) -> None:
    assert ask(client_of(world.people[person]), name, world) == ROWS[name].statuses[person]
