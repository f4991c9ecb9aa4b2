"""The cast of the matrices: made once for a module, in one transaction that is rolled back; each test stands on a savepoint of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import Client

from crm.api.actions import create_token
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.access.rows import World, make_world
from tests.factories.people import make_cast, make_organization

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    """Two organizations and their people, the administrators with a second factor, in the tenant of the first.

    Not together with the database fixtures of pytest-django.
    """
    with django_db_blocker.unblock(), undone():
        ours, theirs = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
        with tenant(ours):
            cast = make_cast(ours, theirs)
            for administrator in (cast["ada"], cast["charlie"]):
                Authenticator.objects.create(user=administrator, type=Authenticator.Type.TOTP, data={})
            yield cast


@pytest.fixture(scope="module")
def browser_of(stage: dict[str, User]) -> Callable[[User], Client]:
    """`browser_of(user)`: a new browser in which that person is signed in, and which shows the person's token to the API.

    Everybody signed in once, outside of all savepoints.
    """
    cookies: dict[int, str] = {}
    tokens: dict[int, str] = {}
    for user in stage.values():
        client = Client()
        client.force_login(user, backend=BACKEND)
        cookies[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        with tenant(user.own_organization_id):
            _token, tokens[user.pk] = create_token(user, name="Matrix", scopes=["*:*"])

    def browser(user: User) -> Client:
        client = Client(headers={"Authorization": f"Bearer {tokens[user.pk]}"})
        client.cookies[settings.SESSION_COOKIE_NAME] = cookies[user.pk]
        return client

    return browser


@pytest.fixture(scope="module")
def standing(stage: dict[str, User], browser_of: Callable[[User], Client]) -> Iterator[World]:
    """Alice's customer with all that hangs on it."""
    with undone():
        yield make_world(stage)


@pytest.fixture
def savepoint(stage: dict[str, User]) -> Iterator[None]:
    """What the test writes is gone after it."""
    with undone():
        yield
