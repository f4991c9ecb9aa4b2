"""Teams as a tree: making, moving, deleting, and what people see right after."""

from typing import Any

from crm.tenancy.models import Organization
from crm.users.models import Team, User
from tests.factories.customers import make_customer


def team(name: str) -> Team:
    return Team.objects.get(name=name)


def test_the_tree_shows_each_team_below_its_own(ada: User, client_of: Any) -> None:
    page = client_of(ada).get("/setup/teams/").content.decode()
    assert page.index(">Help</a>") < page.index(">Sales</a>") < page.index(">North</a>") < page.index(">South</a>")


def test_moving_a_team_moves_at_once_what_its_managers_see(ada: User, alice: User, mona: User, client_of: Any) -> None:
    customer = make_customer(alice)
    monas = client_of(mona)
    assert monas.get(f"/customers/{customer.pk}/").status_code == 200
    client_of(ada).post(f"/setup/teams/{team('North').pk}/", {"name": "North", "parent": team("Help").pk})
    assert monas.get(f"/customers/{customer.pk}/").status_code == 404
    client_of(ada).post(f"/setup/teams/{team('North').pk}/", {"name": "North", "parent": team("Sales").pk})
    assert monas.get(f"/customers/{customer.pk}/").status_code == 200


def test_a_team_does_not_go_below_itself(ada: User, client_of: Any) -> None:
    answer = client_of(ada).post(f"/setup/teams/{team('Sales').pk}/", {"name": "Sales", "parent": team("North").pk})
    assert answer.status_code == 422
    assert "North is part of Sales" in answer.content.decode()
    assert team("Sales").parent is None


def test_a_new_team_gets_a_group_of_its_own(ada: User, in_tenant: Organization, client_of: Any) -> None:
    client = client_of(ada)
    client.post("/setup/teams/", {"name": "West", "parent": team("Sales").pk})
    assert team("West").group.name == f"org-{in_tenant.pk}-team-{team('West').pk}"
    answer = client.post("/setup/teams/", {"name": "West", "parent": ""})
    assert answer.status_code == 422
    assert "There is a team “West” already" in answer.content.decode()


def test_only_an_empty_team_is_deleted(ada: User, alice: User, client_of: Any) -> None:
    client = client_of(ada)
    answer = client.post(f"/setup/teams/{team('North').pk}/", {"name": "North", "delete": "1"})
    assert answer.status_code == 422
    assert "Move its people to another team first" in answer.content.decode()
    client.post("/setup/teams/", {"name": "West", "parent": ""})
    client.post(f"/setup/teams/{team('West').pk}/", {"name": "West", "delete": "1"})
    assert not Team.objects.filter(name="West").exists()


def test_a_team_that_owns_records_is_not_deleted(ada: User, alice: User, bob: User, client_of: Any) -> None:
    make_customer(alice)
    client = client_of(ada)
    for person in (alice, bob):
        client.post(f"/setup/people/{person.pk}/", {"name": person.name, "role": person.role_id, "team": ""})
    answer = client.post(f"/setup/teams/{team('North').pk}/", {"name": "North", "parent": team("Sales").pk, "delete": "1"})
    assert answer.status_code == 422
    assert "Records belong to this team" in answer.content.decode()


def test_teams_of_another_organization_are_not_there(ada: User, charlie: User, client_of: Any) -> None:
    client = client_of(charlie)
    assert client.get(f"/setup/teams/{team('North').pk}/").status_code == 404
    assert client.post("/setup/teams/", {"name": "Mine", "parent": team("North").pk}).status_code == 422
