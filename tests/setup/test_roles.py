"""The role editor: what is shown, what is reviewed before it is saved, and from when it holds."""

import re
from typing import Any

import pytest
from django.test import Client

from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.users.actions import change_role
from crm.users.models import Role, User
from tests.factories.customers import make_customer


@pytest.fixture
def rep(alice: User) -> Role:
    assert alice.role is not None
    return alice.role


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's form, as a browser sends them again."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def facts(client: Client, role: Role, **cells: str) -> dict[str, str]:
    """What the editor's form sends, with some cells chosen."""
    seen = fields_of(client.get(f"/setup/roles/{role.pk}/").content.decode())["seen"]
    return {"name": role.name, "description": role.description, "type": "customer", "seen": seen, **cells}


def cell(role: Role, record_type: str, verb: str) -> str:
    return f"reach:{role.pk}:{record_type}:{verb}"


def save(client: Client, role: Role, **cells: str) -> Any:
    """Choose, review, confirm."""
    review = client.post(f"/setup/roles/{role.pk}/", facts(client, role, **cells))
    return client.post(f"/setup/roles/{role.pk}/", {**fields_of(review.content.decode()), "confirm": "1"})


def test_the_editor_shows_both_grids_with_what_holds(ada: User, rep: Role, client_of: Any) -> None:
    page = client_of(ada).get(f"/setup/roles/{rep.pk}/?type=contact").content.decode()
    chosen = re.search(rf'name="{cell(rep, "customer", "delete")}".*?value="(\w+)" selected', page)
    assert chosen is not None
    assert chosen[1] == "own"
    agent = Role.objects.get(organization=rep.organization_id, key="support-agent")
    birthday = re.search(rf'name="level:{agent.pk}:contact:birthday".*?value="(\w+)" selected', page)
    assert birthday is not None
    assert birthday[1] == "masked"


def test_saving_first_shows_who_loses_what_and_changes_nothing_yet(ada: User, alice: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    answer = client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **{cell(rep, "contact", "export"): "none"}))
    page = answer.content.decode()
    assert "3 people affected" in page
    assert "Lose “Export” on contacts" in page
    assert "Alice" in page
    assert "Dora" in page
    rep.refresh_from_db()
    assert rep.reach("contact", "export") == "own"


def test_after_confirming_it_holds_on_the_next_request(ada: User, alice: User, rep: Role, client_of: Any) -> None:
    customer = make_customer(alice)
    alices = client_of(alice)
    assert alices.get(f"/customers/{customer.pk}/").status_code == 200
    answer = save(client_of(ada), rep, **{cell(rep, "customer", "view"): "none"})
    assert answer["Location"] == f"/setup/roles/{rep.pk}/?type=customer"
    assert alices.get(f"/customers/{customer.pk}/").status_code == 404
    entry = LogEntry.objects.get(verb="role.changed")
    assert entry.changes == {"customer.view": ["team", "none"]}
    assert entry.actor_id == ada.pk


def test_a_hidden_field_is_hidden_on_the_next_request_and_search_is_told(ada: User, alice: User, rep: Role, client_of: Any) -> None:
    customer = make_customer(alice, legal_name="Vattvik Energi Aktiebolag")
    alices = client_of(alice)
    assert "Vattvik Energi Aktiebolag" in alices.get(f"/customers/{customer.pk}/").content.decode()
    save(client_of(ada), rep, **{f"level:{rep.pk}:customer:legal_name": "hidden"})
    assert "Vattvik Energi Aktiebolag" not in alices.get(f"/customers/{customer.pk}/").content.decode()
    assert Event.objects.get(kind="role.changed").data["levels"] == ["customer"]


