"""Imports by program: the same steps, checks and sentences as the wizard's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.imports.models import Import
from crm.jobs.models import Job
from crm.jobs.run import run_here
from crm.users.models import User
from customers.models import Customer
from tests.api.program import Program, program_of
from tests.factories.customers import make_customer

FILE = "Company;Town;Size\nFjord AS;Bergen;48\nHalden Instruments;Halden;many\n"


@pytest.fixture
def as_alice(alice: User, monkeypatch: pytest.MonkeyPatch) -> Program:
    return program_of(alice)


def upload(program: Program, text: str | bytes = FILE, name: str = "a.csv", **data: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return program.client.post("/api/v1/imports", {"file": SimpleUploadedFile(name, content), **data})


def run_job(answer: Any) -> dict[str, Any]:
    """What the import's job does, here and now, and the import after it."""
    assert answer.status_code == 200, answer.content
    run_here(Job.objects.get(pk=answer.json()["job"]))
    return {"id": answer.json()["id"]}


def test_alice_brings_a_file_checks_it_imports_it_and_takes_it_back(as_alice: Program, alice: User) -> None:
    made = upload(as_alice, record_type="customer")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made["Location"] == f"/api/v1/imports/{pk}"
    assert [column["target"] for column in made.json()["mapping"]] == ["name", "billing_city", "size"]
    changed = as_alice.patch(f"/imports/{pk}", {"match": [], "problems": "leave_out", "mode": "new"})
    assert changed.json()["problems"] == "leave_out"
    run_job(as_alice.post(f"/imports/{pk}/check"))
    assert as_alice.get(f"/imports/{pk}").json()["counts"] == {"new": 2, "changed": 0, "same": 0, "refused": 0, "remarks": 1}
    remarks = as_alice.get(f"/imports/{pk}/rows", {"show": "remarks"}).json()["data"]
    assert [(row["row"], row["remarks"][0]["column"]) for row in remarks] == [(3, "Size")]
    assert not Customer.objects.exists()
    run_job(as_alice.post(f"/imports/{pk}/commit"))
    assert sorted(Customer.objects.visible_to(alice).values_list("name", flat=True)) == ["Fjord AS", "Halden Instruments"]
    assert as_alice.get(f"/imports/{pk}").json()["may_be_undone"] is True
    run_job(as_alice.post(f"/imports/{pk}/undo"))
    assert not Customer.objects.visible_to(alice).exists()
    assert as_alice.get(f"/imports/{pk}").json()["stage"] == "undone"


def test_columns_go_where_alice_says(as_alice: Program) -> None:
    pk = upload(as_alice).json()["id"]
    said = {"mapping": [{"column": 1, "target": "shipping_city"}, {"column": 2, "target": None}]}
    assert [column["target"] for column in as_alice.patch(f"/imports/{pk}", said).json()["mapping"]] == ["name", "shipping_city", None]


def test_what_changes_is_shown_before_it_is_written(as_alice: Program, alice: User) -> None:
    customer = make_customer(alice, "Fjord AS", external_id="K-1")
    pk = upload(as_alice, "External ID,City\nK-1,Bergen\n", record_type="customer").json()["id"]
    assert ["external_id"] in as_alice.get(f"/imports/{pk}").json()["matches"]
    as_alice.patch(f"/imports/{pk}", {"match": ["external_id"], "mode": "update"})
    run_job(as_alice.post(f"/imports/{pk}/check"))
    row = as_alice.get(f"/imports/{pk}/rows", {"show": "changed"}).json()["data"][0]
    assert row["record"] == customer.pk
    assert [(change["to"]) for change in row["changes"]] == ["Bergen"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"moon": 1}, "moon"),
        ({"mapping": 1}, "mapping"),
        ({"mapping": [{"column": 99}]}, "mapping"),
        ({"mapping": [{"column": 0, "target": "moon"}]}, "mapping"),
        ({"mapping": [{"column": 0, "target": "a\0"}]}, "mapping"),
        ({"mapping": [{"column": 0, "date": "xyz"}]}, "mapping"),
        ({"mapping": [{"column": 0, "choices": {"a": "moon"}}]}, "mapping"),
        ({"reading": {"encoding": "\0"}}, "reading"),
        ({"reading": {"moon": ""}}, "reading"),
        ({"mode": "moon"}, "mode"),
        ({"problems": 1}, "problems"),
        ({"match": ["moon"]}, "match"),
        ({"match": "name"}, "match"),
        ({"owner": 2**62}, "owner"),
        ({"owner": "x"}, "owner"),
        ({"clear_empty": "yes"}, "clear_empty"),
    ],
)
def test_what_is_not_understood_is_said_by_field(as_alice: Program, body: dict[str, Any], field: str) -> None:
    pk = upload(as_alice).json()["id"]
    answer = as_alice.patch(f"/imports/{pk}", body)
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_what_is_no_table_is_refused(as_alice: Program) -> None:
    assert upload(as_alice, b"\x89PNG\r\n\x1a\n\0\0\0").status_code == 422
    assert upload(as_alice, record_type="moon").status_code == 422
    assert upload(as_alice, record_type="").status_code == 422
    assert upload(as_alice, moon="1").status_code == 422
    assert as_alice.client.post("/api/v1/imports", {}).status_code == 422
    assert as_alice.post("/imports", {}).status_code == 415
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused(as_alice: Program, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert upload(as_alice).status_code == 413


def test_nobody_else_sees_the_import_but_an_administrator(as_alice: Program, bob: User, ada: User, charlie: User) -> None:
    pk = upload(as_alice).json()["id"]
    assert [program_of(person).get(f"/imports/{pk}").status_code for person in (bob, ada, charlie)] == [404, 200, 404]
    assert program_of(bob).get("/imports").json() == {"data": [], "next_cursor": None}


def test_a_token_for_imports_alone_writes_no_customers(alice: User) -> None:
    program = program_of(alice, "imports:*", "customers:view")
    pk = upload(program, record_type="customer").json()["id"]
    run_job(program.post(f"/imports/{pk}/check"))
    assert program.post(f"/imports/{pk}/commit").status_code == 403
    assert not Customer.objects.exists()


def test_alice_forgets_what_was_not_written(as_alice: Program) -> None:
    pk = upload(as_alice).json()["id"]
    assert as_alice.delete(f"/imports/{pk}").status_code == 204
    assert as_alice.get(f"/imports/{pk}").status_code == 404


def test_a_verb_at_the_wrong_time_says_why(as_alice: Program) -> None:
    pk = upload(as_alice).json()["id"]
    for verb in ("commit", "undo"):
        assert as_alice.post(f"/imports/{pk}/{verb}").status_code == 422
