"""Second factors: what lies in the database, recovery codes, and a role that requires one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.users.models import Role, User
from tests.access.rows import ROWS, make_world
from tests.factories.people import PASSWORD
from tests.users.test_signing_in import code_of, is_signed_in, sign_in, with_app


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alice_with_password(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def raw_column(kind: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE type = %s", [kind])
        return str(cursor.fetchone()[0])


def test_neither_the_apps_secret_nor_recovery_codes_can_be_read_in_the_database(alice: User) -> None:
    secret = with_app(alice)
    codes = RecoveryCodes.activate(alice)
    assert secret not in raw_column("totp")
    kept = raw_column("recovery_codes")
    assert '"v1:' in kept
    assert not [code for code in codes.get_unused_codes() if code in kept]


def test_a_recovery_code_signs_in_once(alice_with_password: User) -> None:
    with_app(alice_with_password)
    code = RecoveryCodes.activate(alice_with_password).get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        sign_in(client, alice_with_password)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(client) is expected
        cache.clear()


def test_recovery_codes_are_shown_once_with_a_download_and_not_again(alice_with_password: User) -> None:
    client = Client()
    sign_in(client, alice_with_password)
    secret = with_app(alice_with_password)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    code = Authenticator.objects.get(user=alice_with_password, type="recovery_codes").wrap().get_unused_codes()[0]
    first = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert f"<code>{code}</code>" in first
    assert 'download="tern-recovery-codes.txt" href="data:text/plain;charset=utf-8,' in first
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert code not in again
    assert "10 of 10 codes are left" in again
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403


OPEN = {"theme", "offline", "service-worker", "healthz", "api-document"}


def test_without_the_factor_that_the_role_requires_no_address_does_anything(alice: User, cast: dict[str, User], client_of: Any) -> None:
    world = make_world(cast)
    Role.objects.filter(pk=alice.role_id).update(requires_second_factor=True)
    client = client_of(alice)
    through: list[str] = []
    for name, row in ROWS.items():
        if name in OPEN:
            continue
        address = reverse(name, args=row.args(world))
        ask = client.post if row.method == "POST" else client.get
        plain, fragment = ask(address), ask(address, headers={"HX-Request": "true"})
        if row.anonymous in {401, 404} and plain.status_code == row.anonymous:
            continue
        if plain.status_code != 302 or plain["Location"] != "/accounts/2fa/" or fragment.headers.get("HX-Redirect") != "/accounts/2fa/":
            through.append(name)
    assert through == []
    world.customer.refresh_from_db()
    assert world.customer.deleted_at is None


def test_neither_the_own_addresses_nor_the_password_can_be_changed_before_the_factor_is_set_up(alice: User, client_of: Any) -> None:
    Role.objects.filter(pk=alice.role_id).update(requires_second_factor=True)
    client = client_of(alice)
    for address in ("/accounts/email/", "/accounts/password/change/"):
        assert client.get(address)["Location"] == "/accounts/2fa/"
    assert "Your role requires a second factor" in client.get("/accounts/2fa/").content.decode()
    assert client.post("/accounts/logout/").status_code == 302
