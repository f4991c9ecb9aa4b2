"""Each kind with all its parts: in the composer, on its own form, edited, taken back."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.activities.actions import attendees_of, complete_task, create_task, log_call, plan_meeting, set_attendees, write_note
from crm.activities.actions.links import links_of
from crm.activities.models import Activity, Call, Email, Meeting, Note, Task
from crm.notifications.models import Notification
from crm.records.actions import update_record
from crm.users.models import Role, User
from tests.factories.customers import make_contact, make_customer

DIALOG = {"HX-Request": "true", "HX-Target": "modal"}


class Sent(HTMLParser):
    """What a browser would send of the form with the version in it, unchanged."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._text = ""
        self._first = True
        start = page.rindex("<form", 0, page.index('name="version"'))
        self.feed(page[start : page.index("</form>", start)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "input" and (facts.get("type") not in {"checkbox", "radio"} or "checked" in facts):
            self.values[name] = facts.get("value") or ("on" if facts.get("type") == "checkbox" else "")
        elif tag in {"select", "textarea"}:
            self._select, self._text = (name, "") if tag == "select" else ("", name)
            self.values[name], self._first = "", True
        elif tag == "option" and self._select and ("selected" in facts or self._first):
            self.values[self._select], self._first = facts.get("value") or "", False

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._select = self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.removeprefix("\n")


def form_of(page: Any) -> dict[str, str]:
    return Sent(page.content.decode()).values


def on(record: Any, kind: str) -> str:
    return f"/records/{record._meta.model_name}/{record.pk}/activities/{kind}/"


@pytest.mark.parametrize("kind", ["task", "call", "meeting", "note", "email"])
def test_an_unchanged_form_changes_nothing(kind: str, alice: User, alice_client: Any) -> None:
    customer, now = make_customer(alice), timezone.now()
    made: dict[str, Any] = {
        "task": lambda: create_task(
            [customer], by=alice, subject="Call", due_at=now, remind_at=now - timedelta(minutes=17), repeat="daily"
        ),
        "call": lambda: log_call([customer], by=alice, body="Talked", duration_seconds=660, outcome="reached"),
        "meeting": lambda: plan_meeting([customer], by=alice, subject="Review", at=now, end_at=now + timedelta(hours=1)),
        "note": lambda: write_note([customer], by=alice, body="Hm"),
        "email": lambda: _email(customer, alice),
    }
    activity = made[kind]()
    page = alice_client.get(f"{activity.get_absolute_url()}edit/")
    before = Activity.objects.get(pk=activity.pk)
    answer = alice_client.post(f"{activity.get_absolute_url()}edit/", form_of(page))
    assert answer.status_code == 302
    after = Activity.objects.get(pk=activity.pk)
    assert {f.name: getattr(after, f.attname) for f in Activity._meta.concrete_fields} == {
        f.name: getattr(before, f.attname) for f in Activity._meta.concrete_fields
    }


def _email(customer: Any, alice: User) -> Email:
    from crm.activities.actions import log_email

    return log_email([customer], by=alice, subject="Quote", direction="incoming", sender="Elin", recipients="Alice", body="Yes")


def test_a_call_is_mended_in_minutes(alice: User, alice_client: Any) -> None:
    call = log_call([make_customer(alice)], by=alice, duration_seconds=60)
    page = alice_client.get(f"{call.get_absolute_url()}edit/")
    assert alice_client.post(f"{call.get_absolute_url()}edit/", {**form_of(page), "minutes": "95"}).status_code == 302
    assert Call.objects.get().duration_seconds == 5700
    assert "1 h 35 min" in alice_client.get(call.get_absolute_url()).content.decode()
    assert "1 h 35 min" in alice_client.get("/calls/").content.decode()


def test_calls_and_notes_without_a_subject_can_be_opened_from_their_lists(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    call, note = log_call([customer], by=alice, body="x"), write_note([customer], by=alice, body="y")
    for record in (call, note):
        page = alice_client.get(f"/{record.kind}s/").content.decode()
        assert str(record) in page


def test_a_task_for_bob_tells_him_and_one_for_dora_is_refused(
    alice: User, bob: User, dora: User, alice_client: Any, bob_client: Any
) -> None:
    from tests.notifications.test_following import handle_events

    customer = make_customer(alice)
    task = {"subject": "Send the quote", "priority": "normal", "due_on": "2027-03-01", "token": "1"}
    assert alice_client.post(on(customer, "task"), {**task, "owner": "bob"}).status_code == 302
    assert Task.objects.get().owner == bob
    handle_events()
    handle_events()
    assert "Alice gave you a task: Send the quote" in bob_client.get("/notifications/").content.decode()
    assert Notification.objects.filter(kind="assigned").count() == 1
    refused = alice_client.post(on(customer, "task"), {**task, "owner": "Dora", "token": "2"})
    assert refused.status_code == 422
    assert "Choose somebody of your team" in refused.content.decode()
    unknown = alice_client.post(on(customer, "task"), {**task, "owner": "Charlie", "token": "3"})
    assert "Nobody here is called “Charlie”" in unknown.content.decode()


def test_suggestions_complete_the_last_of_several_names_and_know_no_stranger(alice_client: Any, cast: dict[str, User]) -> None:
    page = alice_client.get("/colleagues/suggest/", {"name": "attendees", "attendees": "Mona, b"}).content.decode()
    assert 'value="Mona, Bob"' in page
    assert "Charlie" not in alice_client.get("/colleagues/suggest/", {"q": "ch"}).content.decode()


def test_a_task_is_mended_handed_over_and_its_reminder_set_to_another_time(alice: User, bob: User, alice_client: Any) -> None:
    task = create_task([], by=alice, subject="Call", due_at=datetime(2027, 1, 4, 12, 0, tzinfo=UTC))
    page = alice_client.get(f"/tasks/{task.pk}/edit/", headers=DIALOG)
    sent = {**form_of(page), "owner": "Bob", "remind": "other", "remind_on": "2027-01-03T19:30", "repeat": "monthly"}
    answer = alice_client.post(f"/tasks/{task.pk}/edit/", {**sent, "repeat_until": "2027-06-30"}, headers=DIALOG)
    assert answer.status_code == 204
    task.refresh_from_db()
    assert (task.owner, task.repeat, task.repeat_until) == (bob, "monthly", date(2027, 6, 30))
    assert task.remind_at == timezone.make_aware(datetime(2027, 1, 3, 19, 30))


def test_a_repeat_ends_on_its_last_day(alice: User) -> None:
    due = timezone.now() + timedelta(days=1)
    task = create_task([], by=alice, subject="Daily", due_at=due, repeat="daily", repeat_until=timezone.localdate(due) + timedelta(days=1))
    second = complete_task(task, by=alice)
    assert second is not None
    assert second.repeat_until == task.repeat_until
    assert complete_task(second, by=alice) is None
    assert Task.objects.filter(done_at=None).count() == 0
    with pytest.raises(ValidationError, match="last day is before"):
        create_task([], by=alice, subject="Never", due_at=due, repeat="daily", repeat_until=timezone.localdate() - timedelta(days=3))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("daily", [date(2027, 3, 28), date(2027, 3, 29), date(2027, 3, 30)]),
        ("weekly", [date(2027, 3, 28), date(2027, 4, 4), date(2027, 4, 11)]),
        ("weekdays", [date(2027, 3, 26), date(2027, 3, 29), date(2027, 3, 30)]),
        ("monthly", [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        ("yearly", [date(2028, 2, 29), date(2029, 2, 28)]),
    ],
)
def test_repeats_keep_the_time_on_the_wall_through_the_change_of_clocks(rule: str, days: list[date], alice: User) -> None:
    """In Stockholm clocks go forward on 28 March 2027."""
    zone = ZoneInfo("Europe/Stockholm")
    alice.time_zone = zone.key
    alice.save()
    at = [datetime(day.year, day.month, day.day, 9, 0, tzinfo=zone) for day in days]
    task: Task | None = create_task([], by=alice, subject="Again", due_at=at[0], remind_at=at[0] - timedelta(hours=1), repeat=rule)
    for moment in at[1:]:
        assert task is not None
        task = complete_task(task, by=alice)
        assert task is not None
        assert task.due_at is not None
        assert task.remind_at is not None
        assert task.due_at.astimezone(zone) == moment
        assert task.remind_at.astimezone(zone).hour == 8


def test_completing_twice_by_two_presses_makes_one_next_task(alice: User, alice_client: Any) -> None:
    task = create_task([], by=alice, subject="Daily", due_at=timezone.now(), repeat="daily")
    for _press in range(2):
        assert alice_client.post(f"/tasks/{task.pk}/complete/").status_code == 302
    assert Task.objects.filter(done_at=None).count() == 1


def test_colleagues_who_take_part_see_the_meeting_and_are_told_of_it(
    alice: User, dora: User, bob: User, alice_client: Any, client_of: Any
) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    start = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {"subject": "Review", "at": start, "attendees": "Dora, bob", "people": [contact.pk], "token": "m"}
    assert alice_client.post(on(customer, "meeting"), sent).status_code == 302
    meeting = Meeting.objects.get()
    assert attendees_of(meeting) == [bob, dora]
    page = client_of(dora).get(meeting.get_absolute_url())
    assert page.status_code == 200
    assert customer.name not in page.content.decode()
    assert "Alice invited you to Review" in client_of(dora).get("/notifications/").content.decode()
    assert "with" in alice_client.get(customer.get_absolute_url()).content.decode()
    assert "Bob, Dora" in alice_client.get(customer.get_absolute_url()).content.decode()
    form = form_of(alice_client.get(f"{meeting.get_absolute_url()}edit/"))
    assert alice_client.post(f"{meeting.get_absolute_url()}edit/", {**form, "attendees": "Bob"}).status_code == 302
    assert attendees_of(meeting) == [bob]
    assert client_of(dora).get(meeting.get_absolute_url()).status_code == 404
    assert "Review" not in client_of(dora).get("/notifications/").content.decode()


def test_a_whole_day_is_the_same_date_in_every_time_zone(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        Meeting.objects.all().delete()
        alice.time_zone = zone
        alice.save()
        sent = {"subject": "Fair", "at": "2027-03-09T15:00", "end_at": "2027-03-10T09:00", "all_day": "on", "token": zone}
        assert alice_client.post(on(customer, "meeting"), sent).status_code == 302
        meeting = Meeting.objects.get(deleted_at=None)
        assert (meeting.at, meeting.end_at) == (datetime(2027, 3, 9, tzinfo=UTC), datetime(2027, 3, 10, tzinfo=UTC))
        for viewed_from in ("Pacific/Auckland", "America/Los_Angeles"):
            alice.time_zone = viewed_from
            alice.save()
            assert "Tue 9 Mar – Wed 10 Mar" in alice_client.get(customer.get_absolute_url()).content.decode()
            page = alice_client.get(f"{meeting.get_absolute_url()}edit/")
            assert form_of(page)["at"] == "2027-03-09T00:00"
            assert alice_client.post(f"{meeting.get_absolute_url()}edit/", {**form_of(page), "all_day": "on"}).status_code == 302
            meeting.refresh_from_db()
            assert meeting.at == datetime(2027, 3, 9, tzinfo=UTC)


def test_a_meeting_may_end_when_it_begins_but_not_before(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    same = {"subject": "Stand-up", "at": "2027-03-09T15:00", "end_at": "2027-03-09T15:00", "token": "1"}
    assert alice_client.post(on(customer, "meeting"), same).status_code == 302
    early = alice_client.post(on(customer, "meeting"), {**same, "end_at": "2027-03-09T14:59", "token": "2"})
    assert early.status_code == 422
    assert "The end is before the start" in early.content.decode()
    assert 'value="2027-03-09T14:59"' in early.content.decode()


def test_two_people_mend_the_same_task_and_the_second_chooses(alice: User, bob: User, mona: User, alice_client: Any) -> None:
    task = create_task([], by=alice, subject="Call")
    form = form_of(alice_client.get(f"/tasks/{task.pk}/edit/"))
    update_record(Task.objects.get(pk=task.pk), by=mona, subject="Call Elin")
    clash = alice_client.post(f"/tasks/{task.pk}/edit/", {**form, "subject": "Call Oskar", "body": "Long thoughts"})
    assert clash.status_code == 409
    page = clash.content.decode()
    assert "Mine: Call Oskar" in page
    assert "Theirs: Call Elin" in page
    assert "Long thoughts" in page
    again = {**form, "version": clash.context["version"], "subject": "Call Oskar", "body": "Long thoughts", "keep_subject": "theirs"}
    assert alice_client.post(f"/tasks/{task.pk}/edit/", again).status_code == 302
    task.refresh_from_db()
    assert (task.subject, task.body) == ("Call Elin", "Long thoughts")


def test_two_people_invite_colleagues_and_the_second_chooses(alice: User, bob: User, mona: User, ada: User, alice_client: Any) -> None:
    meeting = plan_meeting([], by=alice, subject="Budget", at=timezone.now())
    set_attendees(meeting, [bob], by=alice)
    address = f"/meetings/{meeting.pk}/edit/"
    form = form_of(alice_client.get(address))
    set_attendees(meeting, [bob, mona], by=mona)

    assert alice_client.post(address, {**form, "subject": "Next budget"}).status_code == 302
    assert attendees_of(meeting) == [bob, mona]

    form = {**form, "subject": "Next budget"}
    clash = alice_client.post(address, {**form, "attendees": f"{bob}, {ada}", "version": ""})
    assert clash.status_code == 409
    page = clash.content.decode()
    assert f"Theirs: {bob}, {mona}" in page
    assert attendees_of(meeting) == [bob, mona]
    again = {**form, "attendees": f"{bob}, {ada}", "attendees_were": clash.context["attendees_were"], "version": ""}
    assert alice_client.post(address, {**again, "keep_attendees": "theirs"}).status_code == 302
    assert attendees_of(meeting) == [bob, mona]
    assert alice_client.post(address, {**again, "keep_attendees": "mine"}).status_code == 302
    assert set(attendees_of(meeting)) == {bob, ada}


def test_a_new_call_asks_whom_it_is_about(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice, "Vattvik Energi AB")
    sent = {"direction": "outgoing", "body": "Hello", "about_customer": "vattvik energi ab", "token": "c"}
    assert alice_client.post("/calls/new/", sent).status_code == 302
    assert "Hello" in alice_client.get(customer.get_absolute_url()).content.decode()
    wrong = alice_client.post("/calls/new/", {**sent, "about_customer": "Nobody Ltd", "token": "d"})
    assert wrong.status_code == 422
    assert "Hello" in wrong.content.decode()
    assert Call.objects.count() == 1


def test_other_words_after_the_way_back_are_another_note(alice: User, alice_client: Any) -> None:
    """The browser's way back shows the old form with its old token."""
    customer = make_customer(alice)
    for words in ("First", "First", "Second"):
        assert alice_client.post(on(customer, "note"), {"body": words, "token": "same"}).status_code == 302
    assert sorted(Note.objects.values_list("body", flat=True)) == ["First", "Second"]
    assert alice_client.post(on(customer, "call"), {"direction": "outgoing", "token": "same"}).status_code == 302
    assert Call.objects.count() == 1


def test_only_those_who_see_the_record_are_offered_after_an_at(alice: User, bob: User, dora: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    page = alice_client.get(f"/records/customer/{customer.pk}/mentions/").content.decode()
    assert 'data-name="Bob"' in page
    assert "Dora" not in page
    assert "Alice" not in page
    assert "Nobody of that name" in alice_client.get(f"/records/customer/{customer.pk}/mentions/", {"q": "dora"}).content.decode()


def test_a_name_that_is_added_to_a_note_is_told_too(alice: User, bob: User, alice_client: Any) -> None:
    note = write_note([make_customer(alice)], by=alice, body="Hm")
    form = form_of(alice_client.get(f"/notes/{note.pk}/edit/"))
    assert alice_client.post(f"/notes/{note.pk}/edit/", {**form, "body": "Hm, @bob"}).status_code == 302
    assert Notification.objects.get(kind="mentioned").person == bob


def test_from_one_list_to_the_others_and_a_meetings_page_names_who_takes_part(alice: User, bob: User, alice_client: Any) -> None:
    meeting = plan_meeting([make_customer(alice)], by=alice, subject="Review", attendees=[bob])
    assert "Bob" in alice_client.get(meeting.get_absolute_url()).content.decode()
    role = Role.objects.get(key="sales-rep")
    role.reaches = {**role.reaches, "note": {}}
    role.save()
    page = alice_client.get("/meetings/").content.decode()
    for address in ("/tasks/", "/calls/", "/emails/"):
        assert f'<a href="{address}">' in page
    assert '<a href="/meetings/" aria-current="page">' in page
    assert '<a href="/notes/">' not in page


def test_who_took_part_in_a_call_is_mended_and_nobody_is_lost_by_an_old_form(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    karin, lena, nils = (make_contact(alice, name, "Ek", customer=customer) for name in ("Karin", "Lena", "Nils"))
    call = log_call([customer, karin], by=alice, direction="outgoing")
    form, old = form_of(alice_client.get(f"/calls/{call.pk}/edit/")), form_of(alice_client.get(f"/calls/{call.pk}/edit/"))
    assert form["people"] == str(karin.pk)
    alice_client.post(f"/calls/{call.pk}/edit/", {**form, "people": [lena.pk]})
    assert {pk for key, pk in links_of(call) if key == "contact"} == {lena.pk}
    alice_client.post(f"/calls/{call.pk}/edit/", {**old, "people": [karin.pk, nils.pk], "minutes": "5"})
    assert {pk for key, pk in links_of(call) if key == "contact"} == {lena.pk, nils.pk}
    assert ("customer", customer.pk) in links_of(call)
    page = alice_client.get(f"/records/contact/{lena.pk}/timeline/").content.decode()
    assert "5 min" in page


def test_a_contact_out_of_sight_cannot_be_made_to_take_part(alice: User, dora: User, alice_client: Any) -> None:
    customer, strange = make_customer(alice), make_contact(dora, "Out", "Sight")
    make_contact(alice, "Karin", "Ek", customer=customer)
    call = log_call([customer], by=alice, direction="outgoing")
    form = form_of(alice_client.get(f"/calls/{call.pk}/edit/"))
    assert alice_client.post(f"/calls/{call.pk}/edit/", {**form, "people": [strange.pk]}).status_code == 422
    assert ("contact", strange.pk) not in links_of(call)


@pytest.mark.parametrize(("kind", "write"), [("notes", write_note), ("calls", log_call)])
def test_a_list_of_nameless_ones_costs_the_same_with_one_and_with_ten(kind: str, write: Any, alice: User, alice_client: Any) -> None:
    customer, costs = make_customer(alice), []
    for number in (1, 9):
        for each in range(number):
            write([customer], by=alice, body=f"Line {each}")
        alice_client.get(f"/{kind}/")
        with CaptureQueriesContext(connection) as queries:
            alice_client.get(f"/{kind}/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
