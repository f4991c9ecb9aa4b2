"""Changes of many by program: the same rules as on the pages, each token held to what it is for."""

from typing import Any

import pytest

from crm.access.derived import repair_access
from crm.bulk import actions
from crm.bulk.models import BulkChange, Stage
from crm.fields.record_types import record_types
from crm.jobs.models import Job
from crm.jobs.run import run_here
from crm.records.actions import share_record, update_record
from crm.setup.actions import create_field
from crm.tenancy.transaction import tenant
from crm.users.models import User
from customers.actions import create_tag
from customers.models import Customer
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.factories.customers import make_contact, make_customer


@pytest.fixture
def three(alice: User) -> list[Customer]:
    return [make_customer(alice, f"Nordlys {number} AS") for number in (1, 2, 3)]


@pytest.fixture
def as_alice(alice: User) -> Program:
    return program_of(alice)


def ids(records: Any) -> list[int]:
    return [record.pk for record in records]


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_alice_gives_three_customers_to_bob_and_takes_it_back(alice: User, bob: User, three: list[Customer], as_alice: Program) -> None:
    answer = as_alice.post("/customers/bulk/assign", {"ids": ids(three), "owner": bob.pk})
    change = made(answer)
    assert (change["stage"], change["counts"]["done"], change["what"], change["refused"]) == ("done", 3, "Owner: Bob", [])
    assert answer["Location"] == f"/api/v1/bulk/{change['id']}"
    assert set(Customer.objects.filter(pk__in=ids(three)).values_list("owner_id", "team_id")) == {(bob.pk, bob.team_id)}
    back = as_alice.post(f"/bulk/{change['id']}/undo")
    assert (back.status_code, back.json()["stage"], back.json()["counts"]["undone"]) == (200, "undone", 3)
    assert set(Customer.objects.filter(pk__in=ids(three)).values_list("owner_id", flat=True)) == {alice.pk}
    assert repair_access(Customer) == 0
    assert is_problem(as_alice.post(f"/bulk/{change['id']}/undo"), 422)


def test_a_preview_changes_nothing_and_is_run_or_thrown_away(three: list[Customer], as_alice: Program) -> None:
    wish = {"ids": ids(three), "values": {"industry": "utilities", "size": 250}, "preview": True}
    looked = made(as_alice.post("/customers/bulk/edit", wish))
    assert (looked["stage"], looked["counts"]["open"], looked["counts"]["done"]) == ("ready", 3, 0)
    assert not Customer.objects.filter(industry="utilities").exists()
    assert as_alice.post(f"/bulk/{looked['id']}/run").json()["counts"]["done"] == 3
    assert Customer.objects.filter(industry="utilities", size=250).count() == 3
    assert is_problem(as_alice.post(f"/bulk/{looked['id']}/run"), 422)
    other = made(as_alice.post("/customers/bulk/delete", {"ids": ids(three), "preview": True}))
    assert as_alice.delete(f"/bulk/{other['id']}").status_code == 204
    assert as_alice.get(f"/bulk/{other['id']}").status_code == 404
    assert Customer.objects.filter(pk__in=ids(three), deleted_at=None).count() == 3


def test_what_alice_may_not_change_is_refused_with_the_reason_and_the_rest_is_changed(
    dora: User, alice: User, three: list[Customer], as_alice: Program
) -> None:
    other = make_customer(dora, "Doras own AS")
    share_record(other, alice, by=dora)
    change = made(as_alice.post("/customers/bulk/edit", {"ids": ids([*three, other]), "values": {"industry": "utilities"}}))
    assert (change["counts"]["done"], change["counts"]["refused"]) == (3, 1)
    assert [each["id"] for each in change["refused"]] == [other.pk]
    assert "only for customer records within its reach" in change["refused"][0]["reason"]
    assert as_alice.get(f"/bulk/{change['id']}/refused").json()["data"] == change["refused"]
    other.refresh_from_db()
    assert other.industry != "utilities"


def test_records_out_of_sight_are_missing_and_stay_as_they_are(dora: User, charlie: User, three: list[Customer], as_alice: Program) -> None:
    hidden = make_customer(dora, "Hidden AS")
    with tenant(charlie.own_organization_id):
        foreign = make_customer(charlie, "Foreign AS")
    keys = [three[0].pk, hidden.pk, foreign.pk, 2**63 - 1]
    change = made(as_alice.post("/customers/bulk/delete", {"ids": keys}))
    assert (change["counts"]["done"], change["missing"]) == (1, sorted(keys[1:]))
    assert Customer.objects.get(pk=hidden.pk).deleted_at is None
    everything = made(as_alice.post("/customers/bulk/edit", {"every_match": True, "values": {"industry": "utilities"}}))
    assert everything["counts"]["done"] == 2
    hidden.refresh_from_db()
    assert hidden.industry != "utilities"


