"""The first page: what each role finds there, and what people and administrators choose instead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.activities.actions import complete_task, create_task, log_call
from crm.audit.models import LogEntry
from crm.users.actions import AdministratorsOnly, change_role, create_role, set_role_home
from crm.users.models import Role, User
from tests.factories.customers import make_customer

ClientOf = Callable[[Any], Client]
LATE = timedelta(days=2)


def keys(client: Client) -> list[str]:
    return [one.panel.key for one in client.get("/").context["shown"]]


def panel(client: Client, key: str) -> Any:
    return next(one.data for one in client.get("/").context["shown"] if one.panel.key == key)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alice", ["tasks", "quiet", "meetings", "followed", "news"]),
        ("mona", ["tasks", "team", "team-late", "quiet", "customers", "meetings", "followed", "news"]),
        ("ada", ["needs", "tasks", "quiet", "meetings", "followed", "news", "presence", "jobs"]),
        ("sam", ["tasks", "customers", "meetings", "followed", "news"]),
    ],
)
def test_each_role_finds_what_belongs_to_its_work(name: str, expected: list[str], cast: dict[str, User], client_of: ClientOf) -> None:
    assert keys(client_of(cast[name])) == expected


def test_mona_reads_who_is_late_and_what_her_teams_did(cast: dict[str, User], client_of: ClientOf) -> None:
    now = timezone.now()
    customer = make_customer(cast["bob"], "Vattvik")
    create_task([customer], by=cast["bob"], subject="Forgotten", due_at=now - LATE)
    complete_task(create_task([], by=cast["dora"], subject="Done", due_at=now), by=cast["dora"])
    log_call([customer], by=cast["bob"])
    create_task([], by=cast["sam"], subject="Of the help desk", due_at=now - LATE)
    team = panel(client_of(cast["mona"]), "team")
    found = {one.person.name: (one.late, one.done, one.activities) for one in team.people}
    assert found == {"Alice": (0, 0, 0), "Bob": (1, 0, 1), "Dora": (0, 1, 0)}
    assert [str(item.activity) for item in team.late_tasks] == ["Forgotten"]
    page = client_of(cast["mona"]).get("/").content.decode()
    assert f"/tasks/?f=owner:is:{cast['bob'].pk}" in page and "Of the help desk" not in page


def test_the_line_of_a_person_leads_to_the_open_tasks(cast: dict[str, User], client_of: ClientOf) -> None:
    create_task([], by=cast["bob"], subject="Open one", due_at=timezone.now())
    complete_task(create_task([], by=cast["bob"], subject="Ticked off", due_at=timezone.now()), by=cast["bob"])
    client = client_of(cast["mona"])
    bob = next(one for one in panel(client, "team").people if one.person == cast["bob"])
    page = client.get(f"/tasks/{bob.tasks}").content.decode()
    assert "Open one" in page and "Ticked off" not in page


def test_a_manager_whose_role_reads_no_owners_gets_no_list_of_people(cast: dict[str, User], ada: User, client_of: ClientOf) -> None:
    change_role(Role.objects.get(pk=cast["mona"].role_id), by=ada, levels={"task": {"owner": "hidden"}})
    assert "team" not in keys(client_of(cast["mona"]))
    assert "team" not in client_of(cast["mona"]).get("/profile/home/").content.decode()


def test_the_teams_cost_the_same_with_one_task_and_with_twenty(cast: dict[str, User], client_of: ClientOf) -> None:
    customer, client, costs = make_customer(cast["bob"]), client_of(cast["mona"]), []
    for number in (1, 19):
        for each in range(number):
            create_task([customer], by=cast["bob"], subject=f"Task {each}", due_at=timezone.now() - LATE)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_ada_reads_what_waits_for_her(cast: dict[str, User], ada: User, client_of: ClientOf) -> None:
    texts = [one.text for one in panel(client_of(ada), "needs")]
    assert "1 administrator has no second factor" in texts
    User.objects.filter(pk=cast["bob"].pk).update(last_login=timezone.now() - timedelta(days=30))
    presence = panel(client_of(ada), "presence")
    assert cast["bob"] in presence.absent and presence.people > presence.week


def test_alice_arranges_her_own_page_and_takes_it_back(alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    assert client.post("/profile/home/", {"save": "1", "c": ["news", "tasks"]})["Location"] == "/"
    assert keys(client) == ["news", "tasks"]
    client.post("/profile/home/", {"save": "1"})
    assert keys(client) == [] and "Nothing stands here" in client.get("/").content.decode()
    client.post("/profile/home/", {"usual": "1"})
    assert keys(client) == ["tasks", "quiet", "meetings", "followed", "news"]


def test_without_scripts_a_button_moves_a_panel_and_saves_nothing_yet(alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    page = client.post("/profile/home/", {"c": ["tasks", "news", "quiet"], "up": "news"})
    assert [one["panel"].key for one in page.context["choices"] if one["chosen"]] == ["news", "tasks", "quiet"]
    assert keys(client) == ["tasks", "quiet", "meetings", "followed", "news"]


@pytest.mark.parametrize("sent", [["needs", "team", "presence"], ["nonsense", "", "\x00", "tasks'--"]])
def test_alice_cannot_take_what_is_not_hers_or_not_there(sent: list[str], alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)
    client.post("/profile/home/", {"save": "1", "c": sent})
    assert keys(client) == []
    User.objects.filter(pk=alice.pk).update(home=["needs", "presence", "tasks"])
    assert keys(client) == ["tasks"]


def test_ada_arranges_the_page_of_a_role_and_bobs_own_choice_stays(
    ada: User, alice: User, bob: User, charlie: User, client_of: ClientOf
) -> None:
    role = Role.objects.get(pk=alice.role_id)
    client_of(bob).post("/profile/home/", {"save": "1", "c": ["meetings"]})
    assert client_of(alice).post(f"/setup/roles/{role.pk}/home/", {"save": "1", "c": ["news"]}).status_code == 403
    assert client_of(charlie).post(f"/setup/roles/{role.pk}/home/", {"save": "1", "c": ["news"]}).status_code == 404
    assert (
        client_of(ada).post(f"/setup/roles/{role.pk}/home/", {"save": "1", "c": ["news", "needs"]})["Location"]
        == f"/setup/roles/{role.pk}/"
    )
    assert (keys(client_of(alice)), keys(client_of(bob))) == (["news"], ["meetings"])
    assert LogEntry.objects.filter(verb="role.home", object_id=role.pk, actor=ada).count() == 1
    assert "arranged the first page of the role" in client_of(ada).get("/setup/changes/").content.decode()
    client_of(ada).post(f"/setup/roles/{role.pk}/home/", {"usual": "1"})
    assert keys(client_of(alice)) == ["tasks", "quiet", "meetings", "followed", "news"]


def test_a_copied_role_begins_with_the_same_page(ada: User, cast: dict[str, User], client_of: ClientOf) -> None:
    role = Role.objects.get(pk=cast["mona"].role_id)
    client_of(ada).post(f"/setup/roles/{role.pk}/duplicate/", {"name": "Head of sales"})
    copy = Role.objects.get(name="Head of sales", organization_id=role.organization_id)
    User.objects.filter(pk=cast["mona"].pk).update(role=copy)
    assert keys(client_of(User.objects.get(pk=cast["mona"].pk)))[:3] == ["tasks", "team", "team-late"]


def test_only_administrators_arrange_for_others(ada: User, alice: User) -> None:
    role = create_role("Reader of news", by=ada)
    with pytest.raises(AdministratorsOnly):
        set_role_home(role, ["news"], by=alice)
    with pytest.raises(ValidationError):
        create_role("Reader of news", by=ada)
