"""Large exports: made by a job, in chunks, each record once, whatever happens in between."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.exports import actions, making, running
from crm.exports.models import Export, ExportChunk
from crm.exports.tasks import forget_old_exports
from crm.jobs.actions import cancel_job
from crm.jobs.models import Job, JobLease, State
from crm.jobs.run import run_here, work_on
from crm.notifications.models import Notification
from crm.notifications.wording import worded
from crm.records.actions import delete_record, update_record
from crm.users.models import Role, User
from customers.models import Customer
from tests.exports.conftest import content
from tests.factories.customers import make_customer

ROWS = 23
FORM = {"format": "csv", "columns": "list", "values": "plain", "delimiter": ","}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 5)
    settings.EXPORT_CHUNK = 4


@pytest.fixture
def many(alice: User) -> list[Customer]:
    return [make_customer(alice, f"Customer {number:02}") for number in range(ROWS)]


def asked(client: Any, query: str = "?sort=name", **form: str) -> Export:
    response = client.post(f"/exports/new/customer/{query}", {**FORM, **form})
    assert (response.status_code, response["Location"]) == (302, "/exports/")
    return Export.objects.latest("pk")


def names(client: Any, export: Export) -> list[str]:
    response = client.get(f"/exports/{export.pk}/download/")
    assert response.status_code == 200
    return [row[0] for row in csv.reader(io.StringIO(content(response).decode()))][1:]


def expected(rows: int = ROWS) -> list[str]:
    return [f"Customer {number:02}" for number in range(rows)]


def done(export: Export) -> Job:
    assert export.job is not None
    return run_here(export.job)


def test_a_long_list_becomes_a_job_and_then_a_file(alice: User, many: list[Customer], alice_client: Any) -> None:
    export = asked(alice_client)
    page = alice_client.get("/exports/").content.decode()
    assert "Waiting" in page and 'hx-trigger="every 2s"' in page
    assert alice_client.get(f"/exports/{export.pk}/download/").status_code == 404
    job = done(export)
    assert (job.state, job.done, job.total, job.result["rows"]) == (State.DONE, ROWS, ROWS, ROWS)
    assert names(alice_client, export) == expected()
    page = alice_client.get("/exports/").content.decode()
    assert "Ready" in page and "every 2s" not in page
    assert not ExportChunk.objects.exists()


def test_alice_is_told_when_her_file_is_ready(alice: User, bob: User, many: list[Customer], alice_client: Any) -> None:
    done(asked(alice_client))
    notification = Notification.objects.get(person=alice, kind="export_ready")
    (shown,) = worded([notification], alice)
    assert (shown.text, shown.detail, shown.url) == ("Your export is ready: Customers", "23 rows", "/exports/")
    assert worded([notification], bob)[0].url == ""


def test_the_administrators_log_says_who_took_out_what(alice: User, many: list[Customer], alice_client: Any, ada_client: Any) -> None:
    done(asked(alice_client, "?f=name:contains:Customer&sort=name"))
    asked_small = alice_client.post("/exports/new/customer/?f=name:is:Customer 01", FORM)
    assert asked_small.status_code == 200
    assert LogEntry.objects.filter(verb="export.made", actor=alice).count() == 2
    page = ada_client.get("/setup/changes/?kind=exports").content.decode()
    assert "Alice</b> exported" in page
    for said in ("Name contains Customer", "Name is Customer 01", "→ 23", "→ CSV", "→ Customers"):
        assert said in page, said


def test_records_that_change_while_it_runs_are_in_the_file_once(alice: User, many: list[Customer], alice_client: Any) -> None:
    """In the order of the last change a keyset would meet them again, or never."""
    export = asked(alice_client, "")
    before = making.Making.rows
    changed = iter(many)

    def rows(self: Any, file: Any, keys: Any, state: Any) -> int:
        customer = next(changed)
        update_record(Customer.objects.get(pk=customer.pk), by=alice, size=5)
        return before(self, file, keys, state)

    making.Making.rows = rows  # type: ignore[method-assign]
    try:
        done(export)
    finally:
        making.Making.rows = before  # type: ignore[method-assign]
    assert sorted(names(alice_client, export)) == expected()


def test_what_is_deleted_or_withdrawn_before_its_chunk_is_not_in_the_file(alice: User, many: list[Customer], alice_client: Any) -> None:
    export = asked(alice_client)
    with interrupted_after(2):
        done(export)
    delete_record(Customer.objects.get(pk=many[20].pk), by=alice)
    again(export)
    assert names(alice_client, export) == [name for name in expected() if name != "Customer 20"]
    assert Export.objects.get().rows == ROWS - 1


class Killed(BaseException):
    """As a process that ends without a word."""


class interrupted_after:  # noqa: N801  # read as a phrase
    """Dies in the middle of a chunk, with half of it in the file."""

    def __init__(self, chunks: int) -> None:
        self.left = chunks

    def __enter__(self) -> None:
        self.before = making.Making.rows
        outer = self

        def rows(self: Any, file: Any, keys: Any, state: Any) -> int:
            count = outer.before(self, file, keys, state)
            if outer.left == 0:
                file.flush()
                raise Killed
            outer.left -= 1
            return count

        making.Making.rows = rows  # type: ignore[method-assign]

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        making.Making.rows = self.before  # type: ignore[method-assign]
        return kind is Killed


def again(export: Export) -> Job:
    """The lease of the dead one is over: another worker takes the job."""
    JobLease.objects.update(leased_until=None)
    job = Job.objects.get(pk=export.job_id)
    assert work_on(job.organization_id, job.pk) == State.DONE
    return Job.objects.get(pk=job.pk)


@pytest.mark.parametrize("chunks", [0, 1, 5])
def test_a_worker_that_dies_between_chunks_leaves_nothing_doubled_and_nothing_missing(
    chunks: int, alice: User, many: list[Customer], alice_client: Any
) -> None:
    export = asked(alice_client)
    with interrupted_after(chunks):
        done(export)
    assert Job.objects.get().state == State.RUNNING
    again(export)
    assert names(alice_client, export) == expected()
    directory = Export.objects.get().directory
    assert len(list(directory.iterdir())) == 1


def test_dying_behind_the_last_row_is_no_loss_either(alice: User, many: list[Customer], alice_client: Any, monkeypatch: Any) -> None:
    export = asked(alice_client)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(running, "notify", lambda *args, **facts: (_ for _ in ()).throw(Killed()))
        done(export)
    again(export)
    assert names(alice_client, export) == expected()
    assert Notification.objects.filter(kind="export_ready").count() == 1


def test_alice_stops_her_export_and_nothing_of_it_is_left(
    alice: User, many: list[Customer], alice_client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    export = asked(alice_client)
    with interrupted_after(2):
        done(export)
    directory = Export.objects.get().directory
    assert list(directory.iterdir())
    response = alice_client.post(f"/jobs/{export.job_id}/cancel/")
    assert response["Location"] == "/exports/"
    JobLease.objects.update(leased_until=None)
    with django_capture_on_commit_callbacks(execute=True):
        assert work_on(export.organization_id, export.job_id) == State.CANCELLED
    assert not directory.exists()
    assert not ExportChunk.objects.exists()
    assert alice_client.get(f"/exports/{export.pk}/download/").status_code == 404
    assert "Cancelled" in alice_client.get("/exports/").content.decode()


def test_a_running_export_is_stopped_before_it_is_deleted(alice: User, many: list[Customer], alice_client: Any) -> None:
    export = asked(alice_client)
    alice_client.post(f"/exports/{export.pk}/delete/")
    assert Export.objects.filter(pk=export.pk).exists()
    cancel_job(export.job)  # type: ignore[arg-type]
    work_on(export.organization_id, export.job_id)
    alice_client.post(f"/exports/{export.pk}/delete/")
    assert not Export.objects.filter(pk=export.pk).exists()


def test_a_deleted_export_takes_its_file_along(alice: User, alice_client: Any, django_capture_on_commit_callbacks: Any) -> None:
    make_customer(alice)
    alice_client.post("/exports/new/customer/", FORM)
    export = Export.objects.get()
    assert export.path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        alice_client.post(f"/exports/{export.pk}/delete/")
    assert not export.directory.exists()
    assert LogEntry.objects.filter(verb="export.deleted", actor=alice).exists()


def test_other_peoples_files_do_not_exist(alice: User, bob_client: Any, ada_client: Any, charlie_client: Any, alice_client: Any) -> None:
    make_customer(alice, "Vattvik")
    alice_client.post("/exports/new/customer/", FORM)
    export = Export.objects.get()
    for client in (bob_client, ada_client, charlie_client):
        assert client.get(f"/exports/{export.pk}/download/").status_code == 404
        assert client.post(f"/exports/{export.pk}/delete/").status_code == 404
        assert export.file_name not in client.get("/exports/").content.decode()
    assert alice_client.get("/exports/99999999999999999999/download/").status_code == 404


def test_the_file_stays_as_it_was_made_whatever_the_role_says_later(alice: User, alice_client: Any) -> None:
    make_customer(alice, "Vattvik")
    alice_client.post("/exports/new/customer/", FORM)
    Role.objects.filter(key="sales-rep").update(reaches={})
    assert names(alice_client, Export.objects.get()) == ["Vattvik"]


def test_whoever_is_deactivated_cannot_reach_it(alice: User, alice_client: Any) -> None:
    make_customer(alice, "Vattvik")
    alice_client.post("/exports/new/customer/", FORM)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = alice_client.get(f"/exports/{Export.objects.get().pk}/download/")
    assert response.status_code == 302 and "login" in response["Location"]


def test_rights_that_are_gone_before_it_runs_end_it_with_a_sentence(alice: User, many: list[Customer], alice_client: Any) -> None:
    export = asked(alice_client, "?f=legal_name:is_empty&sort=name")
    role = Role.objects.get(key="sales-rep")
    role.levels = {"customer": {"legal_name": "hidden"}}
    role.save()
    job = done(export)
    assert job.state == State.FAILED
    assert "does not show" in job.error
    Role.objects.filter(key="sales-rep").update(levels={}, reaches={})
    other = asked_again(alice, export)
    assert other.state == State.FAILED and "does not include" in other.error


def asked_again(alice: User, export: Export) -> Job:
    from crm.jobs.actions import start_job

    job = start_job("export", by=alice, title="x", queue_now=False, export=export.pk)
    return run_here(job)


def test_a_second_click_starts_nothing_more(alice: User, many: list[Customer], alice_client: Any) -> None:
    token = uuid4().hex
    for _click in range(2):
        response = alice_client.post("/exports/new/customer/", {**FORM, "token": token})
        assert response["Location"] == "/exports/"
    assert Export.objects.count() == 1


def test_two_windows_make_two_files(alice: User, many: list[Customer], alice_client: Any) -> None:
    first, second = asked(alice_client, token=uuid4().hex), asked(alice_client, token=uuid4().hex)
    done(second)
    done(first)
    assert names(alice_client, first) == names(alice_client, second) == expected()


def test_after_a_week_the_file_is_gone(alice: User, alice_client: Any, django_capture_on_commit_callbacks: Any) -> None:
    make_customer(alice)
    alice_client.post("/exports/new/customer/", FORM)
    export = Export.objects.get()
    Export.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    assert alice_client.get(f"/exports/{export.pk}/download/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_exports() == 1
    assert not export.directory.exists() and not Export.objects.exists()


def test_a_file_that_is_no_longer_on_the_server_is_said_to_be(alice: User, alice_client: Any) -> None:
    make_customer(alice)
    alice_client.post("/exports/new/customer/", FORM)
    export = Export.objects.get()
    export.path.unlink()
    response = alice_client.get(f"/exports/{export.pk}/download/", follow=True)
    assert "no longer on the server" in response.content.decode()