@pytest.mark.parametrize(
    "query",
    [
        "industry=construction",
        "f=industry:is:construction",
        "q=Nordlys+1",
        'filter={"all":[{"field":"industry","op":"is","value":"construction"}]}',
    ],
)
def test_all_that_match_takes_the_filters_of_the_list(query: str, alice: User, three: list[Customer], as_alice: Program) -> None:
    update_record(three[0], by=alice, industry="construction")
    change = made(as_alice.post(f"/customers/bulk/edit?{query}", {"every_match": True, "values": {"size": 250}}))
    assert change["counts"]["done"] == 1
    assert change["filter"]
    assert list(Customer.objects.filter(size=250)) == [three[0]]


def test_tags_shares_and_deleting(alice: User, ada: User, dora: User, three: list[Customer], as_alice: Program) -> None:
    key, due = create_tag("key account", by=ada), create_tag("renewal due", by=ada)
    update_record(three[0], by=alice, tags=[due])
    made(as_alice.post("/customers/bulk/tag", {"ids": ids(three), "add": [key.pk], "remove": [due.pk]}))
    assert [[str(tag) for tag in one.tags.all()] for one in three] == [["key account"]] * 3
    made(as_alice.post("/customers/bulk/share", {"ids": ids(three), "person": dora.pk, "right": "change"}))
    assert Customer.objects.permitted_to(dora, "change").filter(pk__in=ids(three)).count() == 3
    made(as_alice.post("/customers/bulk/share", {"ids": ids(three), "person": dora.pk, "right": "none"}))
    assert not Customer.objects.visible_to(dora).filter(pk__in=ids(three)).exists()
    gone = made(as_alice.post("/customers/bulk/delete", {"ids": ids(three)}))
    assert not Customer.objects.visible_to(alice).filter(pk__in=ids(three)).exists()
    as_alice.post(f"/bulk/{gone['id']}/undo")
    assert Customer.objects.visible_to(alice).filter(pk__in=ids(three)).count() == 3


def test_fields_that_ada_added_and_contacts_too(alice: User, ada: User, bob: User, three: list[Customer], as_alice: Program) -> None:
    seats = create_field(record_types["customer"], "decimal", label="Seats", by=ada)
    change = made(as_alice.post("/customers/bulk/edit", {"ids": ids(three), "values": {seats.key: "12.5"}}))
    assert (change["counts"]["done"], change["what"]) == (3, "Seats: 12.5")
    assert as_alice.get(f"/customers/{three[0].pk}").json()[seats.key] == "12.5"
    made(as_alice.post("/customers/bulk/edit", {"ids": ids(three), "values": {seats.key: None}}))
    assert as_alice.get(f"/customers/{three[0].pk}").json()[seats.key] is None
    contact = make_contact(alice, first_name="Ann")
    assert made(as_alice.post("/contacts/bulk/assign", {"ids": [contact.pk], "owner": {"id": bob.pk}}))["counts"]["done"] == 1


def test_many_are_a_job_whose_address_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, bob: User, three: list[Customer], as_alice: Program
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    wish = {"every_match": True, "owner": bob.pk}
    answer = as_alice.post("/customers/bulk/assign?q=Nordlys", wish)
    assert answer.status_code == 202, answer.content
    job = Job.objects.get(pk=answer.json()["job"])
    assert answer["Location"] == f"/api/v1/jobs/{job.pk}"
    assert as_alice.get(f"/jobs/{job.pk}").status_code == 200
    assert not Customer.objects.filter(owner=bob).exists()
    run_here(job)
    found = as_alice.get(f"/bulk/{answer.json()['id']}").json()
    assert (found["stage"], found["counts"]["done"]) == ("done", 3)
    back = as_alice.post(f"/bulk/{found['id']}/undo")
    assert back.status_code == 202
    run_here(Job.objects.get(pk=back.json()["job"]))
    assert BulkChange.objects.get().stage == Stage.UNDONE
    looked = as_alice.post("/customers/bulk/assign?q=Nordlys", wish | {"preview": True})
    assert looked.status_code == 202
    run_here(Job.objects.get(pk=looked.json()["job"]))
    assert as_alice.get(f"/bulk/{looked.json()['id']}").json()["counts"]["open"] == 3


