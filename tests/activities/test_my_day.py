"""What waits for a person in the morning."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.activities.actions import complete_task, create_task, log_call, plan_meeting
from crm.notifications.actions import follow, notify
from crm.records.actions import update_record
from crm.users.models import Role, User
from customers.models import Customer
from tests.factories.customers import make_customer


def test_alice_sees_her_tasks_meetings_and_silence_and_bob_sees_none_of_it(alice: User, alice_client: Any, bob_client: Any) -> None:
    now = timezone.now()
    customer, quiet = make_customer(alice, "Vattvik"), make_customer(alice, "Quiet Ltd")
    Customer.objects.filter(pk=quiet.pk).update(created_at=now - timedelta(days=100))
    log_call([customer], by=alice)
    create_task([customer], by=alice, subject="Two days late", due_at=now - timedelta(days=2))
    create_task([customer], by=alice, subject="Next month", due_at=now + timedelta(days=30))
    complete_task(create_task([customer], by=alice, subject="Already done", due_at=now), by=alice)
    plan_meeting([customer], by=alice, subject="Stand-up", at=timezone.localtime().replace(hour=12))
    page = alice_client.get("/").content.decode()
    for text in ("Two days late", "Overdue", "Already done", "Stand-up", "Quiet Ltd", "1 overdue, 1 done"):
        assert text in page, text
    assert "Next month" not in page
    other = bob_client.get("/").content.decode()
    assert "Two days late" not in other
    assert "Nothing is due" in other


def test_a_task_that_is_two_years_late_says_the_year(alice: User, alice_client: Any) -> None:
    due = timezone.now() - timedelta(days=730)
    create_task([], by=alice, subject="Forgotten", due_at=due)
    assert f"{timezone.localtime(due).year}</span>" in alice_client.get("/").content.decode()


def test_this_week_holds_what_is_due_in_three_days(alice: User, alice_client: Any) -> None:
    create_task([], by=alice, subject="In three days", due_at=timezone.now() + timedelta(days=3))
    assert "In three days" not in alice_client.get("/").content.decode()
    assert "In three days" in alice_client.get("/?tasks=week").content.decode()


def test_the_page_costs_the_same_with_one_task_and_with_twenty(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    costs = []
    for number in (1, 19):
        for each in range(number):
            create_task([customer], by=alice, subject=f"Task {each}", due_at=timezone.now())
            plan_meeting([customer], by=alice, subject=f"Meeting {each}", at=timezone.now())
        alice_client.get("/")
        with CaptureQueriesContext(connection) as queries:
            alice_client.get("/")
        costs.append(
            [
                q["sql"]
                for q in queries
                if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
                and "set_config" not in q["sql"]
                and "current_setting('crm" not in q["sql"]
            ]
        )
    assert len(costs[0]) == len(costs[1])
    assert len(costs[1]) <= 16, "\n".join(sql[:150] for sql in costs[1])


def test_the_ready_views_of_tasks(alice: User, bob: User, alice_client: Any) -> None:
    now = timezone.now()
    create_task([], by=alice, subject="Late one", due_at=now - timedelta(days=2))
    create_task([], by=alice, subject="Far one", due_at=now + timedelta(days=9))
    create_task([], by=bob, subject="Bob's one")
    complete_task(create_task([], by=alice, subject="Done one"), by=alice)
    page = alice_client.get("/tasks/")
    shown: dict[str, set[str]] = {}
    for view in page.context["ready"] if "ready" in page.context else _ready(page):
        text = alice_client.get(view.url).content.decode()
        assert 'aria-current="page"' in text
        shown[view.label] = {name for name in ("Late one", "Far one", "Bob&#x27;s one", "Done one") if name in text}
    assert shown == {
        "Mine, open": {"Late one", "Far one"},
        "Overdue": {"Late one"},
        "Today": set(),
        "Team": {"Late one", "Far one", "Bob&#x27;s one"},
    }


def _day(client: Any) -> Any:
    """What the panels of the person's day hold."""
    return next(one.data for one in client.get("/").context["shown"] if one.panel.key == "meetings")


def _ready(page: Any) -> Any:
    from crm.activities.templatetags.activities import task_views

    return task_views({"request": page.wsgi_request})


def test_meetings_of_the_day_are_those_that_alice_leads_joins_or_that_go_on(alice: User, bob: User, bob_client: Any) -> None:
    bob.time_zone = "Asia/Tokyo"
    bob.save()
    noon = timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).replace(hour=12, minute=0, second=0, microsecond=0)
    day = datetime.combine(noon.date(), time(), UTC)
    plan_meeting([], by=alice, subject="Invited", at=noon, attendees=[bob])
    plan_meeting([], by=alice, subject="Not invited", at=noon)
    plan_meeting([], by=bob, subject="Since last night", at=noon - timedelta(hours=14), end_at=noon - timedelta(hours=10))
    plan_meeting([], by=bob, subject="Yesterday", at=noon - timedelta(hours=15), end_at=noon - timedelta(hours=13))
    plan_meeting([], by=bob, subject="Tomorrow", at=noon + timedelta(hours=13))
    plan_meeting([], by=bob, subject="Fair", at=day - timedelta(days=1), end_at=day + timedelta(days=1), all_day=True)
    plan_meeting([], by=bob, subject="Fair is over", at=day - timedelta(days=2), end_at=day - timedelta(days=1), all_day=True)
    shown = [str(item.activity) for item in _day(bob_client).meetings]
    assert shown == ["Fair", "Since last night", "Invited"]


def test_what_happened_on_what_alice_follows_stands_by_itself(alice: User, bob: User, dora: User, alice_client: Any) -> None:
    customer = make_customer(alice, "Vattvik")
    assert "Follow a customer or a contact" in alice_client.get("/").content.decode()
    follow(customer, by=alice)
    assert "Nothing has changed on the records that you follow" in alice_client.get("/").content.decode()
    notify(alice, "changed", customer, key="1", by=bob, data={"fields": ["size"]})
    notify(alice, "reminder", create_task([customer], by=alice, subject="Call"), key="2")
    day = _day(alice_client)
    assert [one.text for one in day.followed] == ["Bob changed employees of Vattvik"]
    assert [one.notification.kind for one in day.news] == ["reminder"]
    update_record(customer, by=alice, owner=dora)
    assert _day(alice_client).followed == []


def test_an_empty_day_says_what_would_stand_there(alice_client: Any) -> None:
    page = alice_client.get("/").content.decode()
    for text in ("Nothing is due", "No meetings today", "You have been in touch with all of yours", "no call, note, e-mail, meeting"):
        assert text in page


def test_nobody_is_offered_what_the_role_refuses(alice: User, alice_client: Any) -> None:
    customer = make_customer(alice)
    pages = "/", f"/customers/{customer.pk}/"
    offers = ("New task", "Add a contact", "?compose=call#composer")
    before = "".join(alice_client.get(page).content.decode().partition("<main")[2] for page in pages)
    head = alice_client.get("/").content.decode()
    assert all(offer in before + head for offer in offers)
    role = Role.objects.get(key="sales-rep")
    role.reaches = {key: {**verbs, "create": "none"} for key, verbs in role.reaches.items()}
    role.save()
    after = "".join(alice_client.get(page).content.decode() for page in pages)
    assert not [offer for offer in offers if offer in after]
