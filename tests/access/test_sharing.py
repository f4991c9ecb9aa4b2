"""Sharing each type of record, why somebody sees it, and what a refusal says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from crm.activities.actions import link_activity, write_note
from crm.records.actions import create_record, share_record, update_record
from crm.users.actions import deactivate_person
from crm.users.models import Team, User
from customers.models import Contact, Customer
from tests.access.conftest import undone
from tests.access.makers import MAKERS

Browsers = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("savepoint")


@pytest.fixture(scope="module", params=sorted(MAKERS))
def record(request: pytest.FixtureRequest, stage: dict[str, User], browser_of: Browsers) -> Iterator[Any]:
    with undone():
        yield MAKERS[request.param](stage["alice"], "Quarry")


def address(name: str, record: Any) -> str:
    return reverse(name, args=[record._meta.model_name, record.pk])


def status(client: Client, record: Any, name: str) -> int:
    return client.get(reverse(f"{record._meta.model_name}-{name}", args=[record.pk])).status_code


def test_each_record_is_shared_with_a_person_to_see_then_to_edit_then_no_more(
    record: Any, stage: dict[str, User], browser_of: Browsers
) -> None:
    alice, dora, key = browser_of(stage["alice"]), browser_of(stage["dora"]), f"person-{stage['dora'].pk}"
    assert status(dora, record, "detail") == 404
    assert "Not shared with anybody yet" in alice.get(address("record-share", record)).content.decode()
    assert alice.post(address("record-share", record), {"holder": key, "right": "view"}).status_code == 302
    assert (status(dora, record, "detail"), status(dora, record, "update")) == (200, 403)
    assert "Dora" in alice.get(address("record-share", record)).content.decode()
    alice.post(address("record-share", record), {"holder": key, "right": "change"})
    assert status(dora, record, "update") == 200
    assert dora.post(address("record-share", record), {"holder": f"person-{stage['bob'].pk}", "right": "view"}).status_code == 403
    alice.post(address("record-share", record), {"holder": key, "right": "view"})
    assert status(dora, record, "update") == 403
    alice.post(address("record-share", record), {"remove": key})
    assert status(dora, record, "detail") == 404


def test_sharing_says_what_the_persons_role_withholds(stage: dict[str, User], browser_of: Browsers) -> None:
    record, rita = create_record(Customer, by=stage["alice"], name="Quarry"), stage["rita"]
    alice = browser_of(stage["alice"])
    alice.post(address("record-share", record), {"holder": f"person-{rita.pk}", "right": "view"})
    assert "does not edit" not in alice.get(address("record-share", record)).content.decode()
    told = alice.post(address("record-share", record), {"holder": f"person-{rita.pk}", "right": "change"}, follow=True)
    sentence = f"The role Read only does not edit records of this kind, so {rita.name} can only see it."
    assert told.content.decode().count(sentence) == 2  # the toast, and the share in the list
    assert status(browser_of(rita), record, "update") == 403


def test_each_record_is_shared_with_a_team(record: Any, stage: dict[str, User], browser_of: Browsers) -> None:
    alice, dora, south = browser_of(stage["alice"]), browser_of(stage["dora"]), Team.objects.get(name="South")
    alice.post(address("record-share", record), {"holder": f"team-{south.pk}", "right": "change"})
    assert (status(dora, record, "detail"), status(dora, record, "update")) == (200, 200)
    assert "shared it with your team" in dora.get(address("record-why", record)).content.decode()
    alice.post(address("record-share", record), {"remove": f"team-{south.pk}"})
    assert status(dora, record, "detail") == 404


def test_a_share_with_somebody_who_left_can_be_taken_back(stage: dict[str, User], browser_of: Browsers) -> None:
    record, dora = create_record(Customer, by=stage["alice"], name="Quarry"), stage["dora"]
    alice, key = browser_of(stage["alice"]), f"person-{dora.pk}"
    alice.post(address("record-share", record), {"holder": key, "right": "view"})
    deactivate_person(User.objects.get(pk=dora.pk), by=stage["ada"])
    assert alice.post(address("record-share", record), {"holder": key, "right": "view"}).status_code == 422
    assert alice.post(address("record-share", record), {"remove": key}).status_code == 302
    assert not record.person_shares.exists()


@pytest.mark.parametrize("data", [{}, {"holder": "person-0", "right": "view"}, {"holder": "²", "right": "own"}, {"remove": "person-²"}])
def test_a_share_that_makes_no_sense_is_not_given(data: dict[str, str], stage: dict[str, User], browser_of: Browsers) -> None:
    record = MAKERS["customer"](stage["alice"], "Quarry")
    answer = browser_of(stage["alice"]).post(address("record-share", record), data)
    assert answer.status_code in {404, 422}
    assert not record.person_shares.exists()


def why(record: Any, person: User, browser_of: Browsers, of: User | None = None) -> str:
    query = {"person": of.pk} if of else {}
    return browser_of(person).get(address("record-why", record), query).content.decode()


def test_each_reason_is_named(record: Any, stage: dict[str, User], browser_of: Browsers) -> None:
    """Ownership, the own team, a team below, the role alone; and for whom it is not, that it is not."""
    assert "You own it" in why(record, stage["alice"], browser_of)
    assert "your team North" in why(record, stage["bob"], browser_of)
    assert "a team below yours" in why(record, stage["mona"], browser_of)
    assert escape("The role “Support agent” sees all of them.") in why(record, stage["sam"], browser_of)
    assert "Reading only" in why(record, stage["sam"], browser_of)
    asked = why(record, stage["ada"], browser_of, of=stage["dora"])
    assert "Dora cannot see this record" in asked
    assert "outside it" in asked


def test_reasons_that_come_from_elsewhere_are_named(stage: dict[str, User], browser_of: Browsers) -> None:
    alice, dora, mona, ada = (stage[name] for name in ("alice", "dora", "mona", "ada"))
    moved = create_record(Customer, by=alice, name="Moved")
    update_record(moved, by=ada, team=Team.objects.get(name="Help"))
    assert escape("Alice, who owns it, is in a team of yours.") in why(moved, mona, browser_of)
    shared = create_record(Customer, by=alice, name="Shared")
    browser_of(alice).post(address("record-share", shared), {"holder": f"person-{dora.pk}", "right": "view"})
    assert "Alice shared it with you" in why(shared, dora, browser_of)
    note = write_note([shared], by=alice, body="On a record that dora sees")
    assert "It belongs to Shared, which you can see." in why(note, dora, browser_of)


def test_asked_about_somebody_else_the_reasons_speak_of_them(stage: dict[str, User], browser_of: Browsers) -> None:
    alice, bob, dora, mona = (stage[name] for name in ("alice", "bob", "dora", "mona"))
    record = create_record(Customer, by=alice, name="Quarry")
    assert escape("It belongs to North, the team of Bob. The role “Sales rep” reaches “Team”.") in why(record, alice, browser_of, of=bob)
    assert "It belongs to North, a team below that of Mona." in why(record, alice, browser_of, of=mona)
    share_record(record, dora, may_change=True, by=alice)
    assert "Alice shared it with Dora: see and edit." in why(record, alice, browser_of, of=dora)
    share_record(record, Team.objects.get(name="South"), by=alice)
    assert "Alice shared it with South, the team of Dora: see." in why(record, alice, browser_of, of=dora)
    assert "Alice shared it with your team South: see." in why(record, dora, browser_of)


def test_no_reason_names_a_record_that_whoever_asks_does_not_see(stage: dict[str, User], browser_of: Browsers) -> None:
    alice, dora = stage["alice"], stage["dora"]
    doras = create_record(Customer, by=dora, name="Secret quarry")
    shared = create_record(Customer, by=alice, name="Shared")
    note = write_note([shared], by=alice, body="About both")
    link_activity(note, doras, by=stage["ada"])
    asked = why(note, alice, browser_of, of=dora)
    assert "It belongs to a record that Dora can see." in asked
    assert "Secret quarry" not in asked


@pytest.mark.parametrize("person", ["²", "a", "0", "-1", "9" * 30])
def test_asking_why_of_nobody_is_a_404_or_a_403(person: str, stage: dict[str, User], browser_of: Browsers) -> None:
    record = create_record(Customer, by=stage["alice"], name="Quarry")
    assert browser_of(stage["ada"]).get(address("record-why", record), {"person": person}).status_code == 404
    assert browser_of(stage["sam"]).get(address("record-why", record), {"person": person}).status_code == 403


def test_a_refusal_says_what_is_missing_and_who_can_grant_it(record: Any, stage: dict[str, User], browser_of: Browsers) -> None:
    sam, edit = browser_of(stage["sam"]), reverse(f"{record._meta.model_name}-update", args=[record.pk])
    answer = sam.get(edit)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Support agent" in text
    assert "Alice" in text and "ada@halden.example" in text
    toast = sam.get(edit, headers={"HX-Request": "true"}).content.decode()
    assert "Support agent" in toast and "Alice, Ada can grant it." in toast


def test_only_who_can_really_grant_is_named(stage: dict[str, User], browser_of: Browsers) -> None:
    """A share does not give deleting; who left grants nothing."""
    sam, record = browser_of(stage["sam"]), create_record(Customer, by=stage["alice"], name="Quarry")
    refused = sam.post(address("record-delete", record)).content.decode()
    assert "alice@halden.example" not in refused and "ada@halden.example" in refused
    deactivate_person(User.objects.get(pk=stage["alice"].pk), by=stage["ada"])
    refused = sam.get(reverse("customer-update", args=[record.pk])).content.decode()
    assert "alice@halden.example" not in refused and "ada@halden.example" in refused


def test_a_refusal_never_tells_of_another_organization(record: Any, stage: dict[str, User], browser_of: Browsers) -> None:
    """The page for a record of theirs is the page for none."""
    charlie, texts = browser_of(stage["charlie"]), []
    for pk in (record.pk, 2**40):
        for name in ("record-why", "record-share", "record-history"):
            answer = charlie.get(reverse(name, args=[record._meta.model_name, pk]))
            assert answer.status_code == 404
            texts.append(answer.content.decode().replace(str(pk), "…"))
    assert all("Quarry" not in text and "Alice" not in text for text in texts)


def test_a_contact_whose_customer_is_shared_is_not_shared_with_it(stage: dict[str, User], browser_of: Browsers) -> None:
    """A share opens one record and what hangs on it, no more."""
    alice, dora = stage["alice"], stage["dora"]
    customer = create_record(Customer, by=alice, name="Quarry")
    contact = create_record(Contact, by=alice, last_name="Holm", customer=customer)
    browser_of(alice).post(address("record-share", customer), {"holder": f"person-{dora.pk}", "right": "change"})
    assert status(browser_of(dora), customer, "detail") == 200
    assert status(browser_of(dora), contact, "detail") == 404


def test_the_timeline_says_with_whom_it_was_shared(stage: dict[str, User], browser_of: Browsers) -> None:
    alice, dora = stage["alice"], stage["dora"]
    record = create_record(Customer, by=alice, name="Quarry")
    client = browser_of(alice)
    client.post(address("record-share", record), {"holder": f"person-{dora.pk}", "right": "change"})
    client.post(address("record-share", record), {"remove": f"person-{dora.pk}"})
    page = client.get(record.get_absolute_url()).content.decode()
    assert "shared this record with Dora (see and edit)" in page
    assert "no longer shares this record with Dora" in page
