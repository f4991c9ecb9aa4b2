"""Many hundreds of records: by a job that can be stopped, that goes on after a crash, and that is taken back as one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.access.derived import repair_access
from crm.audit.models import LogEntry
from crm.bulk import actions, running
from crm.bulk.models import KEPT, BulkChange, Stage
from crm.bulk.tasks import forget_old_changes
from crm.jobs.actions import cancel_job
from crm.jobs.models import Job, JobLease, State
from crm.jobs.run import run_here
from crm.notifications.models import Notification
from crm.notifications.wording import worded
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer

ROWS = 11
Planned = Callable[..., BulkChange]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 5)
    settings.BULK_BATCH = 4


@pytest.fixture
def many(alice: User) -> list[Customer]:
    return [make_customer(alice, f"Nordlys {number:02} AS") for number in range(ROWS)]


def done(change: BulkChange) -> Job:
    change.refresh_from_db()
    assert change.job is not None
    job = run_here(change.job)
    change.refresh_from_db()
    return job


@pytest.fixture
def ready(planned: Planned, alice: User, bob: User, many: list[Customer]) -> BulkChange:
    change = planned(alice, "customer", "assign", every="?q=Nordlys", owner=bob.pk)
    assert change.stage == Stage.CHECKING
    assert done(change).state == State.DONE
    return change


def owners() -> set[str]:
    return {str(one.owner) for one in Customer.objects.filter(name__startswith="Nordlys")}


def test_many_are_looked_at_changed_and_taken_back_by_jobs(ready: BulkChange, alice: User, client_of: Callable[[Any], Client]) -> None:
    assert (ready.stage, ready.counts["open"], owners()) == (Stage.READY, ROWS, {"Alice"})
    page = client_of(alice).get(f"/bulk/{ready.pk}/").content.decode()
    assert f"Change {ROWS} records" in page
    assert client_of(alice).post(f"/bulk/{ready.pk}/run/")["Location"] == f"/bulk/{ready.pk}/"
    assert "every 2s" in client_of(alice).get(f"/bulk/{ready.pk}/").content.decode()
    job = done(ready)
    assert (job.state, job.done, job.total) == (State.DONE, ROWS, ROWS)
    assert (ready.stage, ready.counts["done"], owners()) == (Stage.DONE, ROWS, {"Bob"})
    assert LogEntry.objects.filter(job_id=job.pk, verb="customer.updated").count() == ROWS
    client_of(alice).post(f"/bulk/{ready.pk}/undo/")
    assert done(ready).state == State.DONE
    assert (ready.stage, ready.counts["undone"], owners()) == (Stage.UNDONE, ROWS, {"Alice"})
    assert repair_access(Customer) == 0


def test_alice_is_told_how_it_ended(ready: BulkChange, alice: User, bob: User, client_of: Callable[[Any], Client]) -> None:
    client_of(alice).post(f"/bulk/{ready.pk}/run/")
    done(ready)
    told = Notification.objects.filter(person=alice, kind="bulk").latest("pk")
    (shown,) = worded([told], alice)
    assert shown.text == "Done: Customers, Owner: Bob"
    assert shown.detail == "11 changed"
    assert worded([told], bob)[0].url == ""


def test_a_job_that_dies_in_the_middle_goes_on_where_it_was(
    ready: BulkChange, alice: User, client_of: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of(alice).post(f"/bulk/{ready.pk}/run/")
    real, calls = running.write_down, iter(range(100))

    def dies(*args: Any) -> None:
        real(*args)
        if next(calls) == 1:
            raise SystemExit

    monkeypatch.setattr(running, "write_down", dies)
    with pytest.raises(SystemExit):
        done(ready)
    ready.refresh_from_db()
    assert ready.counts["done"] == 4, "the first batch is kept, nothing of the second"
    assert Customer.objects.filter(name__startswith="Nordlys", version=2).count() == 4
    JobLease.objects.update(leased_until=None)
    assert done(ready).state == State.DONE
    assert set(Customer.objects.filter(name__startswith="Nordlys").values_list("version", flat=True)) == {2}


def test_stopped_in_the_middle_what_is_done_stays_and_can_be_taken_back(
    ready: BulkChange, alice: User, client_of: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of(alice).post(f"/bulk/{ready.pk}/run/")
    ready.refresh_from_db()
    real = running.write_down

    def stops(*args: Any) -> None:
        real(*args)
        assert ready.job is not None
        cancel_job(ready.job)

    monkeypatch.setattr(running, "write_down", stops)
    assert done(ready).state == State.CANCELLED
    assert (ready.stage, ready.counts["open"], ready.counts["done"]) == (Stage.DONE, 7, 4)
    monkeypatch.setattr(running, "write_down", real)
    client_of(alice).post(f"/bulk/{ready.pk}/undo/")
    ready.refresh_from_db()
    assert (ready.stage, ready.counts["undone"], owners()) == (Stage.UNDONE, 4, {"Alice"})


def test_a_check_that_is_stopped_leaves_nothing(planned: Planned, alice: User, many: list[Customer]) -> None:
    change = planned(alice, "customer", "delete", every="?q=Nordlys")
    assert change.job is not None
    cancel_job(change.job)
    assert run_here(change.job).state == State.CANCELLED
    assert not BulkChange.objects.exists()


def test_whoever_was_deactivated_changes_nothing_more(ready: BulkChange, alice: User, client_of: Callable[[Any], Client]) -> None:
    client_of(alice).post(f"/bulk/{ready.pk}/run/")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert done(ready).state == State.FAILED
    assert owners() == {"Alice"}


def test_after_a_month_it_is_forgotten(ready: BulkChange, monkeypatch: pytest.MonkeyPatch) -> None:
    assert forget_old_changes() == 0
    monkeypatch.setattr("crm.bulk.tasks.KEPT", -KEPT)
    assert forget_old_changes() == 1
    assert not BulkChange.objects.exists()