def test_several_roles_change_together_each_with_its_people(ada: User, rep: Role, client_of: Any) -> None:
    agent = Role.objects.get(organization=rep.organization_id, key="support-agent")
    client = client_of(ada)
    cells = {cell(rep, "contact", "export"): "none", f"level:{agent.pk}:customer:annual_revenue": "read"}
    page = client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **cells)).content.decode()
    assert "Read “Annual revenue” of customers" in page
    assert "1 person affected" in page
    client.post(f"/setup/roles/{rep.pk}/", {**fields_of(page), "confirm": "1"})
    agent.refresh_from_db()
    rep.refresh_from_db()
    assert agent.level("customer", "annual_revenue") == "read"
    assert rep.reach("contact", "export") == "none"


def test_going_back_keeps_what_was_chosen(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    review = client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **{cell(rep, "contact", "export"): "none"}))
    page = client.post(f"/setup/roles/{rep.pk}/", {**fields_of(review.content.decode()), "edit": "1"}).content.decode()
    assert "1 unsaved change" in page
    assert "3 people: lose “Export” on contacts" in page
    assert re.search(r'class=" chg"><select class="perm p-none" name="' + cell(rep, "contact", "export"), page)


def test_choices_of_another_record_type_are_carried_along(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    chosen = {f"level:{rep.pk}:customer:phone": "hidden"}
    page = client.post(f"/setup/roles/{rep.pk}/", {**facts(client, rep, **chosen), "type": "contact", "edit": "1"}).content.decode()
    assert f'name="level:{rep.pk}:customer:phone" value="hidden" data-carried' in page


def test_a_change_by_somebody_else_in_between_is_not_overwritten(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    chosen = {cell(rep, "contact", "export"): "none", cell(rep, "contact", "delete"): "none"}
    review = client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **chosen))
    change_role(rep, by=ada, reaches={"contact": {"export": "all"}})
    answer = client.post(f"/setup/roles/{rep.pk}/", {**fields_of(review.content.decode()), "confirm": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "in the meantime" in page
    assert "Export contacts: Own → All" in page
    assert chosen_in(page, cell(rep, "contact", "export")) == "all"
    assert chosen_in(page, cell(rep, "contact", "delete")) == "none"
    mine = f"{cell(rep, 'contact', 'export')}=none"
    assert f'name="mine" value="{mine}"' in page
    assert f'name="mine" value="{cell(rep, "contact", "delete")}' not in page
    rep.refresh_from_db()
    assert rep.reach("contact", "export") == "all"
    mine_too = client.post(f"/setup/roles/{rep.pk}/", {**fields_of(page), "name": rep.name, "mine": mine}).content.decode()
    assert fields_of(mine_too)[cell(rep, "contact", "export")] == "none"

    review = client.post(f"/setup/roles/{rep.pk}/", {**fields_of(page), "name": rep.name, cell(rep, "contact", "delete"): "none"})
    client.post(f"/setup/roles/{rep.pk}/", {**fields_of(review.content.decode()), "confirm": "1"})
    rep.refresh_from_db()
    assert (rep.reach("contact", "export"), rep.reach("contact", "delete")) == ("all", "none")


def test_two_windows_on_one_role_the_second_hears_of_the_first_before_its_review(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    second = facts(client, rep, **{cell(rep, "contact", "export"): "none"})
    save(client, rep, **{cell(rep, "customer", "export"): "none"})
    answer = client.post(f"/setup/roles/{rep.pk}/", second)
    assert answer.status_code == 409
    assert "Export customers: Own → None" in answer.content.decode()


def chosen_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}".*?value="(\w+)" selected', page)
    return found[1] if found else ""


def test_the_review_says_how_many_records_each_person_gains_and_loses(ada: User, alice: User, bob: User, rep: Role, client_of: Any) -> None:
    for name in ("Alder Cold Storage", "Nordhavn Brewing"):
        make_customer(alice, name)
    make_customer(bob, "Vattvik Energi")
    client = client_of(ada)
    chosen = {cell(rep, "customer", "view"): "own", cell(rep, "customer", "delete"): "all"}
    page = client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **chosen)).content.decode()
    cells = re.search(rf'<tr><th scope="row">{alice}</th>(.*?)</tr>', page)
    assert cells is not None
    assert re.findall(r"(\d+) → <b>(\d+)</b>", cells[1]) == [("3", "2"), ("2", "2")]
    rep.refresh_from_db()
    assert rep.reach("customer", "view") == "team"


