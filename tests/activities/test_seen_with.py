"""Who sees a record sees what hangs on it, at once, whichever way the record came into sight."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from crm.access.derived import repair_access
from crm.access.models import START
from crm.activities.actions import create_task, link_activity, log_call, unlink_activity, write_note
from crm.activities.models import Activity, ActivityAccess, Call, Note, Task
from crm.records.actions import delete_record, restore_record, share_record, unshare_record, update_record
from crm.search.find import find
from crm.users.models import Role, User
from tests.factories.customers import make_contact, make_customer


def again(person: User) -> User:
    return User.objects.select_related("role").get(pk=person.pk)


def sees(person: User) -> set[str]:
    rows = set(Activity.objects.visible_to(again(person)).values_list("subject", flat=True))
    one_by_one = {a.subject for model in (Task, Call, Note) for a in model.objects.visible_to(again(person))}
    paged = {a.subject for model in (Task, Call, Note) for a in model.objects.newest_page(again(person))}
    assert rows == one_by_one == paged
    return rows


def test_a_share_a_new_owner_and_a_deletion_take_effect_at_once(alice: User, bob: User, dora: User, mona: User) -> None:
    customer = make_customer(mona)
    create_task([customer], by=mona, subject="Plan")
    assert (sees(dora), sees(mona)) == (set(), {"Plan"})
    share_record(customer, dora, by=mona)
    assert sees(dora) == {"Plan"}
    unshare_record(customer, dora, by=mona)
    assert sees(dora) == set()
    update_record(customer, by=mona, owner=alice)
    assert sees(bob) == {"Plan"}
    delete_record(customer, by=alice)
    assert sees(bob) == set()
    assert sees(mona) == {"Plan"}
    restore_record(customer, by=alice)
    assert sees(bob) == {"Plan"}
    assert repair_access(Task) == 0


def test_a_second_way_keeps_it_in_sight(alice: User, dora: User, mona: User) -> None:
    first, second = make_customer(mona, "First"), make_customer(mona, "Second")
    call = log_call([first, second], by=mona, subject="Both")
    share_record(first, dora, by=mona)
    share_record(second, dora, by=mona)
    unshare_record(first, dora, by=mona)
    assert sees(dora) == {"Both"}
    unlink_activity(call, second, by=mona)
    assert sees(dora) == set()
    link_activity(call, second, by=mona)
    assert sees(dora) == {"Both"}
    assert repair_access(Call) == 0


def test_a_role_that_reaches_notes_less_far_than_customers_still_sees_those_on_its_customers(alice: User, bob: User, dora: User) -> None:
    role = Role.objects.get(key="sales-rep")
    role.reaches = {**role.reaches, "note": {**role.reaches["note"], "view": "own"}}
    role.save()
    on, off = make_customer(alice), make_customer(dora, "Dora's")
    write_note([on], by=again(alice), subject="On a team customer")
    write_note([], by=again(alice), subject="On nothing")
    write_note([off], by=again(dora), subject="Elsewhere")
    assert sees(bob) == {"On a team customer"}
    assert sees(alice) == {"On a team customer", "On nothing"}


def test_a_role_without_customers_sees_only_its_own_reach_of_tasks(alice: User, bob: User, mona: User) -> None:
    contact = make_contact(mona, customer=make_customer(mona))
    share_record(contact, alice, by=mona)
    create_task([contact], by=mona, subject="Mona's")
    create_task([], by=alice, subject="Alice's")
    assert sees(alice) == {"Mona's", "Alice's"}
    role = Role.objects.get(key="sales-rep")
    role.reaches = {key: value for key, value in role.reaches.items() if key not in {"customer", "contact"}}
    role.save()
    assert sees(alice) == {"Alice's"}
    assert sees(bob) == {"Alice's"}


def test_who_sees_the_customer_finds_its_tasks(alice: User, dora: User, mona: User) -> None:
    customer = make_customer(mona)
    share_record(customer, dora, by=mona)
    create_task([customer], by=mona, subject="Zanzibar workshop")
    assert [str(found.record) for found in find("zanzibar", again(dora)).found] == ["Zanzibar workshop"]


def test_all_kinds_together_come_page_by_page_without_a_double_or_a_gap(alice: User, bob: User, ada: User) -> None:
    """Alice sees by rows, ada sees all; equal times everywhere."""
    customer = make_customer(alice)
    for number in range(12):
        create_task([customer], by=alice, subject=str(number))
        log_call([customer], by=alice, subject=str(number))
        write_note([customer], by=alice, body=str(number))
    for table in (Activity, ActivityAccess):
        table.objects.update(updated_at=customer.updated_at)
    for person in (alice, ada):
        for ascending in (False, True):
            found: list[int] = []
            before: tuple[Any, int] = (datetime(2000, 1, 1, tzinfo=UTC), 0) if ascending else START
            while page := list(Activity.objects.newest_page(person, 7, before, ascending=ascending)):
                found += [activity.pk for activity in page]
                before = (page[-1].updated_at, page[-1].pk)
            assert len(found) == 36
            assert found == sorted(found, reverse=not ascending)


def test_the_rule_reads_tables_alone(alice: User) -> None:
    """A view within would be read whole: with three million activities that took ten seconds for each call that was logged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('activities_activity_principal'::regclass)")
        rule = cursor.fetchone()[0]
    assert "customers_customeraccess" in rule
    assert "customers_contactaccess" in rule
    assert "activities_link_principal" not in rule
