"""A request that is sent again, because nobody heard the answer, is done once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm.api.actions import forget_old
from crm.api.models import ApiRequest, IdempotentAnswer
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.models import Customer
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.factories.people import make_cast, make_organization

KEY = {"Idempotency-Key": "a1"}


def test_the_same_request_is_answered_the_same_and_done_once(alice: User, as_alice: Program) -> None:
    first, second = (as_alice.post("/customers", {"name": "Once"}, **KEY) for _ in range(2))
    assert (second.status_code, second.content, second["Location"], second["ETag"]) == (201, first.content, first["Location"], '"1"')
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Customer.objects.count() == 1


def test_the_key_of_another_request_is_refused(alice: User, as_alice: Program) -> None:
    as_alice.post("/customers", {"name": "Once"}, **KEY)
    assert is_problem(as_alice.post("/customers", {"name": "Other"}, **KEY), 422)["code"] == "idempotency_key_reused"
    is_problem(as_alice.post("/contacts", {"name": "Once"}, **KEY), 422)
    assert Customer.objects.count() == 1


def test_bob_has_keys_of_his_own(alice: User, as_alice: Program, as_bob: Program) -> None:
    as_alice.post("/customers", {"name": "Hers"}, **KEY)
    assert as_bob.post("/customers", {"name": "His"}, **KEY).status_code == 201


def test_a_refused_request_may_be_mended_under_its_key(alice: User, as_alice: Program) -> None:
    is_problem(as_alice.post("/customers", {"name": ""}, **KEY), 422)
    assert as_alice.post("/customers", {"name": "Once"}, **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_of_nonsense_is_refused(as_alice: Program, key: str) -> None:
    is_problem(as_alice.post("/customers", {"name": "x"}, **{"Idempotency-Key": key}), 400)


def test_after_a_day_the_key_is_free_and_after_a_month_requests_are_forgotten(alice: User, as_alice: Program) -> None:
    as_alice.post("/customers", {"name": "Once"}, **KEY)
    IdempotentAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    assert as_alice.post("/customers", {"name": "Another"}, **KEY).status_code == 201
    IdempotentAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    ApiRequest.objects.filter(pk=ApiRequest.objects.latest("pk").pk).update(at=timezone.now() - timedelta(days=31))
    before = ApiRequest.objects.count()
    assert forget_old(alice.own_organization_id) == 2
    assert (ApiRequest.objects.count(), IdempotentAnswer.objects.count()) == (before - 1, 0)


@pytest.fixture
def alice_for_threads(transactional_db: None) -> User:
    ours, theirs = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(ours):
        return make_cast(ours, theirs)["alice"]


def test_of_two_at_once_one_is_done(alice_for_threads: User) -> None:
    program = program_of(alice_for_threads)
    answers: list[Any] = []
    begin = threading.Barrier(2)

    def ask() -> None:
        begin.wait()
        answers.append(Program(program.secret).post("/customers", {"name": "Once"}, **KEY))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.content for answer in answers}) == 1
    with tenant(Organization.objects.get(slug="halden")):
        assert Customer.objects.count() == 1
