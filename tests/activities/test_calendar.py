"""The calendar as other programs read it: what is in it, for whom, and until when."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from crm.activities.actions.feeds import make_feed, revoke_feed
from crm.activities.actions.write import create_task, plan_meeting
from crm.activities.models import CalendarFeed
from crm.audit.models import LogEntry
from crm.records.actions import delete_record, update_record
from crm.tenancy.transaction import tenant
from crm.users.models import Role, User
from tests.factories.customers import make_customer
from tests.factories.people import make_cast, make_organization

TOMORROW = (timezone.now() + timedelta(days=1)).replace(hour=13, minute=5, second=0, microsecond=0)
NASTY = "BEGIN:VEVENT\nSUMMARY:two; or, three\\ \r\nEND:VCALENDAR <script>alert(1)</script> " + "é" * 90


def read(key: str, **headers: Any) -> Any:
    return Client().get(f"/calendar/{key}.ics", headers=headers)


def events(key: str) -> dict[str, Any]:
    answer = read(key)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


@pytest.fixture
def address(alice: User) -> str:
    return make_feed(alice, with_tasks=True)[1]


def test_alice_subscribes_to_her_meetings_and_tasks(alice: User, bob: User, address: str) -> None:
    customer = make_customer(alice)
    meeting = plan_meeting([customer], by=alice, subject="Kick-off", at=TOMORROW, end_at=TOMORROW + timedelta(minutes=45), place="Room 3")
    create_task([customer], by=alice, subject="Send the quote", due_at=TOMORROW)
    create_task([customer], by=alice, subject="Some day")
    plan_meeting([customer], by=bob, subject="Without her", at=TOMORROW)
    plan_meeting([customer], by=bob, subject="With her", at=TOMORROW, attendees=[alice])
    found = events(address)
    assert sorted(found) == ["Kick-off", "Send the quote", "With her"]
    event = found["Kick-off"]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (TOMORROW, TOMORROW + timedelta(minutes=45))
    assert (str(event["location"]), str(event["url"]).endswith(f"/meetings/{meeting.pk}/")) == ("Room 3", True)
    assert str(found["Send the quote"]["transp"]) == "TRANSPARENT"


def test_a_change_keeps_the_uid_and_counts_up(alice: User, address: str) -> None:
    meeting = plan_meeting([make_customer(alice)], by=alice, subject="Kick-off", at=TOMORROW)
    before = events(address)["Kick-off"]
    update_record(meeting, by=alice, at=TOMORROW + timedelta(hours=1))
    after = events(address)["Kick-off"]
    assert after["uid"] == before["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (0, 1)
    delete_record(meeting, by=alice)
    assert events(address) == {}


def test_whole_days_end_behind_their_last_day(alice: User, address: str) -> None:
    first = datetime(TOMORROW.year, TOMORROW.month, TOMORROW.day, tzinfo=UTC)
    last = first + timedelta(days=2)
    plan_meeting([make_customer(alice)], by=alice, subject="Trade show", at=first, end_at=last, all_day=True)
    event = events(address)["Trade show"]
    assert type(event.decoded("dtstart")) is date
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (first.date(), last.date() + timedelta(days=1))


def test_hostile_words_stay_words(alice: User, address: str) -> None:
    plan_meeting([make_customer(alice)], by=alice, subject=NASTY[:190], place=NASTY[:190], body=NASTY * 3, at=TOMORROW)
    content = read(address).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert "BEGIN:VEVENT" in str(event["summary"])
    assert "two; or, three" in str(event["description"])


def test_what_the_role_withholds_is_not_in_it(alice: User, address: str) -> None:
    plan_meeting([make_customer(alice)], by=alice, subject="Secret talk", body="Merger", at=TOMORROW)
    Role.objects.filter(pk=alice.role_id).update(levels={"meeting": {"subject": "hidden", "body": "masked"}})
    content = read(address).content.decode()
    assert "Secret talk" not in content and "Merger" not in content
    assert "SUMMARY:Meeting" in content
    Role.objects.filter(pk=alice.role_id).update(levels={}, reaches={})
    assert events(address) == {}


@pytest.mark.parametrize("key", ["", "1", "1-", "zzzzzzzzzzzzzzzzz-x", "-x", "1-wrong", "é-x"])
def test_a_wrong_address_says_nothing(key: str, address: str) -> None:
    assert read(key or "-").status_code == 404


def test_revoked_replaced_deactivated_and_foreign_addresses_are_all_not_there(alice: User, charlie: User, address: str) -> None:
    _feed, second = make_feed(alice, with_tasks=False)
    assert (read(address).status_code, read(second).status_code) == (404, 200)
    foreign = second.replace(second.partition("-")[0], "1z", 1)
    assert read(foreign).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert read(second).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=True)
    revoke_feed(alice)
    assert read(second).status_code == 404
    verbs = LogEntry.objects.filter(verb__startswith="calendarfeed", actor=alice).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["calendarfeed.made", "calendarfeed.revoked", "calendarfeed.made", "calendarfeed.revoked"]


def test_the_secret_is_not_kept_and_a_session_opens_nothing(alice: User, bob_client: Client, address: str) -> None:
    assert address.partition("-")[2] not in str(CalendarFeed.objects.values().get())
    assert bob_client.get(f"/calendar/{address[:-1]}.ics").status_code == 404
    assert not read(address).cookies


def test_what_has_not_changed_is_not_sent_again(alice: User, address: str) -> None:
    first = read(address)
    assert "private" in first["Cache-Control"]
    same = read(address, **{"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    plan_meeting([make_customer(alice)], by=alice, subject="Kick-off", at=TOMORROW)
    assert read(address, **{"if-none-match": first["ETag"]}).status_code == 200
    assert Client().head(f"/calendar/{address}.ics").status_code == 200
    assert Client().post(f"/calendar/{address}.ics").status_code == 405


def test_alice_makes_replaces_and_revokes_it_on_her_page(alice_client: Client, alice: User) -> None:
    page = alice_client.post("/profile/calendar/", {"with_tasks": "on"}).content.decode()
    key = re.findall(r"/calendar/([\w-]+)\.ics", page)[0]
    assert ".ics" not in alice_client.get("/profile/calendar/").content.decode()
    assert read(key).status_code == 200
    feed = CalendarFeed.objects.get()
    assert feed.last_read_at is not None
    alice_client.post("/profile/calendar/", {"revoke": "1"})
    assert read(key).status_code == 404


def test_loading_the_page_again_leaves_the_address_that_alice_copied(alice_client: Client) -> None:
    form = {"with_tasks": "on", "token": "of-this-page"}
    key = re.findall(r"/calendar/([\w-]+)\.ics", alice_client.post("/profile/calendar/", form).content.decode())[0]
    again = alice_client.post("/profile/calendar/", form)
    assert (again.status_code, again["Location"]) == (302, "/profile/calendar/")
    assert read(key).status_code == 200


def test_a_meeting_is_taken_along_as_a_file(
    alice: User, bob: User, alice_client: Client, dora: User, client_of: Callable[[Any], Client]
) -> None:
    meeting = plan_meeting([make_customer(alice)], by=alice, subject="Kick-off", at=TOMORROW, attendees=[bob])
    answer = alice_client.get(f"/meetings/{meeting.pk}/calendar.ics")
    assert answer["Content-Disposition"] == f'attachment; filename="meeting-{meeting.pk}.ics"'
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["organizer"]), str(event["attendee"])) == (f"mailto:{alice.email}", f"mailto:{bob.email}")
    assert client_of(dora).get(f"/meetings/{meeting.pk}/calendar.ics").status_code == 404
    assert f"/meetings/{meeting.pk}/calendar.ics" in alice_client.get(f"/meetings/{meeting.pk}/").content.decode()


CONFIGURATION = """
[general]
status_path = "{folder}/status/"
[pair tern]
a = "feed"
b = "files"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{url}"
[storage files]
type = "filesystem"
path = "{folder}/files/"
fileext = ".ics"
"""


def synced(folder: Path, url: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    (folder / "files").mkdir(exist_ok=True)
    (folder / "config").write_text(CONFIGURATION.format(folder=folder, url=url))
    program = [str(Path(sys.executable).parent / "vdirsyncer"), "-c", str(folder / "config")]
    subprocess.run([*program, "discover"], capture_output=True, text=True, timeout=60, input="y\ny\n", check=False)
    run = subprocess.run([*program, "sync", "--force-delete"], capture_output=True, text=True, timeout=60, check=False)
    found = [Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0] for path in (folder / "files").glob("*.ics")]
    return run, sorted(str(event["summary"]) for event in found)


def test_vdirsyncer_subscribes(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> None:
    """A real program against a real server: first everything, then what changed, then nothing more once it is revoked."""
    settings.ALLOWED_HOSTS = ["localhost"]
    ours, theirs = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(ours):
        alice = make_cast(ours, theirs)["alice"]
        customer = make_customer(alice)
        meeting = plan_meeting([customer], by=alice, subject="Kick-off", at=TOMORROW)
        create_task([customer], by=alice, subject="Send the quote", due_at=TOMORROW)
        _feed, key = make_feed(alice, with_tasks=True)
    url = f"{live_server.url}/calendar/{key}.ics"
    run, found = synced(tmp_path, url)
    assert (run.returncode, found) == (0, ["Kick-off", "Send the quote"]), run.stderr
    with tenant(ours):
        update_record(meeting, by=alice, subject="Kick-off, again")
    assert synced(tmp_path, url)[1] == ["Kick-off, again", "Send the quote"]
    with tenant(ours):
        revoke_feed(alice)
    run, found = synced(tmp_path, url)
    assert run.returncode != 0 and "Not Found" in run.stderr
