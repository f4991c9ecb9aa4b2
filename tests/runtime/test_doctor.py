"""/healthz names the culprit; doctor says what is wrong in sentences."""

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from pytest_django import Settings

from crm.runtime import doctor, health, heartbeat
from tests.tenancy.test_policies import OUTSIDE

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def at_work(db: None) -> None:
    heartbeat.beat(heartbeat.client())


def healthz() -> tuple[int, dict[str, str]]:
    answer = Client().get("/healthz")
    return answer.status_code, json.loads(answer.content)


def test_all_is_well_while_a_worker_gives_its_sign(at_work: None) -> None:
    assert healthz() == (200, {"database": "ok", "cache": "ok", "worker": "ok"})


def test_a_silent_worker_is_named(at_work: None) -> None:
    heartbeat.client().delete(heartbeat.KEY)
    status, said = healthz()
    assert status == 503
    assert said == {"database": "ok", "cache": "ok", "worker": "gave no sign for 20 seconds"}


def test_an_absent_cache_is_named(db: None, settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE
    status, said = healthz()
    assert status == 503
    assert said["database"] == "ok" and said["cache"] == "does not answer" and said["worker"] != "ok"


def test_an_absent_database_is_named(at_work: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("secret address")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", fail)
        found = health.health()
    assert found["database"] == "does not answer" and found["worker"] == "ok"


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_doctor_finds_the_test_installation_in_order() -> None:
    for check in (doctor.app_role, doctor.owner_role, doctor.policies, doctor.migrations, doctor.clock, doctor.postgres_version):
        found = check()
        assert not found.wrong, found.sentence


def test_the_doctor_names_a_role_that_passes_the_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_row", lambda *_: ("postgres", True, True))
    assert doctor.app_role().wrong and "is a superuser" in doctor.app_role().sentence


def roles(owner: tuple[str, bool, bool], migrating: str) -> Any:
    """An installation with this owner of the tables, and this role in MIGRATION_DATABASE_URL."""

    def row(alias: str, statement: str, *_: Any) -> tuple[Any, ...]:
        return owner if statement == doctor._OWNER else ({"default": "tern_app", "owner": migrating}[alias], False, False)

    return row


@pytest.mark.parametrize(
    ("owner", "migrating", "said"),
    [
        (("tern_owner", False, False), "tern_owner", "ALTER ROLE tern_owner BYPASSRLS"),
        (("tern_app", False, False), "tern_app", "Give MIGRATION_DATABASE_URL a role"),
        (("tern_owner", False, True), "somebody", "signs in as “somebody”"),
    ],
)
def test_the_doctor_names_an_owner_that_would_not_do(
    monkeypatch: pytest.MonkeyPatch, owner: tuple[str, bool, bool], migrating: str, said: str
) -> None:
    monkeypatch.setattr(doctor, "_row", roles(owner, migrating))
    assert doctor.owner_role().wrong and said in doctor.owner_role().sentence


def test_a_process_without_the_owners_password_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_row", roles(("tern_owner", False, True), "tern_app"))
    assert not doctor.owner_role().wrong


def test_the_doctor_sees_pages_that_would_redirect_to_themselves(settings: Settings) -> None:
    settings.DEBUG, settings.SECURE, settings.TRUSTED_PROXIES, settings.ALLOWED_HOSTS = False, True, [], ["crm.example.com"]
    assert doctor.addresses().wrong and "Set TERN_TRUSTED_PROXIES" in doctor.addresses().sentence
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert not doctor.addresses().wrong


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_doctor_names_a_table_without_a_policy() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE open_table (organization_id bigint)")
    found = doctor.policies()
    assert found.wrong and "open_table" in found.sentence


def test_tables_without_a_policy_are_those_with_a_reason(settings: Settings) -> None:
    assert set(OUTSIDE) <= set(settings.OUTSIDE_TENANT_POLICIES)


def test_the_doctor_compares_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_row", lambda *_: (doctor.datetime.now(doctor.UTC) - timedelta(minutes=3),))
    assert doctor.clock().wrong and "180 seconds" in doctor.clock().sentence


def test_the_doctor_says_where_mails_go(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "crm.mail.backends.HeldMailBackend"
    assert doctor.mail().wrong and "Set EMAIL_URL" in doctor.mail().sentence
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "mail.example.com"
    assert doctor.mail() == doctor.Finding(False, "Mail goes through mail.example.com.")


def test_the_doctor_sees_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "not yet" / "made"
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: SimpleNamespace(free=int(0.4e9)) if folder == tmp_path else None)
    assert doctor.disk() == doctor.Finding(
        True, f"Only 0.4 GB are left on the disk that holds {tmp_path}. Make room before imports and uploads fail."
    )


def test_the_doctor_names_servers_that_are_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_row", lambda *_: ("150004",))
    assert doctor.postgres_version() == doctor.Finding(True, "PostgreSQL is version 15; Tern needs 16 or newer.")
    monkeypatch.setattr(heartbeat, "client", lambda: SimpleNamespace(info=lambda _: {"redis_version": "6.0.16"}))
    assert doctor.redis_version().wrong and "Redis is version 6.0.16" in doctor.redis_version().sentence


def test_the_doctor_names_a_redis_out_of_reach(settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE
    assert doctor.redis_version().wrong and "Check REDIS_URL" in doctor.redis_version().sentence


def test_the_doctor_asks_nothing_of_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "health", lambda: {"database": "does not answer", "cache": "ok", "worker": "ok"})
    monkeypatch.setattr(doctor, "_row", lambda *_: pytest.fail("it was asked"))
    said = [finding.sentence for finding in doctor.examine()]
    assert said[0] == "The database does not answer. Check DATABASE_URL, and whether PostgreSQL runs."


def test_the_doctor_sees_open_errors_and_passwords_in_clear(settings: Settings) -> None:
    settings.DEBUG = True
    assert doctor.addresses().wrong and "DEBUG is on" in doctor.addresses().sentence
    settings.DEBUG, settings.SECURE, settings.ALLOWED_HOSTS = False, False, ["localhost", "crm.example.com"]
    assert doctor.addresses().wrong and "crm.example.com is served without HTTPS" in doctor.addresses().sentence
