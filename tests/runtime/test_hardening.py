"""What every answer says to browsers, and what the settings are where nobody set anything."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from crm.users.models import User

NAMES = (
    "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_PROXY_SSL_HEADER",
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES",
)  # fmt: skip


@cache
def settings_with(**environment: str) -> dict[str, Any]:
    """The settings of an installation with this environment and no other."""
    asked = f"import json; from django.conf import settings; print(json.dumps({{n: getattr(settings, n) for n in {NAMES!r}}}))"
    kept = {name: os.environ[name] for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PATH", "PYTHONPATH") if name in os.environ}
    facts = {**kept, **environment, "DJANGO_SETTINGS_MODULE": "crm.config.settings"}
    done = subprocess.run([sys.executable, "-c", asked], env=facts, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_behind_https_cookies_are_secure_and_browsers_stay_there() -> None:
    found = settings_with(TERN_BASE_URL="https://crm.example")
    on = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS")
    assert [name for name in on if not found[name]] == []
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://crm.example"]


def test_without_being_asked_nothing_is_debugged_and_no_proxy_is_believed() -> None:
    found = settings_with(TERN_BASE_URL="https://crm.example")
    assert found["DEBUG"] is False
    assert found["TRUSTED_PROXIES"] == []
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert "*" not in found["ALLOWED_HOSTS"]
    assert "crm.example" in found["ALLOWED_HOSTS"]
    assert (found["SESSION_COOKIE_SAMESITE"], found["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["CSRF_COOKIE_HTTPONLY"]


ADDRESSES = {
    "/accounts/login/": 200, "/customers/": 200, "/nothing-there/": 404, "/setup/": 403, "/api/v1/docs": 200, "/api/v1/customers": 401,
    "/api/v1/openapi.json": 200, "/healthz": 200, "/offline/": 200, "/service-worker.js": 200, "/admin/": 403, "/?q=%00": 400,
}  # fmt: skip


def policy_of(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts if name}


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_answer_is_strict(address: str, alice_client: Client) -> None:
    """The same policy everywhere, without exceptions: scripts and styles are files of ours, nobody frames us, nothing is guessed."""
    alice_client.raise_request_exception = False
    answer = alice_client.get(address)
    assert answer.status_code in {ADDRESSES[address], 302, 503}
    policy = policy_of(answer)
    assert (policy["default-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'", "'none'")
    assert (policy["script-src"], policy["style-src"], policy["form-action"]) == ("'self'", "'self'", "'self'")
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_view_has_a_policy_of_its_own() -> None:
    found = [
        str(path)
        for room in ("crm", "customers", "sales", "marketing", "support", "reporting")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if any(word in path.read_text() for word in ("csp_exempt", "csp_update", "csp_replace", "xframe_options_", "csrf_exempt"))
    ]
    assert found == [str(settings.BASE_DIR / "crm/imports/views/wizard.py")]  # asks for the token itself, behind the quota of the file


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "x y"])
def test_a_host_of_somebody_else_is_refused(host: str, db: None) -> None:
    assert Client(raise_request_exception=False).get("/accounts/login/", headers={"Host": host}).status_code == 400


def test_over_https_the_answer_says_so_for_a_year(alice: User) -> None:
    with override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        answer = Client().get("/accounts/login/", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_form_of_too_many_fields_is_refused(alice_client: Client) -> None:
    alice_client.raise_request_exception = False
    many = {f"f{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert alice_client.post("/theme/", many).status_code == 400


def test_a_form_that_is_too_large_is_refused(alice_client: Client) -> None:
    alice_client.raise_request_exception = False
    large = "theme=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = alice_client.post("/theme/", large, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 413}
