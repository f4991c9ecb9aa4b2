"""manage.py export: regular exports, with the rights of a person."""

import csv
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from crm.audit.models import LogEntry
from crm.exports import actions
from crm.exports.management.commands import export as command
from crm.exports.models import Export
from crm.users.models import User
from tests.factories.customers import make_customer


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    written = io.BytesIO()
    monkeypatch.setattr(command, "_output", lambda: written)
    return written


def rows(out: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(out.getvalue().decode())))


def test_alice_exports_what_she_may_and_the_log_says_so(alice: User, bob: User, out: io.BytesIO) -> None:
    make_customer(alice, "Of Alice", lifecycle="lead")
    make_customer(alice, "Customer of Alice", lifecycle="customer")
    make_customer(bob, "Of Bob", lifecycle="lead")
    call_command("export", "customers", "--as", "alice@halden.example", "--filter", "f=lifecycle:is:lead&cols=name,lifecycle", "--exact")
    assert [row[1:] for row in rows(out)] == [["name", "lifecycle"], ["Of Alice", "lead"]]
    assert LogEntry.objects.filter(verb="export.made", actor=alice).count() == 1
    assert not Export.objects.exists()


def test_long_ones_are_made_here_too(alice: User, out: io.BytesIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    for number in range(5):
        make_customer(alice, f"Customer {number}")
    call_command("export", "customer", "--as", "alice@halden.example", "--filter", "sort=name&cols=name")
    assert rows(out) == [["Name"], *([f"Customer {number}"] for number in range(5))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "nobody@halden.example"], "nobody active"),
        (["--as", "sam@halden.example"], "does not include"),
        (["--as", "alice@halden.example", "--filter", "f=lifecycle:is:unheard_of"], "removed"),
        (["--as", "alice@halden.example", "--filter", "cols=nothing"], "no column"),
    ],
)
def test_what_cannot_be_exported_writes_nothing(arguments: list[str], said: str, alice: User, sam: User, out: io.BytesIO) -> None:
    make_customer(alice)
    with pytest.raises(CommandError, match=said) as error:
        call_command("export", "customers", *arguments)
    assert error.value.returncode == 2
    assert out.getvalue() == b""


def test_a_workbook_goes_out_too(alice: User, out: Any) -> None:
    make_customer(alice)
    call_command("export", "customers", "--as", "alice@halden.example", "--format", "xlsx")
    assert out.getvalue().startswith(b"PK")
