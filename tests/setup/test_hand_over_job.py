"""Handing over more than a batch is a job: to its end, in pieces, after a crash."""

from typing import Any

import pytest

from crm.access.derived import repair_access
from crm.jobs.models import Job
from crm.jobs.run import JobRun
from crm.setup import actions
from crm.setup.jobs import hand_over_job
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.modules["crm.setup.actions.hand_over"], "BATCH", 2)
    monkeypatch.setattr("crm.setup.views.people.BATCH", 2)


class Run(JobRun):
    """A job's run without a lease: the test is its own transaction."""

    def batch(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()


def test_many_records_move_in_a_job_that_goes_on_where_it_stopped(
    ada: User, alice: User, dora: User, client_of: Any, small_batches: None
) -> None:
    for number in range(5):
        make_customer(alice, f"Customer {number}")
    answer = client_of(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": dora.pk}, follow=True)
    assert "the records are on their way to Dora" in answer.content.decode()
    job = Job.objects.get(kind="setup.hand_over")
    assert Customer.objects.filter(owner=alice).count() == 5
    assert actions.hand_over_batch(alice, dora, by=ada, job_id=job.pk) == ("customer", 2)
    run = Run(job, fence=1)
    assert hand_over_job(run) == {"moved": {"customer": 3}}
    assert Customer.objects.filter(owner=dora, team=dora.team).count() == 5
    assert (run.job.done, run.job.total) == (3, 3)
    assert repair_access(Customer) == 0
