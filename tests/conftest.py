"""The test database and the cast: alice owns, bob is in her team, mona leads them, ada administers, charlie is a stranger."""

import gc
import hashlib
import inspect
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from crm.config.celery import app as celery
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.browser.chromium import chromium

__all__ = ["chromium"]


def pytest_collection_finish() -> None:
    """What stands in memory by now stays, and is not searched for garbage again with every some hundred requests: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_configure() -> None:
    """Of tests that run side by side each process has a Redis database of its own: clearing the cache empties all of it."""
    settings.WHITENOISE_AUTOREFRESH = True  # each Client reads all collected files otherwise
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not worker.isdigit():
        return
    url = urlsplit(settings.REDIS_URL)._replace(path=f"/{15 - int(worker) % 15}").geturl()
    os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    settings.CACHES["default"]["LOCATION"] = url
    celery.conf.broker_url = url


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """The owner role makes the test database and migrates it; everything else in the tests is the app role, as in production.

    Migrating takes half a minute, so it is done into a model that is copied from then on, until a migration is another.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    model = f"test_{settings.DATABASES['owner']['NAME']}"
    name = f"{model}_{worker or 'here'}"
    with django_db_blocker.unblock():
        with _alone() as maintenance:
            if _made_of(maintenance, model) != (migrations := _migrations()):
                _migrate(maintenance, model)
                maintenance.execute(f"COMMENT ON DATABASE \"{model}\" IS '{migrations}'")
            _recreate(maintenance, name, f'TEMPLATE "{model}"')
        _lead_to(name)
        yield
        for alias in ("owner", "default"):
            connections[alias].close()


def _migrations() -> str:
    """A fingerprint of all migrations, and of our modules that they import."""
    seen = hashlib.sha256()
    for key, migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        text = Path(inspect.getfile(type(migration))).read_text()
        seen.update(f"{key}{text}".encode())
        for name in re.findall(r"^from ((?:crm|customers)\.[\w.]+) import", text, re.MULTILINE):
            seen.update(Path(inspect.getfile(import_module(name))).read_bytes())
    return seen.hexdigest()


@contextmanager
def _alone() -> Iterator[Any]:
    """A connection of the owner to no database of the tests; one process at a time has it."""
    server = connections["owner"].settings_dict
    with psycopg.connect(
        host=server["HOST"], port=server["PORT"], user=server["USER"], password=server["PASSWORD"], dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('tern tests'))")
        yield connection


def _made_of(maintenance: Any, name: str) -> str:
    row = maintenance.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]).fetchone()
    return (row and row[0]) or ""


def _recreate(maintenance: Any, name: str, how: str = "") -> None:
    maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    maintenance.execute(f'CREATE DATABASE "{name}" {how}')


def _lead_to(name: str) -> None:
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _migrate(maintenance: Any, name: str) -> None:
    _recreate(maintenance, name)
    _lead_to(name)
    owner, role = connections["owner"], connections["default"].settings_dict["USER"]
    _grant(owner, role)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    _grant_truncate(owner, role)
    owner.close()


def _grant(owner: Any, role: str) -> None:
    with owner.cursor() as cursor:
        cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {role}")


def _grant_truncate(owner: Any, role: str) -> None:
    """Tests with `transaction=True` empty all tables at their end; the app role may do that here and nowhere else."""
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE auditlog_logentry")  # swapped for ours; as nobody's model it would stop the TRUNCATE
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")


@pytest.fixture
def organization(db: None) -> Organization:
    from tests.factories.people import make_organization

    return make_organization("Halden Instruments", "halden")


@pytest.fixture
def other_organization(db: None) -> Organization:
    from tests.factories.people import make_organization

    return make_organization("Other Ltd", "other")


@pytest.fixture
def in_tenant(organization: Organization) -> Iterator[Organization]:
    """The body of the test runs in the transaction of the organization."""
    with tenant(organization):
        yield organization


@pytest.fixture
def cast(in_tenant: Organization, other_organization: Organization) -> dict[str, User]:
    from tests.factories.people import make_cast

    return make_cast(in_tenant, other_organization)


@pytest.fixture
def alice(cast: dict[str, User]) -> User:
    return cast["alice"]


@pytest.fixture
def bob(cast: dict[str, User]) -> User:
    return cast["bob"]


@pytest.fixture
def mona(cast: dict[str, User]) -> User:
    return cast["mona"]


@pytest.fixture
def ada(cast: dict[str, User]) -> User:
    return cast["ada"]


@pytest.fixture
def charlie(cast: dict[str, User]) -> User:
    return cast["charlie"]


@pytest.fixture
def sam(cast: dict[str, User]) -> User:
    """A support agent: sees all customers, changes none."""
    return cast["sam"]


@pytest.fixture
def dora(cast: dict[str, User]) -> User:
    """A sales rep of a team beside alice's, below another manager."""
    return cast["dora"]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def client_of() -> Any:
    """`client_of(user)`: a browser in which that person is signed in."""
    return _client


@pytest.fixture
def alice_client(alice: User) -> Client:
    return _client(alice)


@pytest.fixture
def bob_client(bob: User) -> Client:
    return _client(bob)


@pytest.fixture
def mona_client(mona: User) -> Client:
    return _client(mona)


@pytest.fixture
def ada_client(ada: User) -> Client:
    return _client(ada)


@pytest.fixture
def charlie_client(charlie: User) -> Client:
    return _client(charlie)


@contextmanager
def as_tenant_of(user: User) -> Iterator[None]:
    with tenant(user.organization_id or 0):
        yield
