"""The log says who did what and how long it took, and nothing that opens an account."""

import json
import logging
from typing import Any

import pytest
import structlog
from django.test import Client

from crm.runtime.files import LARGEST_LOG, keep_logs_small
from crm.runtime.logs import JsonFormatter, PlainFormatter
from crm.users.models import User


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """What was logged so far, as JSON shows it. Formatted when it happens, as in a process."""
    found: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(self.format(record)))

    keeper, root = Keeper(), logging.getLogger()
    keeper.setFormatter(JsonFormatter())
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.INFO)
    yield found
    root.removeHandler(keeper)
    root.setLevel(before)


def test_a_request_is_logged_once_with_person_organization_and_cost(alice: User, alice_client: Client, lines: list[dict[str, Any]]) -> None:
    answer = alice_client.get("/customers/?q=secret-words", headers={"X-Request-ID": "from-the-proxy-1"})
    (line,) = [line for line in lines if line["event"] == "request"]
    assert answer["X-Request-ID"] == line["request_id"] == "from-the-proxy-1"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/customers/", 200)
    assert (line["person"], line["organization"]) == (alice.pk, alice.organization_id)
    assert line["statements"] > 3
    assert line["ms"] >= line["sql_ms"] > 0
    assert "secret-words" not in json.dumps(lines)


@pytest.mark.parametrize("address", ["/join/3-7-abc.def/", "/accounts/password/reset/key/2-d0a-xyz/"])
def test_addresses_that_open_accounts_are_not_in_the_log(db: None, address: str, lines: list[dict[str, Any]]) -> None:
    Client().get(address)
    logged = json.dumps(lines)
    assert '"route"' in logged
    assert address.strip("/").split("/")[-1] not in logged


@pytest.mark.parametrize("given", ["short", "with space 123", "x" * 65, "new\\nline12345"])
def test_an_id_from_outside_that_is_none_is_replaced(db: None, given: str) -> None:
    answer = Client().get("/accounts/login/", headers={"X-Request-ID": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


def test_probes_are_not_logged_while_all_is_well(db: None, lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.runtime.health.health", lambda: {"database": "ok"})
    assert Client().get("/healthz").status_code == 200
    assert not [line for line in lines if line["event"] == "request"]


def test_what_fails_says_so_with_the_requests_id(
    alice_client: Client, lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("The roof is on fire")

    monkeypatch.setattr("crm.activities.views.home.shown_panels", broken)
    alice_client.raise_request_exception = False
    answer = alice_client.get("/")
    (failure,) = [line for line in lines if line["level"] == "error"]
    assert answer.status_code == 500
    assert failure["request_id"] == answer["X-Request-ID"]
    assert "The roof is on fire" in failure["exception"]


def test_plain_lines_are_keys_and_values_with_the_traceback_below() -> None:
    structlog.contextvars.clear_contextvars()
    record = logging.LogRecord("crm.mail", logging.ERROR, __file__, 1, "mail not sent: %s", ("two words",), None)
    record.mail = 7
    line = PlainFormatter().format(record)
    assert line.count("\n") == 0
    assert 'level=error logger=crm.mail event="mail not sent: two words" mail=7' in line
    try:
        raise ValueError("no")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert PlainFormatter().format(record).endswith("ValueError: no")


def test_a_large_log_is_moved_aside_while_its_process_goes_on_writing(tmp_path: Any) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as process:
        process.write(b"old\n" * (LARGEST_LOG // 4 + 1))
        process.flush()
        keep_logs_small(tmp_path)
        process.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "web.log.1").stat().st_size > LARGEST_LOG
    keep_logs_small(tmp_path)
    assert log.read_bytes() == b"new\n"
