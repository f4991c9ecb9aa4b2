"""Inviting, changing and deactivating people, as an administrator does it in the browser."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from crm.access.derived import repair_access
from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.search.models import SearchDocument
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import change_organization, change_role, deactivate_person, invite_person
from crm.users.models import Invitation, Role, Team, User
from customers.models import Customer
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def role(user: User, key: str) -> Role:
    return Role.objects.get(organization_id=user.organization_id, key=key)


def invite(client: Client, ada: User, email: str = "new@halden.example", **facts: Any) -> Invitation:
    client.post("/setup/people/invite/", {"email": email, "role": role(ada, "sales-rep").pk, "team": "", **facts})
    return Invitation.objects.get(email=email, revoked_at=None)


def accept(invitation: Invitation, client: Client | None = None, **facts: Any) -> Any:
    return (client or Client()).post(f"/join/{invitation.key}/", {"name": "Nora New", "password": PASSWORD, **facts})


def test_a_sales_rep_does_not_open_setup_and_reads_why(alice: User, ada: User, client_of: Any) -> None:
    answer = client_of(alice).get("/setup/people/")
    assert answer.status_code == 403
    assert "Your role “Sales rep” does not administer the organization." in answer.content.decode()
    assert ada.email in answer.content.decode()


def test_ada_invites_and_nora_joins_and_is_signed_in(ada: User, client_of: Any) -> None:
    team = Team.objects.get(name="North")
    invitation = invite(client_of(ada), ada, team=team.pk)
    assert mail.outbox[0].to == ["new@halden.example"]
    assert f"/join/{invitation.key}/" in mail.outbox[0].body
    client = Client()
    assert accept(invitation, client)["Location"] == "/"
    nora = User.objects.get(email="new@halden.example")
    assert (nora.organization_id, nora.role.key, nora.team) == (ada.organization_id, "sales-rep", team)
    assert nora.groups.get() == team.group
    assert client.get("/customers/").status_code == 200
    assert nora.check_password(PASSWORD)


def test_the_inviter_can_copy_the_link(ada: User, client_of: Any) -> None:
    client = client_of(ada)
    invitation = invite(client, ada)
    assert f"http://testserver/join/{invitation.key}/" in client.get(f"/setup/invitations/{invitation.pk}/").content.decode()


def test_an_invitation_works_once(ada: User, client_of: Any) -> None:
    invitation = invite(client_of(ada), ada)
    accept(invitation)
    assert accept(invitation).status_code == 404
    assert User.objects.filter(email=invitation.email).count() == 1


def test_an_expired_invitation_says_so_and_a_new_link_works(ada: User, client_of: Any) -> None:
    client = client_of(ada)
    invitation = invite(client, ada)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at="2020-01-01T00:00Z")
    answer = Client().get(f"/join/{invitation.key}/")
    assert answer.status_code == 404
    assert "does not work any more" in answer.content.decode()
    old_key = invitation.key
    client.post(f"/setup/invitations/{invitation.pk}/resend/")
    invitation.refresh_from_db()
    assert invitation.key != old_key
    assert Client().get(f"/join/{old_key}/").status_code == 404
    assert accept(invitation).status_code == 302


def test_a_withdrawn_invitation_does_not_work(ada: User, client_of: Any) -> None:
    client = client_of(ada)
    invitation = invite(client, ada)
    client.post(f"/setup/invitations/{invitation.pk}/revoke/")
    assert accept(invitation).status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_changed_key_is_nobodys(ada: User, client_of: Any) -> None:
    invitation = invite(client_of(ada), ada)
    assert Client().get(f"/join/{invitation.key[:-1]}x/").status_code == 404
    other = invitation.key.replace(f"{invitation.organization_id}-", "99-", 1)
    assert Client().get(f"/join/{other}/").status_code == 404


def test_who_joins_needs_a_good_password(ada: User, client_of: Any) -> None:
    invitation = invite(client_of(ada), ada)
    answer = accept(invitation, password="short")
    assert answer.status_code == 422
    assert not User.objects.filter(email=invitation.email).exists()


def test_somebody_here_is_not_invited_again(ada: User, alice: User, client_of: Any) -> None:
    client = client_of(ada)
    answer = client.post("/setup/people/invite/", {"email": alice.email.upper(), "role": role(ada, "sales-rep").pk})
    assert answer.status_code == 422
    assert "is here already" in answer.content.decode()
    invite(client, ada)
    answer = client.post("/setup/people/invite/", {"email": "NEW@halden.example", "role": role(ada, "sales-rep").pk})
    assert "is invited already" in answer.content.decode()


def test_ada_does_not_learn_who_is_in_another_organization(ada: User, charlie: User, client_of: Any) -> None:
    invitation = invite(client_of(ada), ada, email=charlie.email)
    answer = accept(invitation)
    assert answer.status_code == 422
    assert "an address belongs to one organization" in answer.content.decode()
    charlie.refresh_from_db()
    assert charlie.organization_id != ada.organization_id


def test_ada_cannot_give_another_organizations_role(ada: User, charlie: User, other_organization: Organization, client_of: Any) -> None:
    with tenant(other_organization):
        foreign = role(charlie, "administrator")
    answer = client_of(ada).post("/setup/people/invite/", {"email": "new@halden.example", "role": foreign.pk})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("path", ["", "deactivate/"])
def test_people_of_another_organization_are_not_there(ada: User, charlie: User, client_of: Any, path: str) -> None:
    assert client_of(ada).get(f"/setup/people/{charlie.pk}/{path}").status_code == 404
    assert client_of(charlie).post(f"/setup/people/{ada.pk}/{path}", {"name": "X"}).status_code == 404
    ada.refresh_from_db()
    assert ada.is_active


def test_a_new_role_holds_on_the_next_request(ada: User, alice: User, client_of: Any) -> None:
    alices, adas = client_of(alice), client_of(ada)
    assert alices.get("/customers/new/").status_code == 200
    adas.post(f"/setup/people/{alice.pk}/", {"name": "Alice", "role": role(ada, "read-only").pk, "team": ""})
    assert alices.get("/customers/new/").status_code == 403
    entry = LogEntry.objects.get(verb="person.changed")
    assert entry.changes["role"][0]["name"] == "Sales rep"
    assert entry.actor_id == ada.pk


def test_moving_bob_to_another_team_moves_what_he_sees(ada: User, alice: User, bob: User, client_of: Any) -> None:
    customer = make_customer(alice)
    bobs = client_of(bob)
    assert bobs.get(f"/customers/{customer.pk}/").status_code == 200
    south = Team.objects.get(name="South")
    client_of(ada).post(f"/setup/people/{bob.pk}/", {"name": "Bob", "role": bob.role_id, "team": south.pk})
    assert bobs.get(f"/customers/{customer.pk}/").status_code == 404
    assert list(bob.groups.all()) == [south.group]


def test_the_last_administrator_stays(ada: User, client_of: Any) -> None:
    client = client_of(ada)
    answer = client.post(f"/setup/people/{ada.pk}/", {"name": "Ada", "role": role(ada, "sales-rep").pk, "team": ""})
    assert answer.status_code == 422
    assert "Ada is the last administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_administrator


def test_ada_steps_down_once_mona_administers(ada: User, mona: User, client_of: Any) -> None:
    client = client_of(ada)
    client.post(f"/setup/people/{mona.pk}/", {"name": "Mona", "role": ada.role_id, "team": ""})
    assert client.post(f"/setup/people/{ada.pk}/", {"name": "Ada", "role": role(ada, "sales-rep").pk, "team": ""}).status_code == 302
    assert client.get("/setup/").status_code == 403


def test_nobody_deactivates_themselves(ada: User, client_of: Any) -> None:
    answer = client_of(ada).post(f"/setup/people/{ada.pk}/deactivate/", {"to": ""})
    assert answer.status_code == 422
    ada.refresh_from_db()
    assert ada.is_active


def test_deactivating_alice_ends_her_session_and_gives_bob_her_records(
    ada: User, alice: User, bob: User, dora: User, client_of: Any
) -> None:
    customer = make_customer(alice)
    contact = make_contact(alice, customer=customer)
    other = make_customer(dora, "Dora's")
    alices = client_of(alice)
    alices.get("/customers/")
    key = alices.session.session_key
    answer = client_of(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": dora.pk}, follow=True)
    assert "Alice deactivated, 2 records handed over" in answer.content.decode()
    assert alices.get("/customers/")["Location"].startswith("/accounts/login/")
    assert cache.get(f"django.contrib.sessions.cached_db{key}") is None
    customer.refresh_from_db()
    contact.refresh_from_db()
    assert (customer.owner, customer.team, contact.owner) == (dora, dora.team, dora)
    assert client_of(dora).get(f"/customers/{customer.pk}/").status_code == 200
    assert client_of(bob).get(f"/customers/{customer.pk}/").status_code == 404
    assert repair_access(Customer) == 0
    document = SearchDocument.objects.get(record_type="customer", record_id=customer.pk)
    assert sorted(document.principals) == sorted(SearchDocument.objects.get(record_type="customer", record_id=other.pk).principals)


def test_a_hand_over_is_in_the_history_of_each_record_and_one_event_a_batch(ada: User, alice: User, bob: User, client_of: Any) -> None:
    customers = [make_customer(alice, f"Customer {number}") for number in range(3)]
    client_of(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": bob.pk})
    entries = LogEntry.objects.filter(verb="customer.updated", object_id__in=[c.pk for c in customers])
    assert [entry.changes["owner"][1]["name"] for entry in entries] == ["Bob"] * 3
    event = Event.objects.get(kind="person.handed_over")
    assert sorted(event.data["ids"]) == sorted(c.pk for c in customers)
    assert Customer.objects.get(pk=customers[0].pk).version == 2


def test_deleted_records_go_along_and_can_be_restored_by_the_new_owner(ada: User, alice: User, bob: User, client_of: Any) -> None:
    from crm.records.actions import delete_record

    customer = make_customer(alice)
    delete_record(customer, by=alice)
    client_of(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": bob.pk})
    assert Customer.objects.in_recycle_bin_of(bob).get().owner == bob
    assert repair_access(Customer) == 0


def test_records_may_stay_with_who_is_gone(ada: User, alice: User, client_of: Any) -> None:
    customer = make_customer(alice)
    client_of(ada).post(f"/setup/people/{alice.pk}/deactivate/", {"to": ""})
    customer.refresh_from_db()
    assert customer.owner == alice


def test_a_reactivated_person_signs_in_again(ada: User, alice: User, client_of: Any) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    client = client_of(ada)
    client.post(f"/setup/people/{alice.pk}/deactivate/", {"to": ""})
    client.post(f"/setup/people/{alice.pk}/reactivate/")
    assert Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})["Location"] == "/"


def test_a_lost_phone_is_reset_and_all_devices_signed_out(ada: User, alice: User, client_of: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from crm.users.adapters import has_second_factor

    TOTP.activate(alice, generate_totp_secret())
    alices = client_of(alice)
    alices.get("/customers/")
    client_of(ada).post(f"/setup/people/{alice.pk}/second-factor/")
    assert not has_second_factor(alice)
    assert alices.get("/customers/").status_code == 302


def test_the_lists_show_who_is_where(ada: User, alice: User, client_of: Any) -> None:
    client = client_of(ada)
    invite(client, ada)
    assert alice.email in client.get("/setup/people/").content.decode()
    assert alice.email not in client.get("/setup/people/?q=bob").content.decode()
    assert "new@halden.example" in client.get("/setup/people/?tab=invited").content.decode()
    client.post(f"/setup/people/{alice.pk}/deactivate/", {"to": ""})
    assert alice.email in client.get("/setup/people/?tab=inactive").content.decode()
    assert alice.email not in client.get("/setup/people/").content.decode()


def test_changes_in_setup_are_listed_with_who_and_what(ada: User, alice: User, charlie: User, client_of: Any) -> None:
    client_of(ada).post(f"/setup/people/{alice.pk}/", {"name": "Alice", "role": role(ada, "read-only").pk, "team": ""})
    page = client_of(ada).get("/setup/changes/").content.decode()
    assert re.search(r"Role: Sales rep → Read only", page)
    assert "Read only" not in client_of(charlie).get("/setup/changes/").content.decode()


def test_sign_ins_of_the_organization_are_administrators_to_read(ada: User, alice: User, charlie: User, client_of: Any) -> None:
    Client().post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    assert "Wrong password" in client_of(ada).get("/setup/sign-ins/?failed=1").content.decode()
    assert "<b>Wrong password" not in client_of(charlie).get("/setup/sign-ins/?failed=1").content.decode()
    assert "Wrong password" in client_of(alice).get("/profile/sign-ins/").content.decode()
    assert client_of(alice).get("/setup/sign-ins/").status_code == 403


def test_who_is_signed_in_signs_out_before_joining_as_somebody_new(ada: User, alice: User, client_of: Any) -> None:
    invitation = invite_person("new@halden.example", role=ada.role, by=ada)  # type: ignore[arg-type]
    link, client = f"/join/{invitation.key}/", client_of(alice)
    page = client.get(link).content.decode()
    assert f"You are signed in as <b>{alice.email}</b>" in page
    assert client.post(link, {"name": "New", "password": PASSWORD}).status_code == 409
    assert not User.objects.filter(email="new@halden.example").exists()
    assert client.post("/accounts/logout/", {"next": link})["Location"] == link
    assert client.post(link, {"name": "New", "password": PASSWORD}).status_code == 302
    assert User.objects.get(email="new@halden.example").name == "New"


def test_the_log_of_setup_speaks_words_and_can_be_narrowed(ada: User, alice: User, in_tenant: Organization, client_of: Any) -> None:
    client = client_of(ada)
    assert alice.role is not None
    change_role(alice.role, by=ada, reaches={"contact": {"export": "all"}}, levels={"customer": {"annual_revenue": "hidden"}})
    change_organization(in_tenant, by=ada, fiscal_year_start=4, date_format="Y-m-d", unique_customer_names=True)
    deactivate_person(alice, by=ada)
    page = client.get("/setup/changes/").content.decode()
    for words in (
        "Export contacts: Own → All",
        "“Annual revenue” of customers: Edit → Hidden",
        "Fiscal year starts in month: January → April",
        "Date format: 22 Nov 2026 → 2026-11-22",
        "Customer names are unique: no → yes",
        "May sign in: yes → no",
    ):
        assert words in page
    only = client.get("/setup/changes/?kind=roles").content.decode()
    assert "Export contacts" in only
    assert "Fiscal year" not in only
    assert client.get("/setup/changes/?kind=nonsense").status_code == 200


def test_what_stayed_with_who_is_gone_is_handed_over_later(ada: User, alice: User, bob: User, client_of: Any) -> None:
    customer, client = make_customer(alice), client_of(ada)
    client.post(f"/setup/people/{alice.pk}/deactivate/", {"to": ""})
    assert "Hand over records" in client.get(f"/setup/people/{alice.pk}/").content.decode()
    client.post(f"/setup/people/{alice.pk}/deactivate/", {"to": bob.pk})
    customer.refresh_from_db()
    assert customer.owner == bob
