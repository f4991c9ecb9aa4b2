"""Long work: started with what asks for it, done by one worker at a time, resumed where it was, stopped when asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.jobs import registry, run
from crm.jobs import tasks as job_tasks
from crm.jobs.actions import cancel_job, start_job
from crm.jobs.models import Job, JobLease, State
from crm.jobs.run import JobCancelled, JobFailed, JobRun, LeaseLost, claim, run_here, work_on
from crm.users.models import Team, User


def counting(job_run: JobRun) -> dict[str, Any]:
    """Makes a team per batch, so that what is written can be counted."""
    while job_run.checkpoint.get("made", 0) < job_run.arguments["count"]:
        with job_run.batch():
            made = job_run.checkpoint.get("made", 0) + 1
            from django.contrib.auth.models import Group

            Team.objects.create(name=f"counted {made}", group=Group.objects.create(name=f"counted {job_run.job.pk} {made}"))
            job_run.checkpoint["made"] = made
            job_run.progress(made, job_run.arguments["count"])
            if made == job_run.arguments.get("fails_at"):
                raise JobFailed("The third one cannot be made.")
            if made == job_run.arguments.get("breaks_at"):
                raise ZeroDivisionError
            job_run.log(f"Made {made}.")
    return {"made": made}


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    registry.job("test.count", queue="default")(counting)
    yield
    registry._kinds.pop("test.count")


def teams() -> int:
    return Team.objects.filter(name__startswith="counted").count()


def count(by: User, **arguments: Any) -> Job:
    return start_job("test.count", by=by, title="Counting", queue_now=False, **arguments)


def test_a_job_is_done_and_says_how_far_it_came(alice: User) -> None:
    job = run_here(count(alice, count=3))
    assert (job.state, job.done, job.total, job.result) == (State.DONE, 3, 3, {"made": 3})
    assert [line for _at, line in job.log] == ["Made 1.", "Made 2.", "Made 3."]
    assert not JobLease.objects.filter(job_id=job.pk).exists()


def test_a_failure_that_was_foreseen_is_told_in_its_own_words_and_its_batch_is_taken_back(alice: User) -> None:
    job = run_here(count(alice, count=5, fails_at=3))
    assert (job.state, job.error, job.done) == (State.FAILED, "The third one cannot be made.", 2)
    assert teams() == 2


def test_a_failure_that_was_not_is_told_without_its_inside(alice: User) -> None:
    job = run_here(count(alice, count=5, breaks_at=2))
    assert job.state == State.FAILED
    assert "went wrong on the server" in job.error
    assert "division" not in job.error
    assert teams() == 1


def test_a_job_stops_when_asked_and_keeps_what_it_wrote(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = count(alice, count=5)
    monkeypatch.setattr(JobRun, "log", lambda self, line: cancel_job(Job.objects.get(pk=job.pk)) if line == "Made 2." else None)
    job = run_here(job)
    assert (job.state, teams()) == (State.CANCELLED, 2)


def test_a_job_that_waits_is_cancelled_without_beginning(alice: User) -> None:
    job = count(alice, count=5)
    cancel_job(job)
    assert run_here(job).state == State.CANCELLED
    assert teams() == 0


def test_only_one_worker_gets_a_job(alice: User) -> None:
    job = count(alice, count=1)
    assert claim(job.pk) == 1
    assert claim(job.pk) is None
    assert work_on(job.organization_id, job.pk) is None


def test_a_worker_that_lost_its_lease_writes_nothing(alice: User) -> None:
    job = count(alice, count=1)
    slow = JobRun(job, claim(job.pk) or 0)
    JobLease.objects.filter(job_id=job.pk).update(leased_until=timezone.now() - timedelta(hours=1))
    quick = JobRun(Job.objects.get(pk=job.pk), claim(job.pk) or 0)
    with pytest.raises(LeaseLost), slow.batch():
        pytest.fail("the body must not run")
    with quick.batch():
        quick.progress(1, 1)
    assert Job.objects.get(pk=job.pk).done == 1


def test_work_goes_on_where_a_killed_worker_left_it(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = count(alice, count=5)
    real = JobRun.log

    def die(self: JobRun, line: str) -> None:
        real(self, line)
        if line == "Made 3.":
            raise KeyboardInterrupt  # as a killed process: nothing below catches it

    monkeypatch.setattr(JobRun, "log", die)
    with pytest.raises(KeyboardInterrupt):
        run_here(job)
    assert teams() == 2
    monkeypatch.undo()
    assert work_on(job.organization_id, job.pk) is None, "the lease of the dead one still holds"
    JobLease.objects.filter(job_id=job.pk).update(leased_until=timezone.now() - timedelta(hours=1))
    assert run_here(job).state == State.DONE
    assert teams() == 5


def test_a_long_job_gives_others_a_turn(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLICE_SECONDS", -1.0)
    job = count(alice, count=2)
    assert work_on(job.organization_id, job.pk) == State.QUEUED
    assert JobLease.objects.get(job_id=job.pk).leased_until is None


def test_a_job_that_kills_its_worker_each_time_is_given_up(alice: User) -> None:
    job = count(alice, count=2)
    JobLease.objects.filter(job_id=job.pk).update(attempts=run.MAX_ATTEMPTS)
    assert "again and again" in run_here(job).error


def test_lost_messages_and_dead_workers_are_found_by_the_clock(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(job_tasks, "wake_worker", lambda organization_id, job_id, queue: woken.append(job_id))
    lost, dead, busy = (count(alice, count=1) for _ in range(3))
    past = timezone.now() - timedelta(minutes=1)
    JobLease.objects.filter(job_id=lost.pk).update(wake_at=past)
    JobLease.objects.filter(job_id=dead.pk).update(wake_at=past, leased_until=past, fence=1)
    JobLease.objects.filter(job_id=busy.pk).update(wake_at=timezone.now() + timedelta(seconds=9))
    assert job_tasks.sweep_jobs() == 2
    assert set(woken) == {lost.pk, dead.pk}
    assert job_tasks.sweep_jobs() == 0


def test_a_deactivated_person_does_no_more_work(alice: User) -> None:
    job = count(alice, count=1)
    alice.is_active = False
    alice.save()
    with pytest.raises(JobFailed, match="can no longer sign in"):
        JobRun(job, 0).person  # noqa: B018


def test_alice_sees_her_jobs_ada_all_and_charlie_none(
    alice: User, alice_client: Client, bob_client: Client, ada_client: Client, charlie_client: Client
) -> None:
    job = run_here(count(alice, count=1))
    page = job.get_absolute_url()
    assert b"Counting" in alice_client.get("/jobs/").content
    assert b"Counting" in ada_client.get("/jobs/").content
    assert b"Counting" not in bob_client.get("/jobs/").content
    assert [c.get(page).status_code for c in (alice_client, ada_client, bob_client, charlie_client)] == [200, 200, 404, 404]
    assert bob_client.post(f"{page}cancel/").status_code == 404


def test_the_page_of_a_running_job_asks_again_and_that_of_a_done_one_does_not(alice: User, alice_client: Client) -> None:
    job = count(alice, count=1)
    page = job.get_absolute_url()
    part = alice_client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    run_here(job)
    assert b"every 2s" not in alice_client.get(page, headers={"HX-Request": "true"}).content


def test_cancelling_from_the_page(alice: User, alice_client: Client) -> None:
    job = count(alice, count=1)
    assert alice_client.post(f"{job.get_absolute_url()}cancel/").status_code == 302
    assert Job.objects.get(pk=job.pk).cancel_requested
    with pytest.raises(JobCancelled), JobRun(job, claim(job.pk) or 0).batch():
        pytest.fail("the body must not run")
