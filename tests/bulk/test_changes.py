"""Many records at once: what becomes of each, with whose rights, and taking it back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from crm.access.derived import repair_access
from crm.audit.models import LogEntry
from crm.bulk.models import BulkChange, Stage, State
from crm.events.models import Event
from crm.fields.record_types import record_types
from crm.records.actions import delete_record, share_record, unshare_record, update_record
from crm.search.models import SearchDocument
from crm.setup.actions import create_field
from crm.tenancy.transaction import tenant
from crm.users.models import Role, User
from customers.actions import create_tag
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer

Changed = Callable[..., BulkChange]
ClientOf = Callable[[Any], Client]


def counts(change: BulkChange) -> dict[str, int]:
    change.refresh_from_db()
    return {state: number for state, number in change.counts.items() if number}


def undo(client: Client, change: BulkChange) -> dict[str, int]:
    client.post(f"/bulk/{change.pk}/undo/")
    return counts(change)


def values_of(*keys: str) -> dict[str, tuple[Any, ...]]:
    return {one.name: tuple(getattr(one, key) for key in keys) for one in Customer.objects.filter(name__startswith="Nordlys")}


@pytest.fixture
def three(alice: User) -> list[Customer]:
    return [make_customer(alice, f"Nordlys {number} AS") for number in (1, 2, 3)]


def test_alice_gives_three_customers_to_bob_and_takes_them_back(
    changed: Changed, alice: User, bob: User, three: list[Customer], client_of: ClientOf
) -> None:
    change = changed(alice, "customer", "assign", three, owner=bob.pk)
    assert (change.stage, counts(change)) == (Stage.DONE, {"done": 3})
    for customer in Customer.objects.filter(pk__in=[one.pk for one in three]):
        assert (customer.owner, customer.team, customer.version, customer.updated_by) == (bob, bob.team, 2, alice)
    assert repair_access(Customer) == 0
    assert undo(client_of(alice), change) == {"undone": 3}
    assert set(Customer.objects.filter(pk__in=[one.pk for one in three]).values_list("owner_id", "version")) == {(alice.pk, 3)}
    assert repair_access(Customer) == 0


def test_nothing_is_changed_before_the_button(planned: Changed, alice: User, bob: User, three: list[Customer]) -> None:
    change = planned(alice, "customer", "assign", three, owner=bob.pk)
    assert (change.stage, counts(change)) == (Stage.READY, {"open": 3})
    assert set(Customer.objects.filter(pk__in=[one.pk for one in three]).values_list("owner_id", flat=True)) == {alice.pk}


def test_each_record_has_its_log_entry_its_event_and_its_search_row(changed: Changed, alice: User, three: list[Customer]) -> None:
    changed(alice, "customer", "edit", three, fields=["industry", "size"], industry="utilities", size="250")
    for customer in three:
        entry = LogEntry.objects.get(object_id=customer.pk, verb="customer.updated")
        assert (entry.actor, entry.changes["industry"]) == (alice, [customer.industry, "utilities"])
        assert Event.objects.filter(kind="customer.updated", record_id=customer.pk, actor=alice).count() == 1
        customer.refresh_from_db()
        assert SearchDocument.objects.get(record_id=customer.pk, record_type="customer").updated_at == customer.updated_at
    change = BulkChange.objects.get()
    log = LogEntry.objects.get(content_type=ContentType.objects.get_for_model(BulkChange), object_id=change.pk)
    assert (log.verb, log.changes["rows"]) == ("bulk.made", [None, 3])
    assert change.what == "Industry: Utilities; Employees: 250"


def test_what_alice_may_not_change_is_refused_with_the_reason(
    planned: Changed, alice: User, dora: User, three: list[Customer], client_of: ClientOf
) -> None:
    other = make_customer(dora, "Doras own AS")
    share_record(other, alice, by=dora)
    change = planned(alice, "customer", "edit", [*three, other], fields=["industry"], industry="utilities")
    assert counts(change) == {"open": 3, "refused": 1}
    page = client_of(alice).get(f"/bulk/{change.pk}/").content.decode()
    assert "Doras own AS" in page
    assert "only for customer records within its reach" in page
    assert "Change 3 records" in page


def test_records_that_alice_does_not_see_are_no_part_of_it(
    planned: Changed, alice: User, dora: User, charlie: User, three: list[Customer]
) -> None:
    hidden = make_customer(dora, "Hidden AS")
    with tenant(charlie.own_organization_id):
        foreign = make_customer(charlie, "Foreign AS")
    change = planned(alice, "customer", "edit", [three[0], hidden, foreign], fields=["industry"], industry="utilities")
    assert counts(change) == {"open": 1}


def test_what_is_so_already_is_left_alone(changed: Changed, alice: User, three: list[Customer]) -> None:
    update_record(three[0], by=alice, industry="utilities")
    change = changed(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    assert counts(change) == {"same": 1, "done": 2}
    three[0].refresh_from_db()
    assert three[0].version == 2


def test_a_value_that_does_not_fit_a_record_is_refused_for_that_record(changed: Changed, alice: User) -> None:
    fits = make_customer(alice, "Fits AS")
    child = make_customer(alice, "Child AS", parent=fits)
    change = changed(alice, "customer", "edit", [fits, child], fields=["parent"], parent=child.pk)
    assert counts(change)["refused"] == 2, "a customer is not its own ancestor"
    assert not Customer.objects.filter(parent=child).exists()


def test_a_required_field_of_the_organization_is_not_emptied(alice: User, ada: User, three: list[Customer], client_of: ClientOf) -> None:
    row = create_field(record_types["customer"], "text", label="Site", required=True, by=ada)
    answer = client_of(alice).post(f"/bulk/new/customer/edit/?pk={three[0].pk}&field={row.key}", {row.key: ""})
    assert answer.status_code == 422


def test_alice_edits_a_field_that_ada_added_and_takes_it_back(
    changed: Changed, alice: User, ada: User, three: list[Customer], client_of: ClientOf
) -> None:
    number = create_field(record_types["customer"], "decimal", label="Seats", by=ada)
    person = create_field(record_types["customer"], "person", label="Guide", by=ada)
    update_record(Customer.objects.get(pk=three[0].pk), by=alice, **{number.key: 7})
    change = changed(alice, "customer", "edit", three, fields=[number.key, person.key], **{number.key: "12", person.key: str(ada.pk)})
    assert counts(change) == {"done": 3}
    assert set(values_of(number.key, person.key).values()) == {(12, ada)}
    assert undo(client_of(alice), change) == {"undone": 3}
    before = values_of(number.key, person.key)
    assert before == {"Nordlys 1 AS": (7, None), "Nordlys 2 AS": (None, None), "Nordlys 3 AS": (None, None)}


def test_tags_come_and_go(changed: Changed, alice: User, ada: User, three: list[Customer], client_of: ClientOf) -> None:
    key, due = create_tag("key account", by=ada), create_tag("renewal due", by=ada)
    update_record(three[0], by=alice, tags=[due])
    change = changed(alice, "customer", "tag", three, add=[key.pk], remove=[due.pk])
    assert counts(change) == {"done": 3}
    assert [sorted(str(tag) for tag in one.tags.all()) for one in three] == [["key account"]] * 3
    assert undo(client_of(alice), change) == {"undone": 3}
    assert [[str(tag) for tag in one.tags.all()] for one in three] == [["renewal due"], [], []]


def test_a_tag_to_add_and_to_take_away_is_no_wish(alice: User, ada: User, three: list[Customer], client_of: ClientOf) -> None:
    tag = create_tag("key account", by=ada)
    answer = client_of(alice).post(f"/bulk/new/customer/tag/?pk={three[0].pk}", {"add": [tag.pk], "remove": [tag.pk]})
    assert answer.status_code == 422
    assert "choose one" in answer.content.decode()


def test_alice_shares_three_customers_with_dora_and_takes_it_back(
    changed: Changed, alice: User, dora: User, three: list[Customer], client_of: ClientOf
) -> None:
    share_record(three[0], dora, by=alice)
    change = changed(alice, "customer", "share", three, holder=f"person-{dora.pk}", right="change")
    assert counts(change) == {"done": 3}
    assert Customer.objects.permitted_to(dora, "change").filter(pk__in=[one.pk for one in three]).count() == 3
    found = SearchDocument.objects.filter(record_type="customer", record_id=three[1].pk).get()
    assert dora.pk * 8 + 3 in found.principals
    assert undo(client_of(alice), change) == {"undone": 3}
    assert list(Customer.objects.visible_to(dora).filter(name__startswith="Nordlys").values_list("pk", flat=True)) == [three[0].pk]
    assert not Customer.objects.permitted_to(dora, "change").filter(pk=three[0].pk).exists()
    assert repair_access(Customer) == 0


def test_a_share_with_a_team_and_its_end(changed: Changed, alice: User, dora: User, three: list[Customer]) -> None:
    assert dora.team is not None
    changed(alice, "customer", "share", three, holder=f"team-{dora.team.pk}", right="view")
    assert Customer.objects.visible_to(dora).filter(name__startswith="Nordlys").count() == 3
    change = changed(alice, "customer", "share", three[:2], holder=f"team-{dora.team.pk}", right="none")
    assert counts(change) == {"done": 2}
    assert Customer.objects.visible_to(dora).filter(name__startswith="Nordlys").count() == 1
    assert repair_access(Customer) == 0


def test_nobody_shares_with_another_organization(alice: User, charlie: User, three: list[Customer], client_of: ClientOf) -> None:
    data = {"holder": f"person-{charlie.pk}", "right": "view"}
    assert client_of(alice).post(f"/bulk/new/customer/share/?pk={three[0].pk}", data).status_code == 422


def test_deleted_together_and_back_together(changed: Changed, alice: User, three: list[Customer], client_of: ClientOf) -> None:
    change = changed(alice, "customer", "delete", three)
    assert counts(change) == {"done": 3}
    assert not Customer.objects.visible_to(alice).filter(name__startswith="Nordlys").exists()
    assert not SearchDocument.objects.filter(record_type="customer", record_id__in=[one.pk for one in three]).exists()
    assert undo(client_of(alice), change) == {"undone": 3}
    assert Customer.objects.visible_to(alice).filter(name__startswith="Nordlys").count() == 3
    assert SearchDocument.objects.filter(record_type="customer", record_id__in=[one.pk for one in three]).count() == 3
    assert repair_access(Customer) == 0


def test_what_was_taken_by_another_record_stays_in_the_bin(changed: Changed, alice: User, ada: User, client_of: ClientOf) -> None:
    row = create_field(record_types["customer"], "text", label="Code", unique=True, by=ada)
    first, second = make_customer(alice, "First AS", **{row.key: "A1"}), make_customer(alice, "Second AS", **{row.key: "B2"})
    change = changed(alice, "customer", "delete", [first, second])
    make_customer(alice, "Third AS", **{row.key: "A1"})
    assert undo(client_of(alice), change) == {"undone": 1, "kept": 1}
    page = client_of(alice).get(f"/bulk/{change.pk}/").content.decode()
    assert "Not taken back" in page
    second.refresh_from_db()
    assert second.deleted_at is None


def test_what_somebody_edited_since_is_kept(changed: Changed, alice: User, bob: User, three: list[Customer], client_of: ClientOf) -> None:
    change = changed(alice, "customer", "edit", three, fields=["industry", "size"], industry="utilities", size="250")
    edited, beside = (Customer.objects.get(pk=one.pk) for one in three[:2])
    update_record(edited, by=bob, industry="construction", size=None)
    update_record(beside, by=bob, description="Called")
    assert undo(client_of(alice), change) == {"undone": 2, "kept": 1}
    edited.refresh_from_db()
    beside.refresh_from_db()
    assert edited.industry == "construction"
    assert (beside.industry, beside.size, beside.description) == (three[1].industry, three[1].size, "Called")


def test_records_deleted_between_the_look_and_the_button(planned: Changed, alice: User, three: list[Customer], client_of: ClientOf) -> None:
    change = planned(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    delete_record(three[0], by=alice)
    client_of(alice).post(f"/bulk/{change.pk}/run/")
    assert counts(change) == {"done": 2, "refused": 1}


def test_a_right_lost_between_the_look_and_the_button(
    planned: Changed, alice: User, bob: User, ada: User, dora: User, three: list[Customer], client_of: ClientOf
) -> None:
    change = planned(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    update_record(three[0], by=ada, owner=dora)
    client_of(alice).post(f"/bulk/{change.pk}/run/")
    assert counts(change) == {"done": 2, "refused": 1}
    assert Customer.objects.get(pk=three[0].pk).industry != "utilities"


def test_a_field_hidden_between_the_look_and_the_button(planned: Changed, alice: User, three: list[Customer], client_of: ClientOf) -> None:
    change = planned(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    Role.objects.filter(pk=alice.role_id).update(levels={"customer": {"industry": "read"}})
    answer = client_of(alice).post(f"/bulk/{change.pk}/run/")
    assert answer["Location"] == f"/bulk/{change.pk}/"
    assert not Customer.objects.filter(industry="utilities").exists()


def test_the_button_pressed_twice_changes_once(planned: Changed, alice: User, three: list[Customer], client_of: ClientOf) -> None:
    change = planned(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    for _time in range(2):
        client_of(alice).post(f"/bulk/{change.pk}/run/")
    assert set(Customer.objects.filter(name__startswith="Nordlys").values_list("version", flat=True)) == {2}
    client_of(alice).post(f"/bulk/{change.pk}/undo/")
    client_of(alice).post(f"/bulk/{change.pk}/undo/")
    assert counts(change) == {"undone": 3}


def test_all_that_match_means_the_lists_filter(changed: Changed, alice: User, three: list[Customer]) -> None:
    update_record(three[0], by=alice, industry="construction")
    change = changed(alice, "customer", "edit", every="?f=industry:is:construction", fields=["size"], size="250")
    assert counts(change) == {"done": 1}
    assert "Industry" in change.words
    assert Customer.objects.get(size=250) == three[0]


def test_a_filter_that_is_not_understood_changes_nothing(alice: User, three: list[Customer], client_of: ClientOf) -> None:
    address = "/bulk/new/customer/edit/?every_match=1&field=size&list=%3Ff%3Dnonsense:is:x"
    answer = client_of(alice).post(address, {"size": "250"})
    assert answer.status_code == 422
    assert "Go back to the list" in answer.content.decode()
    assert not BulkChange.objects.exists()


def test_thrown_away_it_is_gone(planned: Changed, alice: User, three: list[Customer], client_of: ClientOf) -> None:
    change = planned(alice, "customer", "delete", three)
    assert client_of(alice).post(f"/bulk/{change.pk}/discard/")["Location"].startswith("/customers/")
    assert not BulkChange.objects.exists()
    assert Customer.objects.filter(pk__in=[one.pk for one in three], deleted_at=None).count() == 3


def test_a_change_is_its_makers_alone(
    changed: Changed, alice: User, bob: User, ada: User, three: list[Customer], client_of: ClientOf
) -> None:
    change = changed(alice, "customer", "edit", three, fields=["industry"], industry="utilities")
    for person in (bob, ada):
        assert client_of(person).get(f"/bulk/{change.pk}/").status_code == 404
        assert client_of(person).post(f"/bulk/{change.pk}/undo/").status_code == 404
        assert "utilities" not in client_of(person).get("/bulk/").content.decode().lower()
    assert "Utilities" in client_of(alice).get("/bulk/").content.decode()


def test_contacts_too(changed: Changed, alice: User, bob: User) -> None:
    contacts = [make_contact(alice, first_name=name) for name in ("Ann", "Ben")]
    assert counts(changed(alice, "contact", "assign", contacts, owner=bob.pk)) == {"done": 2}


def test_refused_names_are_those_that_are_still_seen(planned: Changed, alice: User, dora: User, ada: User, client_of: ClientOf) -> None:
    other = make_customer(dora, "Doras own AS")
    share_record(other, alice, by=dora)
    change = planned(alice, "customer", "delete", [other])
    assert counts(change) == {State.REFUSED: 1}
    unshare_record(other, alice, by=dora)
    page = client_of(alice).get(f"/bulk/{change.pk}/").content.decode()
    assert "Doras own AS" not in page
    assert "A record that you no longer see" in page
