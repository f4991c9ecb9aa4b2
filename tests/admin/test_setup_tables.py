"""People, teams, roles, tags and what hangs on records: the workshop calls the actions of Setup and of the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.mail.models import HeldMail
from crm.users.models import Invitation, Role, Team, User
from customers.models import Affiliation, ContactPoint, Relationship, Tag
from tests.access.rows import World, make_world
from tests.admin.conftest import values_of


@pytest.fixture
def world(cast: dict[str, User]) -> World:
    return make_world(cast)


def url(table: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{table}_{page}", args=args)


def sent(client: Client, address: str, **values: Any) -> Any:
    """The form of the page with these values changed, sent."""
    shown = {name: getattr(value, "pk", value) for name, value in values_of(client.get(address)).items()}
    return client.post(address, {**shown, **values})


def test_a_person_moves_to_another_team_through_the_action(ada_in: Client, ada: User, alice: User, dora: User) -> None:
    answer = sent(ada_in, url("users_user", "change", alice.pk), team=dora.team_id)
    assert answer.status_code == 302, answer.context["form"].errors
    alice.refresh_from_db()
    assert alice.team == dora.team
    assert list(alice.groups.all()) == [dora.team.group]  # type: ignore[union-attr]
    assert LogEntry.objects.filter(object_id=alice.pk, verb="person.changed", actor=ada).exists()


def test_the_last_administrator_stays_one(ada_in: Client, ada: User, alice: User) -> None:
    answer = sent(ada_in, url("users_user", "change", ada.pk), role=alice.role_id)
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()


def test_a_role_of_another_organization_is_no_choice(ada_in: Client, alice: User, charlie: User) -> None:
    assert sent(ada_in, url("users_user", "change", alice.pk), role=charlie.role_id).status_code == 422


def test_deactivating_and_reactivating_are_buttons(ada_in: Client, alice: User) -> None:
    for verb, active in (("deactivate", False), ("deactivate", False), ("reactivate", True)):
        ada_in.post(url("users_user", "do", alice.pk), {"verb": verb})
        alice.refresh_from_db()
        assert alice.is_active is active
    assert LogEntry.objects.filter(object_id=alice.pk, verb="person.deactivated").count() == 1


def test_nobody_deactivates_themselves_and_reads_why(ada_in: Client, ada: User) -> None:
    answer = ada_in.post(url("users_user", "do", ada.pk), {"verb": "deactivate"}, follow=True)
    assert "You cannot deactivate yourself" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_an_invitation_goes_out(ada_in: Client, ada: User, alice: User, mailoutbox: list[EmailMessage]) -> None:
    answer = sent(ada_in, url("users_invitation", "add"), email="nora@halden.example", role=alice.role_id)
    assert answer.status_code == 302, answer.context["form"].errors
    invitation = Invitation.objects.get(email="nora@halden.example")
    assert invitation.invited_by == ada
    assert [mail.to for mail in mailoutbox] == [["nora@halden.example"]]
    page = ada_in.get(url("users_invitation", "change", invitation.pk)).content.decode()
    assert invitation.nonce not in page
    ada_in.post(url("users_invitation", "do", invitation.pk), {"verb": "withdraw"})
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_a_team_is_made_renamed_and_deleted(ada_in: Client, alice: User) -> None:
    assert sent(ada_in, url("users_team", "add"), name="East").status_code == 302
    east = Team.objects.get(name="East")
    assert sent(ada_in, url("users_team", "change", east.pk), name="Far East").status_code == 302
    assert ada_in.post(url("users_team", "delete", east.pk)).status_code == 302
    assert not Team.objects.filter(pk=east.pk).exists()
    assert list(LogEntry.objects.filter(object_id=east.pk).order_by("pk").values_list("verb", flat=True)) == [
        "team.created",
        "team.renamed",
        "team.deleted",
    ]


def test_a_team_with_people_stays_and_says_why(ada_in: Client, alice: User) -> None:
    answer = ada_in.post(url("users_team", "delete", alice.team_id))
    assert answer.status_code == 422
    assert "Move its people" in answer.content.decode()


def test_deleting_chosen_rows_is_all_or_none(ada_in: Client, ada: User, alice: User) -> None:
    free = Role.objects.exclude(users__isnull=False).first() or Role.objects.create(
        organization=ada.own_organization, name="Free", key="free"
    )
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [free.pk, alice.role_id]}
    answer = ada_in.post(url("users_role"), chosen)
    assert answer.status_code == 422
    assert Role.objects.filter(pk__in=[free.pk, alice.role_id]).count() == 2


def test_a_role_is_renamed_and_its_rights_stand_there_to_read(ada_in: Client, alice: User) -> None:
    address = url("users_role", "change", alice.role_id)
    assert "Customers" in ada_in.get(address).content.decode()
    assert sent(ada_in, address, name="Seller").status_code == 302
    assert Role.objects.get(pk=alice.role_id).name == "Seller"
    assert Event.objects.filter(kind="role.changed", record_id=alice.role_id).exists()


def test_settings_of_the_organization_are_changed_by_the_action(ada_in: Client, ada: User) -> None:
    address = url("tenancy_organization", "change", ada.organization_id)
    assert sent(ada_in, address, currency="SEK").status_code == 302
    assert LogEntry.objects.filter(verb="organization.changed", actor=ada).exists()
    assert "Currency" in ada_in.get(url("tenancy_organization", "history", ada.organization_id)).content.decode()


def test_a_tag_is_made_renamed_and_taken_from_all(ada_in: Client, world: World) -> None:
    assert sent(ada_in, url("customers_tag", "add"), name="Partner", hue="green").status_code == 302
    tag = Tag.objects.get(name="Partner")
    assert sent(ada_in, url("customers_tag", "change", tag.pk), name="Reference").status_code == 422  # there is one
    assert sent(ada_in, url("customers_tag", "change", tag.pk), name="Key account").status_code == 302
    assert ada_in.post(url("customers_tag", "delete", tag.pk)).status_code == 302
    assert LogEntry.objects.filter(verb="tag.deleted", object_id=tag.pk).exists()


def test_a_number_below_a_contact_is_corrected_and_the_contacts_log_says_so(ada_in: Client, world: World) -> None:
    address = url("customers_contactpoint", "change", world.point.pk)
    assert sent(ada_in, address, value="nonsense").status_code == 422
    assert sent(ada_in, address, value="+4930654321").status_code == 302
    assert ContactPoint.objects.get(pk=world.point.pk).value == "+4930654321"
    assert LogEntry.objects.filter(object_id=world.contact.pk, verb="contact.beside").exists()


def test_a_role_at_a_customer_and_a_relationship_are_named_from_both_sides(ada_in: Client, world: World) -> None:
    sides = {"contact": str(world.contact), "customer": str(world.customer), "role": "Board"}
    assert sent(ada_in, url("customers_affiliation", "add"), **sides).status_code == 302
    assert Affiliation.objects.filter(contact=world.contact, role="Board").exists()
    both = {"customer": "Nordhavn Brewing", "direction": "supplier", "other": str(world.customer), "note": "Cans"}
    answer = sent(ada_in, url("customers_relationship", "add"), **both)
    assert answer.status_code == 302, answer.context["form"].errors
    found = Relationship.objects.get(note="Cans")
    assert ada_in.post(url("customers_relationship", "delete", found.pk)).status_code == 302
    assert LogEntry.objects.filter(verb="customer.beside").count() >= 3


def test_what_hangs_on_a_record_is_withheld_with_its_field(ada_in: Client, ada: User, world: World) -> None:
    assert ada.role is not None
    Role.objects.filter(pk=ada.role.pk).update(levels={"contact": {"phone": "hidden", "customer": "masked"}})
    assert "4930123456" not in ada_in.get(url("customers_contactpoint")).content.decode().replace(" ", "")
    assert ada_in.get(url("customers_contactpoint", "change", world.point.pk)).status_code == 404
    assert ada_in.get(url("customers_affiliation")).status_code == 403


def test_rows_below_a_deleted_record_are_gone(ada_in: Client, world: World) -> None:
    ada_in.post(url("customers_contact", "delete", world.contact.pk))
    assert ada_in.get(url("customers_contactpoint", "change", world.point.pk)).status_code == 404
    assert ada_in.get(url("customers_affiliation", "change", world.affiliation.pk)).status_code == 404


def test_the_log_names_fields_and_shows_values_of_no_record(ada_in: Client, world: World, alice: User) -> None:
    entry = LogEntry.objects.filter(verb="customer.created").latest("pk")
    page = ada_in.get(url("audit_logentry", "change", entry.pk)).content.decode()
    assert "Name" in page
    assert " → " not in page


def test_a_held_mail_is_read_without_its_code(ada_in: Client, ada: User) -> None:
    facts = {"sender": "t@x.example", "recipients": ["x@y.example"], "body": "https://x.example/join/secret-key"}
    mail = HeldMail.objects.create(organization=ada.own_organization, subject="Code K7QM-2XPA", **facts)
    for address in (url("mail_heldmail"), url("mail_heldmail", "change", mail.pk), url("mail_heldmail", "history", mail.pk)):
        page = ada_in.get(address).content.decode()
        assert "K7QM" not in page
        assert "secret-key" not in page


def test_a_new_word_in_a_note_tells_who_is_named(ada_in: Client, world: World) -> None:
    answer = sent(ada_in, url("activities_note", "change", world.activities["note"].pk), body="Met at the fair again")
    assert answer.status_code == 302, answer.context["form"].errors
    assert LogEntry.objects.filter(object_id=world.activities["note"].pk, verb="note.updated").exists()


@pytest.mark.parametrize("kind", ["task", "call", "meeting", "note", "email"])
def test_activities_are_added_and_deleted_through_their_actions(kind: str, ada_in: Client, ada: User, opens: Callable[..., Client]) -> None:
    answer = sent(ada_in, url(f"activities_{kind}", "add"), subject="From the workshop", body="Words")
    assert answer.status_code == 302, answer.context["form"].errors
    entry = LogEntry.objects.get(verb=f"{kind}.created", actor=ada)
    assert ada_in.post(url(f"activities_{kind}", "delete", entry.object_id)).status_code == 302
    assert LogEntry.objects.filter(verb=f"{kind}.deleted", object_id=entry.object_id).exists()
