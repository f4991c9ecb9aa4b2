"""What is decided holds for the next request, on whatever connection: moving, sharing, roles, deactivation, handing over."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from crm.access.derived import repair_access
from crm.activities.models import Activity
from crm.jobs.models import Job, State
from crm.jobs.run import run_here
from crm.records.actions import share_record, unshare_record
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import change_person, change_role, change_team, deactivate_person
from crm.users.models import Role, Team, User
from customers.models import Contact, Customer
from tests.access.conftest import BACKEND
from tests.access.makers import MAKERS
from tests.factories.customers import make_customer
from tests.factories.people import make_cast, make_organization


@pytest.fixture
def town(transactional_db: None) -> dict[str, User]:
    """The cast, really committed."""
    ours, theirs = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(ours):
        return make_cast(ours, theirs)


def elsewhere(ask: Callable[[], int]) -> int:
    """The answer of another connection, as another web process would have it."""
    answers: list[int] = []

    def work() -> None:
        try:
            answers.append(ask())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return answers[0]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_each_decision_holds_for_the_next_request_of_another_connection(town: dict[str, User]) -> None:
    ada, bob, dora, mona = (town[name] for name in ("ada", "bob", "dora", "mona"))
    ours: Organization = ada.own_organization
    with tenant(ours):
        customer = make_customer(town["alice"])
        north, south, sales, helpdesk = (Team.objects.get(name=name) for name in ("North", "South", "Sales", "Help"))
    clients = {name: browser(town[name]) for name in ("bob", "dora", "mona")}

    def sees(name: str) -> bool:
        status = elsewhere(lambda: clients[name].get(customer.get_absolute_url()).status_code)
        assert status in {200, 302, 404}
        return status == 200

    def decide(action: Callable[[], Any]) -> None:
        with tenant(ours):
            action()

    def move(person: User, team: Team) -> Callable[[], Any]:
        return lambda: change_person(User.objects.get(pk=person.pk), name=person.name, role=person.role, team=team, by=ada)  # type: ignore[arg-type]

    assert (sees("bob"), sees("dora"), sees("mona")) == (True, False, True)
    decide(move(bob, south))
    assert not sees("bob")
    decide(move(bob, north))
    assert sees("bob")
    decide(lambda: change_team(Team.objects.get(pk=north.pk), name="North", parent=helpdesk, by=ada))
    assert not sees("mona")
    decide(lambda: change_team(Team.objects.get(pk=north.pk), name="North", parent=sales, by=ada))
    assert sees("mona")
    decide(lambda: share_record(Customer.objects.get(), south, by=ada))
    assert sees("dora")
    decide(lambda: unshare_record(Customer.objects.get(), south, by=ada))
    assert not sees("dora")
    decide(lambda: change_role(Role.objects.get(key="sales-rep"), by=ada, reaches={"customer": {"view": "own"}}))
    assert not sees("bob")
    decide(lambda: change_role(Role.objects.get(key="sales-rep"), by=ada, reaches={"customer": {"view": "all"}}))
    assert sees("dora")
    decide(lambda: deactivate_person(User.objects.get(pk=dora.pk), by=ada))
    assert not sees("dora")
    assert elsewhere(lambda: clients["dora"].get("/").status_code) == 302
    decide(lambda: change_person(User.objects.get(pk=mona.pk), name="Mona", role=Role.objects.get(key="read-only"), team=None, by=ada))
    assert sees("mona")
    with tenant(ours):
        assert repair_access(Customer) == 0


def test_more_than_a_batch_is_handed_over_by_a_job_with_its_rows_right(town: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """Above BATCH records, here 2 instead of 1,000: nothing in the request, all in the job, whose progress can be read."""
    import sys

    monkeypatch.setattr(sys.modules["crm.setup.actions.hand_over"], "BATCH", 2)
    monkeypatch.setattr("crm.setup.views.people.BATCH", 2)
    ada, alice, bob, dora = (town[name] for name in ("ada", "alice", "bob", "dora"))
    with tenant(ada.own_organization):
        records = [MAKERS[kind](alice, f"Number {number}") for number in range(2) for kind in sorted(MAKERS)]
        share_record(records[0], bob, by=alice)
    answer = browser(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": dora.pk})
    assert answer.status_code == 302
    with tenant(ada.own_organization):
        job = Job.objects.get(kind="setup.hand_over")
        assert all(type(record).objects.get(pk=record.pk).owner_id == alice.pk for record in records)
        assert not User.objects.get(pk=alice.pk).is_active
    done = run_here(job)
    assert (done.state, done.error, done.done, done.total) == (
        State.DONE,
        "",
        len(records) + 2,
        len(records) + 2,
    )  # and the customers of two sales
    assert elsewhere(lambda: browser(dora).get(f"/contacts/{contact_of(records).pk}/").status_code) == 200
    assert elsewhere(lambda: browser(bob).get(f"/contacts/{contact_of(records).pk}/").status_code) == 404
    assert str(len(records) + 2) in browser(ada).get(f"/jobs/{job.pk}/").content.decode()
    with tenant(ada.own_organization):
        fresh = [type(record).objects.get(pk=record.pk) for record in records]
        assert {(record.owner_id, record.team_id) for record in fresh} == {(dora.pk, dora.team_id)}
        assert [repair_access(model) for model in (Customer, Contact, Activity)] == [0, 0, 0]


def contact_of(records: list[Any]) -> Any:
    return next(record for record in records if isinstance(record, Contact) and not record.person_shares.exists())


def test_a_thousand_stay_in_the_request_and_one_more_is_a_job() -> None:
    from crm.setup.actions.hand_over import BATCH

    assert BATCH == 1000
