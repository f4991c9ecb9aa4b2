"""What programs do beside reading and writing: tasks that are done, records that are followed, jobs that are watched."""

from typing import Any

import pytest

from crm.activities.actions.links import links_of
from crm.activities.actions.write import create_task
from crm.activities.models import Note, Task
from crm.jobs.models import Job, State
from crm.notifications.actions.follow import follows
from crm.users.models import User
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.api.test_writing import errors
from tests.factories.customers import make_contact, make_customer


def test_a_task_is_made_on_a_record_and_done(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice)
    answer = as_alice.post(
        "/tasks",
        {"subject": "Send the quote", "due_at": "2026-12-01T10:00:00+01:00", "about": [{"type": "customer", "id": customer.pk}]},
    )
    assert answer.status_code == 201, answer.content
    task = Task.objects.get(pk=answer.json()["id"])
    assert answer.json()["due_at"] == "2026-12-01T09:00:00Z"
    assert links_of(task) == [("customer", customer.pk)]
    assert as_alice.post(f"/tasks/{task.pk}/complete").json()["done_at"].endswith("Z")
    assert as_alice.post(f"/tasks/{task.pk}/complete").status_code == 200
    assert as_alice.post(f"/tasks/{task.pk}/reopen").json()["done_at"] is None


def test_a_task_that_repeats_comes_again(alice: User, as_alice: Program) -> None:
    task = create_task([], by=alice, subject="Report", due_at="2026-12-01T09:00:00Z", repeat="weekly")
    task.refresh_from_db()
    as_alice.post(f"/tasks/{task.pk}/complete")
    assert Task.objects.filter(previous=task).exists()


def test_notes_calls_and_meetings_are_written_too(alice: User, as_alice: Program) -> None:
    about = [{"type": "contact", "id": make_contact(alice, customer=make_customer(alice)).pk}]
    note = as_alice.post("/notes", {"body": "Met at the fair", "about": about})
    assert note.status_code == 201, note.content
    assert len(links_of(Note.objects.get(pk=note.json()["id"]))) == 2
    assert as_alice.post("/calls", {"subject": "Asked", "direction": "incoming", "about": about}).status_code == 201
    meeting = {"subject": "Kick-off", "at": "2026-12-01T09:00:00Z", "end_at": "2026-12-01T10:00:00Z"}
    assert as_alice.post("/meetings", meeting).status_code == 201
    assert "end_at" in errors(as_alice.post("/meetings", {**meeting, "end_at": "2026-12-01T08:00:00Z"}))


@pytest.mark.parametrize(
    "about",
    [
        3,
        [3],
        [{"type": "customer"}],
        [{"type": "moon", "id": 1}],
        [{"type": "task", "id": 1}],
        [{"type": "customer", "id": "x"}],
        [{}] * 51,
    ],
)
def test_what_an_activity_is_about_must_be_there(alice: User, as_alice: Program, about: Any) -> None:
    assert set(errors(as_alice.post("/tasks", {"subject": "x", "about": about}))) == {"about"}


def test_nobody_writes_on_what_they_do_not_see(dora: User, as_alice: Program) -> None:
    about = [{"type": "customer", "id": make_customer(dora).pk}]
    assert set(errors(as_alice.post("/tasks", {"subject": "x", "about": about}))) == {"about"}


def test_bob_sees_alices_task_and_does_not_complete_it(alice: User, as_bob: Program, as_charlie: Program) -> None:
    task = create_task([make_customer(alice)], by=alice, subject="Hers")
    assert as_bob.get(f"/tasks/{task.pk}").status_code == 200
    is_problem(as_bob.post(f"/tasks/{task.pk}/complete"), 403)
    is_problem(as_charlie.post(f"/tasks/{task.pk}/complete"), 404)
    is_problem(program_of(alice, "*:view").post(f"/tasks/{task.pk}/complete"), 403)
    task.refresh_from_db()
    assert task.done_at is None


def test_a_task_is_done_by_its_verb_and_not_by_writing_its_time(alice: User, as_alice: Program) -> None:
    task = create_task([], by=alice, subject="x")
    assert "done_at" in errors(as_alice.patch(f"/tasks/{task.pk}", {"done_at": "2026-12-01T09:00:00Z"}, **{"If-Match": "*"}))


def test_bob_follows_and_lets_go(alice: User, bob: User, as_bob: Program, as_charlie: Program) -> None:
    customer = make_customer(alice)
    assert as_bob.post(f"/customers/{customer.pk}/follow").json() == {"follows": True}
    assert follows(customer, bob)
    assert as_bob.post(f"/customers/{customer.pk}/unfollow").json() == {"follows": False}
    assert not follows(customer, bob)
    is_problem(as_charlie.post(f"/customers/{customer.pk}/follow"), 404)
    is_problem(program_of(bob, "*:view").post(f"/customers/{customer.pk}/follow"), 403)


def test_people_watch_their_own_jobs_and_administrators_all(
    alice: User, as_alice: Program, as_bob: Program, as_ada: Program, as_charlie: Program
) -> None:
    job = Job.objects.create(person=alice, kind="import.check", title="Dry run", state=State.RUNNING, total=100)
    for program, sees in ((as_alice, True), (as_ada, True), (as_bob, False), (as_charlie, False)):
        listed = [each["id"] for each in program.get("/jobs").json()["data"]]
        assert listed == ([job.pk] if sees else [])
        assert program.get(f"/jobs/{job.pk}").status_code == (200 if sees else 404)
    is_problem(as_bob.post(f"/jobs/{job.pk}/cancel"), 404)
    is_problem(program_of(alice, "jobs:view").post(f"/jobs/{job.pk}/cancel"), 403)
    assert as_alice.post(f"/jobs/{job.pk}/cancel").json()["cancel_requested"] is True
    assert as_alice.post(f"/jobs/{job.pk}/cancel").status_code == 200


@pytest.mark.parametrize("query", ["?cursor=moon", "?cursor=²", "?moon=1", "?cursor=99999999999999999999"])
def test_jobs_are_not_asked_for_nonsense(as_alice: Program, query: str) -> None:
    is_problem(as_alice.get(f"/jobs{query}"), 400)
