"""How often a token may ask, and what its organization reads of it."""

from typing import Any

import pytest
import redis

from crm.api import limits
from crm.api.models import ApiRequest
from crm.lib import counters
from crm.users.models import User
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.factories.customers import make_customer


def test_the_answer_says_how_much_is_left_and_the_next_one_is_refused(alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)
    program = program_of(alice)
    counters._client().delete(*counters._client().keys("tern:api:*") or ["none"])
    first, second, third = (program.get("/customers") for _ in range(3))
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert second["RateLimit-Remaining"] == "0"
    is_problem(third, 429)
    assert third["Retry-After"] == third["RateLimit-Reset"] == str(60 - 1_800_000_010 % 60)
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_070.0)
    assert program.get("/customers").status_code == 200


def test_each_token_counts_for_itself(alice: User, bob: User, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    assert [program_of(person).get("/customers").status_code for person in (alice, bob, alice)] == [200, 200, 200]


def test_who_tries_tokens_is_stopped(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FAILURES", 2)
    monkeypatch.setattr(limits.time, "time", lambda: 1_900_000_010.0)
    counters._client().delete(*counters._client().keys("tern:api:unknown*") or ["none"])
    assert [Program(f"tern_{number}").get("/customers").status_code for number in range(3)] == [401, 401, 429]


def test_without_valkey_nobody_is_refused(alice: User, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    monkeypatch.setattr(counters, "_client", lambda: redis.Redis(port=1, socket_connect_timeout=0.1))
    program = program_of(alice)
    assert [program.get("/customers").status_code for _ in range(2)] == [200, 200]


def test_every_request_is_noted_without_its_question(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice)
    as_alice.get("/customers", {"email": "secret@halden.example"})
    as_alice.get(f"/customers/{customer.pk}")
    as_alice.get("/customers/99")
    as_alice.post("/customers", {})
    lines = list(ApiRequest.objects.order_by("pk").values_list("method", "path", "status"))
    assert lines == [
        ("GET", "/api/v1/customers", 200),
        ("GET", f"/api/v1/customers/{customer.pk}", 200),
        ("GET", "/api/v1/customers/99", 404),
        ("POST", "/api/v1/customers", 422),
    ]
