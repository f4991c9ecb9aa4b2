"""The short way of reading a cell says what the long way says, or nothing."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.fields.record_types import record_types
from crm.imports.cells import Cell, Reading
from crm.imports.mapping import Column
from crm.records.actions.bulk_checks import RecordChecks
from crm.records.values import ValueContext
from crm.tenancy.models import Organization
from customers.models import Customer

TEXTS = {
    "name": st.text(alphabet="ab Ä\t\n0.-'", max_size=30) | st.just("x" * 201),
    "email": st.from_regex(r"\A[a-zA-Z0-9._+-]{1,8}@[a-z0-9-]{1,6}\.(com|example|c|org\.uk)\Z")
    | st.just("a" * 60 + "@" + "b" * 60 + ".com"),
    "website": st.from_regex(r"\A(https?://)?[a-zA-Z0-9.-]{1,12}\.(com|example|x|co\.uk)(/\w*)?\Z"),
    "phone": st.from_regex(r"\A\+?[0-9]{1,3}[ -]?[0-9]{2,5}[ -]?[0-9]{2,7}\Z"),
    "size": st.from_regex(r"\A-?[0-9]{1,11}(\.[0-9])?\Z"),
    "annual_revenue": st.from_regex(r"\A-?[0-9]{1,14}([.,][0-9]{1,6})?\Z"),
    "external_id": st.text(alphabet="aB1- \u00a0", max_size=12),
    "tax_number": st.text(alphabet="DE1234 ", max_size=12),
}


def cell(key: str) -> Cell:
    target = record_types["customer"].fields[key]
    reading = Reading(ValueContext(Organization(name="x", country="DE")), ZoneInfo("UTC"), frozenset())
    return Cell(Column(0, key, key), target, reading, RecordChecks(Customer).column(key))


@pytest.mark.parametrize("key", TEXTS)
def test_both_ways_agree(key: str) -> None:
    quick, slow = cell(key), cell(key)
    assert quick._quick is not None
    slow._quick = None
    met: list[Any] = []

    @settings(max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None)
    @given(TEXTS[key])
    def agree(text: str) -> None:
        if text and (value := quick._quick(text)) is not None:  # type: ignore[misc]  # asked above
            met.append(value)
            answer = slow(text)
            assert not answer.problem
            assert (answer.value, type(answer.value), str(answer.value)) == (value, type(value), str(value))

    agree()
    assert len(met) > 2, "the short way must be taken at all"
