"""Browsers in the workshop: people with a second factor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.users.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def secure(user: User) -> User:
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def opens() -> Callable[[User], Client]:
    """`opens(user)`: a browser in which that person is signed in, with a second factor."""
    return lambda user: browser(secure(user))


@pytest.fixture
def ada_in(ada: User) -> Client:
    return browser(secure(ada))


@pytest.fixture
def charlie_in(charlie: User) -> Client:
    return browser(secure(charlie))


@pytest.fixture
def operator(db: None) -> User:
    return secure(User.objects.create_superuser("olga@host.example", name="Olga"))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is sent inside, when it is left."""
    told: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield told
    told.extend(query["sql"] for query in queries.captured_queries)


def values_of(page: Any) -> dict[str, Any]:
    """What the form of a page would send if nobody touched it."""
    form = page.context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    return {name: ("on" if value is True else value) for name, value in sent.items() if value not in (None, False, "")}
