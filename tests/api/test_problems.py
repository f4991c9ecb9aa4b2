"""Whatever goes wrong: one JSON object that says what and how to mend it, and no page."""

from typing import Any

import pytest

from crm.api import router
from crm.users.models import User
from tests.api.program import Program, program_of


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    data: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(data)
    assert data["status"] == status
    return data


@pytest.mark.parametrize("path", ["/moons", "/customers/moon", "/customers/-1", "/", "/customers/1/moon", "/customers/²"])
def test_an_address_that_does_not_exist_is_a_problem(as_alice: Program, path: str) -> None:
    is_problem(as_alice.get(path), 404)


def test_a_method_that_is_not_answered_names_those_that_are(as_alice: Program) -> None:
    answer = as_alice.client.put("/api/v1/customers")
    is_problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_a_nul_in_the_address_is_refused(as_alice: Program) -> None:
    is_problem(as_alice.get("/customers?name=a%00b"), 400)
    is_problem(as_alice.client.get("/api/v1/customers/%00"), 400)


def test_what_nobody_expected_is_a_problem_without_its_inside(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(router, "rows_of", broken)
    program = program_of(alice, raise_request_exception=False)
    answer = program.get("/customers")
    assert "secret" not in str(is_problem(answer, 500))


def test_no_cookie_is_set(as_alice: Program) -> None:
    answer = as_alice.get("/customers")
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
