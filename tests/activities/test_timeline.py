"""What the timeline of a record shows, to whom, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.browser import counted
from crm.activities.actions import complete_task, create_task, log_call, log_email, plan_meeting, write_note
from crm.activities.models import Note
from crm.activities.timeline import Cursor, Filters, timeline_of
from crm.records.actions import delete_record, share_record, update_record
from crm.users.models import Role, User
from tests.factories.customers import make_contact, make_customer


def kinds(timeline: Any) -> list[str]:
    return [entry.kind for day in timeline.days for entry in day.entries]


def keys(timeline: Any) -> list[tuple[int, int]]:
    return [(entry.rank, entry.pk) for day in timeline.days for entry in day.entries]


def test_each_kind_is_there_newest_first_with_what_is_to_come_on_top(alice: User) -> None:
    customer, now = make_customer(alice), timezone.now()
    log_call([customer], by=alice, at=now - timedelta(hours=3))
    log_email([customer], by=alice, subject="Quote", at=now - timedelta(hours=2))
    plan_meeting([customer], by=alice, subject="Past", at=now - timedelta(hours=1))
    write_note([customer], by=alice, body="Note", at=now - timedelta(minutes=1))
    plan_meeting([customer], by=alice, subject="Tomorrow", at=now + timedelta(days=1))
    create_task([customer], by=alice, subject="Overdue", due_at=now - timedelta(days=1))
    timeline = timeline_of(customer, alice)
    assert [str(entry.facts["activity"]) for entry in timeline.upcoming] == ["Overdue", "Tomorrow"]
    assert [kind for kind in kinds(timeline) if kind != "changes"] == ["note", "meeting", "email", "call"]
    assert "changes" in kinds(timeline)


def test_a_completed_task_moves_from_the_top_into_the_past(alice: User) -> None:
    customer = make_customer(alice)
    task = create_task([customer], by=alice, subject="Do it", due_at=timezone.now() + timedelta(days=3))
    complete_task(task, by=alice)
    timeline = timeline_of(customer, alice)
    assert timeline.upcoming == []
    assert kinds(timeline)[0] == "task"


def test_all_pages_together_hold_every_entry_once_in_order(alice: User) -> None:
    customer = make_customer(alice)
    same = timezone.now() - timedelta(days=1)
    for number in range(45):
        write_note([customer], by=alice, body=f"Note {number}", at=same if number % 3 else same - timedelta(minutes=number))
    for number in range(8):
        update_record(customer, by=alice, size=number + 1)
    seen, after, pages = [], None, 0
    while pages < 10:
        timeline = timeline_of(customer, alice, after=after)
        seen += keys(timeline)
        pages += 1
        if not timeline.after:
            break
        after = Cursor.parse(timeline.after)
    assert len(seen) == len(set(seen)) == 45 + 8 + 1
    assert pages == 3


def test_all_that_is_to_come_can_be_reached_soonest_first(alice: User, alice_client: Any) -> None:
    customer, soon = make_customer(alice), timezone.now() + timedelta(days=1)
    for number in range(23):
        create_task([customer], by=alice, subject=f"Task {number}", due_at=soon + timedelta(hours=number // 2))
        plan_meeting([customer], by=alice, subject=f"Meeting {number}", at=soon + timedelta(hours=number // 2))
    write_note([customer], by=alice, body="Long done")
    seen, address = [], f"/records/customer/{customer.pk}/timeline/"
    for _page in range(5):
        page = alice_client.get(address)
        seen += page.context["timeline"].upcoming
        if not page.context["later"]:
            break
        address = f"/records/customer/{customer.pk}/timeline/?{page.context['later']}"
        assert "Show later ones" in page.content.decode()
    assert [len(seen), len({entry.pk for entry in seen})] == [46, 46]
    assert seen == sorted(seen, key=lambda entry: entry.at)
    assert "Long done" not in page.content.decode()


def test_filters_by_kind_and_person(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="A")
    write_note([customer], by=bob, body="B")
    log_call([customer], by=bob)
    assert kinds(timeline_of(customer, alice, filters=Filters("call"))) == ["call"]
    assert set(kinds(timeline_of(customer, alice, filters=Filters("changes")))) == {"changes"}
    assert kinds(timeline_of(customer, alice, filters=Filters(actor=bob.pk))) == ["call", "note"]


def test_one_save_is_one_entry_whatever_the_number_of_fields(alice: User) -> None:
    customer = make_customer(alice)
    update_record(customer, by=alice, size=12, website="https://vattvik.se", industry="energy")
    changes = [entry for day in timeline_of(customer, alice, filters=Filters("changes")).days for entry in day.entries]
    assert len(changes) == 2
    assert changes[0].facts["others"] == 2


def test_bodies_of_notes_are_missing_where_the_role_hides_them(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="Quixotic")
    role = Role.objects.get(key="sales-rep")
    role.levels = {"note": {"body": "hidden"}}
    role.save()
    facts = [
        entry.facts for day in timeline_of(customer, User.objects.get(pk=bob.pk), filters=Filters("note")).days for entry in day.entries
    ]
    assert "body" not in facts[0]


def test_kinds_out_of_the_roles_reach_are_not_there(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="A")
    log_call([customer], by=alice)
    role = Role.objects.get(key="sales-rep")
    role.reaches = {**role.reaches, "note": {}}
    role.save()
    assert kinds(timeline_of(customer, User.objects.get(pk=bob.pk))) == ["call", "changes"]
    assert not Note.objects.visible_to(User.objects.get(pk=bob.pk)).exists()


def test_names_of_people_out_of_sight_are_left_out(alice: User, bob: User, dora: User) -> None:
    customer = make_customer(alice)
    hers = make_contact(dora, "Hidden", "Person")
    share_record(hers, alice, by=dora)
    log_call([customer, hers], by=alice)
    assert [str(o) for o in timeline_of(customer, alice, filters=Filters("call")).days[0].entries[0].facts["others"]] == ["Hidden Person"]
    assert timeline_of(customer, bob, filters=Filters("call")).days[0].entries[0].facts["others"] == []


def test_deleted_entries_are_gone(alice: User) -> None:
    customer = make_customer(alice)
    note = write_note([customer], by=alice, body="Oh")
    delete_record(note, by=alice)
    assert "note" not in kinds(timeline_of(customer, alice))


def test_a_page_costs_four_statements_whatever_the_number_of_entries(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    costs: list[int] = []
    for _round in range(2):
        for number in range(15):
            log_call([contact], by=alice, body=str(number))
            create_task([contact], by=alice, subject=str(number))
        timeline_of(customer, alice)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            timeline_of(customer, alice)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4
    with counted() as asked:
        assert "after=" in alice_client.get(f"/customers/{customer.pk}/").content.decode()
    assert len(asked.data) <= 13, "the whole page, with more entries than it shows"


def test_charlie_gets_404_and_bob_the_page(alice: User, bob_client: Any, charlie_client: Any) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="Only ours")
    address = f"/records/customer/{customer.pk}/timeline/"
    assert "Only ours" in bob_client.get(address).content.decode()
    assert charlie_client.get(address).status_code == 404


def test_a_garbled_cursor_is_the_first_page(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    for text in ("x", "~~", "2026-01-01~1~1", "2026-01-01T00:00:00+00:00~1~999999999999999999999"):
        assert alice_client.get(f"/records/customer/{customer.pk}/timeline/", {"after": text}).status_code == 200


def test_words_are_sought_in_what_the_role_may_read(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    write_note([customer], by=alice, body="She wants 40 meters in January")
    log_call([customer], by=alice, body="No meters this year")
    plan_meeting([customer], by=alice, subject="Site visit", place="Sundsvall")
    log_email([customer], by=alice, subject="Quote", sender="Elin Sjöberg", direction="incoming")
    create_task([customer], by=alice, subject="Send meters", due_at=timezone.now() + timedelta(days=1))
    update_record(customer, by=alice, size=12)

    def found(words: str, person: User = alice, show: str = "") -> list[str]:
        timeline = timeline_of(customer, person, filters=Filters(show, None, words))
        return [*(entry.kind for entry in timeline.upcoming), *kinds(timeline)]

    assert found("METERS") == ["task", "call", "note"]
    assert found("meters january") == ["note"]
    assert found("meters", show="call") == ["call"]
    assert found("sundsvall") == ["meeting"]
    assert found("sjöberg") == ["email"]
    assert found("%") == found("nothing like it") == []
    role = Role.objects.get(key="sales-rep")
    role.levels = {"note": {"body": "hidden"}}
    role.save()
    assert found("january", User.objects.get(pk=bob.pk)) == []


def test_the_page_keeps_all_filters_together(alice: User, bob: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    for number in range(25):
        write_note([customer], by=bob, body=f"Meters {number}")
    write_note([customer], by=alice, body="Meters of mine")
    page = alice_client.get(customer.get_absolute_url(), {"q": "meters", "by": str(bob.pk), "show": "note"}).content.decode()
    assert "Meters 24" in page
    assert "Meters of mine" not in page
    assert f"show=note&amp;by={bob.pk}&amp;q=meters&amp;after=" in page
    assert f"show=call&amp;by={bob.pk}&amp;q=meters" in page
    assert f'<option value="{bob.pk}" selected>Bob</option>' in page
    empty = alice_client.get(f"/records/customer/{customer.pk}/timeline/", {"q": "<b>"}).content.decode()
    assert "Nothing here says “&lt;b&gt;”" in empty


def test_an_activity_on_two_customers_names_only_the_one_in_sight(alice: User, bob: User, dora: User, bob_client: Any) -> None:
    ours, hers = make_customer(alice), make_customer(dora, "Zanzibar AB")
    share_record(hers, alice, by=dora)
    write_note([ours, hers], by=alice, body="Both of them")
    page = bob_client.get(ours.get_absolute_url()).content.decode()
    assert "Both of them" in page
    assert "Zanzibar" not in page
    assert "Both of them" in str(timeline_of(hers, dora).days[0].entries[0].facts["body"])


def test_days_are_those_of_the_viewer(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    log_call([customer], by=alice, at=datetime(2026, 3, 9, 20, 0, tzinfo=UTC))
    assert "Tuesday 10 March" in alice_client.get(customer.get_absolute_url()).content.decode()
    alice.time_zone = "America/Los_Angeles"
    alice.save()
    assert "Monday 9 March" in alice_client.get(customer.get_absolute_url()).content.decode()


def test_what_people_do_with_an_activity_is_said_in_words(alice: User, bob: User, alice_client: Any) -> None:
    meeting = plan_meeting([make_customer(alice)], by=alice, subject="Review", attendees=[bob])
    assert "changed who takes part" in alice_client.get(meeting.get_absolute_url()).content.decode()
    task = create_task([], by=alice, subject="Call")
    complete_task(task, by=alice)
    page = alice_client.get(task.get_absolute_url()).content.decode()
    assert "completed this task" in page
    assert "your role hides" not in page
