"""Making, changing and deleting by program: the same rules and sentences as on the pages, and who comes second is told so."""

import json
from typing import Any

import pytest

from crm.audit.models import LogEntry
from crm.records.actions import share_record, update_record
from crm.users.models import Role, Team, User
from customers.models import Contact, Customer, Tag
from tests.api.program import Program, program_of
from tests.api.test_problems import is_problem
from tests.factories.customers import make_contact, make_customer


def errors(answer: Any) -> dict[str, str]:
    return {each["field"]: each["message"] for each in is_problem(answer, 422)["errors"]}


def test_alice_makes_a_customer_with_everything(alice: User, bob: User, as_alice: Program) -> None:
    parent, tag = make_customer(alice, "Parent"), Tag.objects.create(name="reference")
    answer = as_alice.post(
        "/customers",
        {
            "name": "  Fjord   AS ",
            "lifecycle": "lead",
            "size": 48,
            "annual_revenue": {"amount": "1234.5", "currency": "NOK"},
            "website": "fjord.example",
            "phone": "22 12 34 56",
            "billing_country": "NO",
            "owner": {"id": bob.pk},
            "parent": parent.pk,
            "tags": [tag.pk],
            "shipping_same_as_billing": True,
        },
    )
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert answer["Location"] == f"/api/v1/customers/{row['id']}"
    assert answer["ETag"] == '"1"'
    assert row["name"] == "Fjord AS"
    assert row["phone"] == "+4722123456"
    assert row["annual_revenue"] == {"amount": "1234.50", "currency": "NOK"}
    assert (row["owner"]["id"], row["team"]["label"], row["parent"]["id"]) == (bob.pk, "North", parent.pk)
    assert [each["label"] for each in row["tags"]] == ["reference"]
    assert as_alice.get(f"/customers/{row['id']}").json() == row
    made = LogEntry.objects.get(object_id=row["id"], verb="customer.created")
    assert made.actor_id == alice.pk


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "\u0000"}, "name"),
        ({"name": 3}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "x", "moon": 1}, "moon"),
        ({"name": "x", "id": 3}, "id"),
        ({"name": "x", "version": 3}, "version"),
        ({"name": "x", "created_at": "2026-11-22T00:00:00Z"}, "created_at"),
        ({"name": "x", "organization": 1}, "organization"),
        ({"name": "x", "deleted_at": None}, "deleted_at"),
        ({"name": "x", "custom": {}}, "custom"),
        ({"name": "x", "size": "48"}, "size"),
        ({"name": "x", "size": 1.5}, "size"),
        ({"name": "x", "size": True}, "size"),
        ({"name": "x", "size": 10**30}, "size"),
        ({"name": "x", "size": -1}, "size"),
        ({"name": "x", "lifecycle": "Lead"}, "lifecycle"),
        ({"name": "x", "billing_country": "Norway"}, "billing_country"),
        ({"name": "x", "billing_country": "XX"}, "billing_country"),
        ({"name": "x", "annual_revenue": "1,5"}, "annual_revenue"),
        ({"name": "x", "annual_revenue": 1.5}, "annual_revenue"),
        ({"name": "x", "annual_revenue": {"amount": "1", "currency": "moon"}}, "annual_revenue"),
        ({"name": "x", "annual_revenue": {"amount": "1", "note": "x"}}, "annual_revenue"),
        ({"name": "x", "email": "nobody"}, "email"),
        ({"name": "x", "owner": 2**63}, "owner"),
        ({"name": "x", "owner": "alice"}, "owner"),
        ({"name": "x", "owner": {"name": "alice"}}, "owner"),
        ({"name": "x", "tags": 3}, "tags"),
        ({"name": "x", "tags": [2**40]}, "tags"),
        ({"name": "x", "shipping_same_as_billing": "yes"}, "shipping_same_as_billing"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field(alice: User, as_alice: Program, body: Any, field: str) -> None:
    assert field in errors(as_alice.post("/customers", body))
    assert not Customer.objects.exists()


def test_all_that_is_wrong_is_told_at_once(as_alice: Program, alice: User) -> None:
    assert set(errors(as_alice.post("/customers", {"name": 3, "size": "x", "moon": 1}))) == {"name", "size", "moon"}


@pytest.mark.parametrize("body", ["{", "[]", "3", '"x"', "null", "[" * 100_000, b"\xff\xfe", '{"name": NaN', "{'name': 1}"])
def test_what_is_no_object_is_refused(as_alice: Program, body: Any) -> None:
    assert is_problem(as_alice.post("/customers", body), 400)["code"] == "malformed_json"


def test_a_form_is_no_json(as_alice: Program) -> None:
    is_problem(as_alice.client.post("/api/v1/customers", {"name": "x"}), 415)


def test_a_body_of_many_megabytes_is_too_large(as_alice: Program) -> None:
    is_problem(as_alice.post("/customers", {"name": "x", "description": "y" * 3_000_000}), 413)


def test_odd_text_is_stored_as_pages_store_it_or_refused(as_alice: Program) -> None:
    made = as_alice.post("/customers", '{"name": "A\\u0000B\\ud800 \\u202eC", "description": "x\\u0000y"}')
    assert made.status_code == 201
    assert made.json()["name"] == "AB C"
    assert set(errors(as_alice.post("/customers", '{"name": "x", "\\ud800\\u0000": 1}')))


def test_nothing_of_charlies_can_be_named(alice: User, charlie: User, as_alice: Program) -> None:
    team = Team.objects.filter(organization_id=alice.organization_id).exclude(pk=alice.team_id).first()
    assert team is not None
    assert set(errors(as_alice.post("/customers", {"name": "x", "owner": charlie.pk}))) == {"owner"}
    foreign = errors(program_of(charlie).post("/customers", {"name": "x", "team": team.pk, "owner": alice.pk}))
    assert set(foreign) == {"team", "owner"}


def test_a_parent_out_of_sight_is_as_if_it_were_not_there(alice: User, dora: User, as_alice: Program) -> None:
    theirs = make_customer(dora, "Theirs")
    unseen = errors(as_alice.post("/customers", {"name": "x", "parent": theirs.pk}))
    missing = errors(as_alice.post("/customers", {"name": "x", "parent": 2**40}))
    assert unseen == missing


def test_bob_may_not_make_customers_for_dora_and_rita_none_at_all(dora: User, as_bob: Program, cast: dict[str, User]) -> None:
    assert "reach" in is_problem(as_bob.post("/customers", {"name": "x", "owner": dora.pk}), 403)["detail"]
    assert "does not include" in is_problem(program_of(cast["rita"]).post("/customers", {"name": "x"}), 403)["detail"]


def test_fields_that_the_role_withholds_cannot_be_written(alice: User) -> None:
    Role.objects.filter(pk=alice.role_id).update(levels={"customer": {"email": "hidden", "phone": "masked", "size": "read"}})
    customer, program = make_customer(User.objects.get(pk=alice.pk)), program_of(alice)
    for body in ({"email": "a@b.example"}, {"phone": "+4722123456"}, {"size": 3}):
        assert "edit" in is_problem(program.patch(f"/customers/{customer.pk}", body, **{"If-Match": '"1"'}), 403)["detail"]
        is_problem(program.post("/customers", {"name": "x", **body}), 403)


def test_a_change_says_which_version_was_read(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice)
    path = f"/customers/{customer.pk}"
    is_problem(as_alice.patch(path, {"size": 3}), 428)
    is_problem(as_alice.patch(path, {"size": 3}, **{"If-Match": '"2"'}), 412)
    is_problem(as_alice.patch(path, {"size": 3}, **{"If-Match": 'W/"1"'}), 412)
    is_problem(as_alice.patch(path, {"size": 3}, **{"If-Match": "moon"}), 412)
    answer = as_alice.patch(path, {"size": 3}, **{"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["size"], answer.json()["version"], answer["ETag"]) == (200, 3, 2, '"2"')
    assert as_alice.patch(path, {"size": 4}, **{"If-Match": "*"}).json()["version"] == 3
    assert as_alice.patch(path, {"size": 5}, **{"If-Match": '"1", "3"'}).json()["size"] == 5


def test_who_comes_second_is_told_and_nothing_is_written(alice: User, bob: User, as_alice: Program) -> None:
    customer = make_customer(alice)
    tag = as_alice.get(f"/customers/{customer.pk}")["ETag"]
    update_record(customer, by=bob, size=7)
    answer = as_alice.patch(f"/customers/{customer.pk}", {"size": 3}, **{"If-Match": tag})
    assert is_problem(answer, 412)["code"] == "version_conflict"
    assert answer["ETag"] == '"2"'
    assert Customer.objects.get(pk=customer.pk).size == 7


def test_what_was_read_can_be_sent_back(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice, annual_revenue="1250", parent=make_customer(alice, "Parent"), phone="+4722123456")
    row = as_alice.get(f"/customers/{customer.pk}").json()
    closed = {"id", "version", "created_at", "created_by", "updated_at", "updated_by", "last_activity_at", "domain"}
    answer = as_alice.patch(f"/customers/{customer.pk}", {k: v for k, v in row.items() if k not in closed}, **{"If-Match": '"1"'})
    assert answer.status_code == 200, answer.content
    assert answer.json() == row


@pytest.mark.parametrize("whole", [True, False])
def test_a_meeting_that_ends_and_never_begins_is_refused_by_name(whole: bool, as_alice: Program) -> None:
    body = {"subject": "Visit", "at": None, "end_at": "2026-12-01T10:00:00Z", "all_day": whole}
    assert [one["field"] for one in is_problem(as_alice.post("/meetings", body), 422)["errors"]] == ["at"]


def test_null_empties_and_what_is_required_cannot_be_emptied(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice, size=3, parent=make_customer(alice, "Parent"), tags=[Tag.objects.create(name="x")], legal_name="X")
    body = {"size": None, "parent": None, "tags": None, "legal_name": None}
    row = as_alice.patch(f"/customers/{customer.pk}", body, **{"If-Match": "*"}).json()
    assert (row["size"], row["parent"], row["tags"], row["legal_name"]) == (None, None, [], None)
    assert "name" in errors(as_alice.patch(f"/customers/{customer.pk}", {"name": None}, **{"If-Match": "*"}))


def test_a_record_given_out_of_sight_is_answered_with_its_key_alone(alice: User, dora: User, ada: User, mona: User) -> None:
    customer = make_customer(alice)
    Role.objects.filter(pk=alice.role_id).update(reaches={"customer": {"view": "own", "change": "own", "create": "all"}})
    program = program_of(User.objects.get(pk=alice.pk))
    answer = program.patch(f"/customers/{customer.pk}", {"owner": dora.pk}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()) == (200, {"id": customer.pk})
    made = program.post("/customers", {"name": "For Dora", "owner": dora.pk})
    assert (made.status_code, set(made.json())) == (201, {"id"})


def test_what_nobody_owns_has_no_address_for_who_does_not_see_it(alice: User, ada: User, as_alice: Program) -> None:
    made = as_alice.post("/calls", {"owner": None, "body": "For whoever is free"})
    assert (made.status_code, made.json(), "Location" in made) == (201, {"id": None}, False)
    assert program_of(ada).get("/calls").json()["data"][0]["body"] == "For whoever is free"


def test_who_may_only_see_may_not_write(alice: User, dora: User, as_sam: Program, as_charlie: Program) -> None:
    customer = make_customer(alice)
    path, any_version = f"/customers/{customer.pk}", {"If-Match": "*"}
    share_record(customer, dora, by=alice)
    for program in (as_sam, program_of(dora)):
        is_problem(program.patch(path, {"size": 3}, **any_version), 403)
        is_problem(program.delete(path), 403)
        is_problem(program.post(f"{path}/share", {"person": alice.pk}), 403)
    is_problem(as_charlie.patch(path, {"size": 3}, **any_version), 404)
    is_problem(as_charlie.delete(path), 404)
    is_problem(as_charlie.post(f"{path}/restore"), 404)


@pytest.mark.parametrize(
    ("verb", "ask"),
    [
        ("create", lambda program, pk: program.post("/customers", {"name": "x"})),
        ("change", lambda program, pk: program.patch(f"/customers/{pk}", {"size": 3}, **{"If-Match": "*"})),
        ("delete", lambda program, pk: program.delete(f"/customers/{pk}")),
        ("delete", lambda program, pk: program.post(f"/customers/{pk}/restore")),
        ("share", lambda program, pk: program.post(f"/customers/{pk}/share", {"person": 1})),
        ("share", lambda program, pk: program.post(f"/customers/{pk}/unshare", {"person": 1})),
    ],
)
def test_a_token_that_reads_does_not_write(alice: User, verb: str, ask: Any) -> None:
    customer = make_customer(alice)
    reader, writer = program_of(alice, "*:view"), program_of(alice, f"customers:{verb}")
    assert is_problem(ask(reader, customer.pk), 403)["code"] == "insufficient_scope"
    assert ask(writer, customer.pk).status_code != 403
    assert writer.get("/customers").status_code == 403


def test_deleted_is_gone_and_restored_is_back(alice: User, as_alice: Program, as_bob: Program) -> None:
    customer = make_customer(alice)
    path = f"/customers/{customer.pk}"
    is_problem(as_alice.delete(path, **{"If-Match": '"7"'}), 412)
    answer = as_alice.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    is_problem(as_alice.get(path), 404)
    is_problem(as_alice.delete(path), 404)
    is_problem(as_bob.post(f"{path}/restore"), 404)
    assert as_alice.post(f"{path}/restore").json()["name"] == customer.name
    assert as_alice.post(f"{path}/restore").status_code == 200
    assert as_bob.get(path).status_code == 200


def test_alice_shares_with_dora_and_takes_it_back(alice: User, dora: User, charlie: User, as_alice: Program) -> None:
    customer, team = make_customer(alice), alice.team
    assert team is not None
    path = f"/customers/{customer.pk}"
    shared = as_alice.post(f"{path}/share", {"person": dora.pk, "right": "change"}).json()["shares"]
    assert shared == [{"kind": "person", "holder": {"id": dora.pk, "label": "Dora"}, "right": "change"}]
    assert program_of(dora).patch(path, {"size": 3}, **{"If-Match": "*"}).status_code == 200
    assert len(as_alice.post(f"{path}/share", {"team": team.pk}).json()["shares"]) == 2
    assert len(as_alice.post(f"{path}/unshare", {"person": dora.pk}).json()["shares"]) == 1
    is_problem(program_of(dora).get(path), 404)
    for body in ({}, {"person": 1, "team": 1}, {"person": "x"}, {"person": charlie.pk}, {"person": dora.pk, "right": "all"}, {"moon": 1}):
        assert errors(as_alice.post(f"{path}/share", body))


def test_contacts_are_written_as_customers_are(alice: User, as_alice: Program) -> None:
    customer = make_customer(alice, billing_country="NO")
    answer = as_alice.post("/contacts", {"first_name": "Elin", "last_name": "Berg", "customer": customer.pk, "phone": "22 12 34 56"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["phone"] == "+4722123456"
    contact = Contact.objects.get(pk=answer.json()["id"])
    row = as_alice.patch(f"/contacts/{contact.pk}", {"birthday": "1980-02-29"}, **{"If-Match": '"1"'}).json()
    assert (row["birthday"], row["name"]) == ("1980-02-29", "Elin Berg")
    for day in ("29.02.1980", "1981-02-29", "1980-02-29T00:00", 19800229):
        assert "birthday" in errors(as_alice.patch(f"/contacts/{contact.pk}", {"birthday": day}, **{"If-Match": "*"}))


def test_two_contacts_with_one_address_are_refused_in_the_words_of_the_pages(alice: User, as_alice: Program) -> None:
    make_contact(alice, email="elin@berg.example")
    answer = as_alice.post("/contacts", {"first_name": "Elin", "last_name": "Berg", "email": "ELIN@berg.example"})
    assert "email" in errors(answer)


def test_a_refused_request_leaves_nothing(alice: User, as_alice: Program) -> None:
    before = LogEntry.objects.count()
    as_alice.post("/customers", {"name": "x", "size": -1})
    assert LogEntry.objects.count() == before
    assert json.loads(as_alice.get("/customers").content)["data"] == []


def test_a_whole_day_without_a_time_is_refused_with_a_sentence(as_alice: Program) -> None:
    answer = as_alice.post("/meetings", {"subject": "Fair", "at": None, "all_day": True})
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == ["at"]