def test_while_choosing_the_banner_says_who_is_affected(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    sent = {**facts(client, rep, **{cell(rep, "contact", "export"): "none"}), "effects": "1"}
    answer = client.post(f"/setup/roles/{rep.pk}/", sent, headers={"HX-Request": "true"})
    assert "3 people: lose “Export” on contacts." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_nobody_but_an_administrator_changes_a_role_not_even_the_own_one(alice: User, mona: User, rep: Role, client_of: Any) -> None:
    for person in (alice, mona):
        sent = {"name": "X", "seen": "", "confirm": "1", cell(rep, "customer", "export"): "all"}
        assert client_of(person).post(f"/setup/roles/{rep.pk}/", sent).status_code == 403
        assert client_of(person).post("/setup/roles/new/", {"name": "Mine"}).status_code == 403
        assert client_of(person).post(f"/setup/people/{person.pk}/", {"name": "X", "role": rep.pk}).status_code == 403
    rep.refresh_from_db()
    assert rep.reach("customer", "export") == "own"


def test_what_no_grid_offers_is_ignored(ada: User, charlie: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    nonsense = {
        cell(rep, "customer", "view"): "everything",
        cell(rep, "customer", "fly"): "all",
        f"level:{charlie.role_id}:customer:name": "hidden",
        f"level:{rep.pk}:customer:created_at": "edit",
    }
    assert "Nothing has changed" in client.post(f"/setup/roles/{rep.pk}/", facts(client, rep, **nonsense)).content.decode()


def test_administrators_reach_everything_whatever_is_sent(ada: User, client_of: Any) -> None:
    client, role = client_of(ada), Role.objects.get(pk=ada.role_id)
    save(client, role, **{cell(role, "customer", "view"): "none"})
    role.refresh_from_db()
    assert role.reach("customer", "view") == "all"


def test_a_new_role_reaches_nothing_and_a_copy_the_same(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    client.post("/setup/roles/new/", {"name": "Finance"})
    finance = Role.objects.get(name="Finance")
    assert finance.reach("customer", "view") == "none"
    client.post(f"/setup/roles/{rep.pk}/duplicate/", {"name": "Junior rep"})
    assert Role.objects.get(name="Junior rep").reaches == rep.reaches
    answer = client.post("/setup/roles/new/", {"name": "Finance"})
    assert answer.status_code == 422
    assert "There is a role “Finance” already" in answer.content.decode()


def test_a_role_that_somebody_has_stays(ada: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    page = client.post(f"/setup/roles/{rep.pk}/delete/", follow=True).content.decode()
    assert "Give its people another role first" in page
    client.post("/setup/roles/new/", {"name": "Finance"})
    client.post(f"/setup/roles/{Role.objects.get(name='Finance').pk}/delete/")
    assert not Role.objects.filter(name="Finance").exists()


def test_a_second_factor_can_be_required_from_now_on(ada: User, alice: User, rep: Role, client_of: Any) -> None:
    client = client_of(ada)
    chosen = {**facts(client, rep), "requires_second_factor": "on"}
    page = client.post(f"/setup/roles/{rep.pk}/", chosen).content.decode()
    assert "Requires a second factor" in page
    client.post(f"/setup/roles/{rep.pk}/", {**fields_of(page), "confirm": "1"})
    assert client_of(alice).get("/customers/")["Location"] == "/accounts/2fa/"


def test_roles_of_another_organization_are_not_there(charlie: User, rep: Role, client_of: Any) -> None:
    client = client_of(charlie)
    assert client.get(f"/setup/roles/{rep.pk}/").status_code == 404
    assert client.post(f"/setup/roles/{rep.pk}/", {"name": "Mine"}).status_code == 404