def test_sent_again_with_the_same_key_it_is_done_once(three: list[Customer], as_alice: Program) -> None:
    wish, key = {"ids": ids(three), "values": {"size": 250}}, {"Idempotency-Key": "nightly-1"}
    first, second = (as_alice.post("/customers/bulk/edit", wish, **key) for _time in range(2))
    assert (first.json(), second["Idempotent-Replayed"]) == (second.json(), "true")
    assert BulkChange.objects.count() == 1
    is_problem(as_alice.post("/customers/bulk/edit?q=x", wish, **key), 422)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("edit", {"values": {"size": 1}}, ""),
        ("edit", {"ids": [1], "every_match": True, "values": {"size": 1}}, ""),
        ("edit", {"every_match": False, "values": {"size": 1}}, "every_match"),
        ("edit", {"ids": [], "values": {"size": 1}}, "ids"),
        ("edit", {"ids": [1] * 1001, "values": {"size": 1}}, "ids"),
        ("edit", {"ids": [2**63], "values": {"size": 1}}, "ids"),
        ("edit", {"ids": ["1"], "values": {"size": 1}}, "ids"),
        ("edit", {"ids": [True], "values": {"size": 1}}, "ids"),
        ("edit", {"ids": [1]}, "values"),
        ("edit", {"ids": [1], "values": {}}, "values"),
        ("edit", {"ids": [1], "values": {"name": "All the same"}}, "name"),
        ("edit", {"ids": [1], "values": {"moon": 1}}, "moon"),
        ("edit", {"ids": [1], "values": {"size": 1}, "preview": 1}, "preview"),
        ("edit", {"ids": [1], "values": {"size": 1}, "moon": 1}, "moon"),
        ("assign", {"ids": [1]}, "owner"),
        ("assign", {"ids": [1], "owner": 2**62}, "owner"),
        ("tag", {"ids": [1]}, ""),
        ("tag", {"ids": [1], "add": ["1"]}, "add"),
        ("share", {"ids": [1], "right": "view"}, ""),
        ("share", {"ids": [1], "person": 2**62}, "person"),
        ("share", {"ids": [1], "team": 2**62}, "team"),
        ("share", {"ids": [1], "person": "x"}, "person"),
        ("delete", {"ids": [1], "owner": 1}, "owner"),
    ],
)
def test_what_is_not_understood_is_said_by_field(path: str, body: Any, field: str, three: list[Customer], as_alice: Program) -> None:
    errors = is_problem(as_alice.post(f"/customers/bulk/{path}", body), 422)["errors"]
    assert [each["field"] for each in errors] == [field]
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"), [("filter=&f=&match=all&q=&name=", 200), ("name=Nord", 400), ("f=name:is:x", 400), ("match=null", 400)]
)
def test_a_filter_beside_ids_is_refused_and_an_empty_one_is_none(query: str, status: int, as_alice: Any, alice: User) -> None:
    customer = make_customer(alice, "Nordlys")
    answer = as_alice.post(f"/customers/bulk/edit?{query}", {"ids": [customer.pk], "values": {"size": 5}, "preview": True})
    assert answer.status_code // 100 == status // 100, answer.content


@pytest.mark.parametrize("query", ["moon=1", "sort=name", "limit=1", "filter=x", "cursor=x"])
def test_a_filter_that_is_not_understood_changes_nothing(query: str, three: list[Customer], as_alice: Program) -> None:
    is_problem(as_alice.post(f"/customers/bulk/delete?{query}", {"every_match": True}), 400)
    is_problem(as_alice.post("/customers/bulk/delete?city=Berlin", {"ids": ids(three)}), 400)
    assert Customer.objects.filter(pk__in=ids(three), deleted_at=None).count() == 3


def test_nobody_shares_with_another_organization(charlie: User, three: list[Customer], as_alice: Program) -> None:
    is_problem(as_alice.post("/customers/bulk/share", {"ids": ids(three), "person": charlie.pk}), 422)
    is_problem(as_alice.post("/customers/bulk/assign", {"ids": ids(three), "owner": charlie.pk}), 422)


def test_a_token_does_what_it_is_for_and_no_more(alice: User, three: list[Customer], as_alice: Program) -> None:
    wish = {"ids": ids(three), "values": {"size": 250}, "preview": True}
    reader, blind = program_of(alice, "*:view"), program_of(alice, "customers:change")
    for program in (reader, blind):
        assert is_problem(program.post("/customers/bulk/edit", wish), 403)["code"] == "insufficient_scope"
    change = made(as_alice.post("/customers/bulk/edit", wish))
    assert reader.get(f"/bulk/{change['id']}").status_code == 200
    for verb in ("run", "undo"):
        assert is_problem(reader.post(f"/bulk/{change['id']}/{verb}"), 403)["code"] == "insufficient_scope"
    is_problem(reader.delete(f"/bulk/{change['id']}"), 403)
    editor = program_of(alice, "customers:view", "customers:change")
    is_problem(editor.post("/customers/bulk/delete", {"ids": ids(three)}), 403)
    assert editor.post(f"/bulk/{change['id']}/run").status_code == 200


def test_sam_whose_role_only_reads_is_refused_as_a_whole(sam: User, three: list[Customer]) -> None:
    is_problem(program_of(sam).post("/customers/bulk/delete", {"ids": ids(three)}), 403)


def test_a_change_is_its_makers_alone(bob: User, ada: User, three: list[Customer], as_alice: Program) -> None:
    change = made(as_alice.post("/customers/bulk/edit", {"ids": ids(three), "values": {"size": 250}}))
    for person in (bob, ada):
        program = program_of(person)
        assert program.get("/bulk").json()["data"] == []
        for answer in (program.get(f"/bulk/{change['id']}/refused"), program.post(f"/bulk/{change['id']}/undo")):
            is_problem(answer, 404)
    assert [each["id"] for each in as_alice.get("/bulk").json()["data"]] == [change["id"]]
