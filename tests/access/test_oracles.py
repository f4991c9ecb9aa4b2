"""What a person may not read must not be guessed either: by sorting, filtering, counting, searching, messages, history or an import."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.activities.actions.write import write_note
from crm.fields.record_types import record_types
from crm.imports.targets import fields_for, match_keys_for
from crm.query.actions import Arrangement, create_view
from crm.query.models import Audience
from crm.query.paging import sort_of
from crm.query.rules import Condition, RuleError
from crm.records.actions import create_record, update_record
from crm.records.history import entries_of
from crm.search.find import find
from crm.search.rebuild import rebuild_documents
from crm.users.actions import change_role
from crm.users.models import Role, User
from customers.models import Contact, Customer
from tests.access.conftest import undone

pytestmark = pytest.mark.usefixtures("savepoint")
Browsers = Callable[[User], Client]
SECRET = "Quixotic"


def text_of(client: Client, url: str, query: Any = None, **headers: str) -> str:
    return client.get(url, query or {}, headers=headers).content.decode()


@pytest.fixture
def alice(stage: dict[str, User]) -> User:
    return stage["alice"]


@pytest.fixture
def unseen(stage: dict[str, User]) -> Customer:
    """A customer of dora's, whom alice does not see."""
    return create_record(
        Customer, by=stage["dora"], name=f"{SECRET} Mills", email="info@quixotic.example", external_id="Q-1", tax_number=""
    )


@pytest.fixture
def child(stage: dict[str, User], unseen: Customer) -> Customer:
    """Alice's customer below one that she does not see: ada, who sees both, put it there."""
    record = create_record(Customer, by=stage["alice"], name="Branch")
    update_record(record, by=stage["ada"], parent=unseen)
    return record


@pytest.fixture
def person_at(stage: dict[str, User], unseen: Customer) -> Contact:
    """Alice's contact at a customer that she does not see."""
    record = create_record(Contact, by=stage["alice"], first_name="Ines", last_name="Holm")
    update_record(record, by=stage["ada"], customer=unseen)
    return record


def test_a_reference_to_what_is_out_of_sight_has_no_name_on_any_page(child: Customer, alice: User, browser_of: Browsers) -> None:
    client = browser_of(alice)
    for url in (
        f"/customers/{child.pk}/", f"/customers/{child.pk}/edit/", f"/customers/{child.pk}/peek/", "/customers/?cols=name,parent",
        f"/records/customer/{child.pk}/history/", f"/records/customer/{child.pk}/timeline/?show=changes", "/setup/changes/", "/",
        f"/customers/{child.pk}/cell/parent/?show", f"/customers/{child.pk}/cell/parent/",
    ):  # fmt: skip
        assert SECRET not in text_of(client, url), url
        assert SECRET not in text_of(client, url, **{"HX-Request": "true"}), url


def test_a_contact_is_not_found_by_a_customer_out_of_sight(person_at: Contact, unseen: Customer, alice: User, browser_of: Browsers) -> None:
    client = browser_of(alice)
    assert "Holm" in text_of(client, "/contacts/")
    for url, query in (
        ("/search/", {"q": SECRET}),
        ("/contacts/", {"q": SECRET}),
        ("/contacts/", {"f": f"customer.name:contains:{SECRET}"}),
        ("/contacts/", {"f": f"customer:is:{unseen.pk}"}),
        ("/records/contact/suggest/", {"q": SECRET}),
    ):
        assert "Holm" not in text_of(client, url, query), (url, query)


def test_sorting_by_a_reference_does_not_tell_its_name(stage: dict[str, User], alice: User) -> None:
    for kind in record_types:
        for key in (*kind.fields, "customer.name", "owner.password", "organization.name", "created_by.email"):
            if "." in key:
                with pytest.raises(RuleError):
                    sort_of(key, kind, alice)


def test_a_form_says_the_same_of_a_hidden_record_and_of_none(unseen: Customer, alice: User, browser_of: Browsers) -> None:
    client = browser_of(alice)
    said = []
    for parent in (f"{unseen.name}", f"X #{unseen.pk}", "Nobody GmbH", "X #999999999"):
        with undone():
            answer = client.post("/customers/new/", {"name": "New", "kind": "company", "parent": parent})
        assert answer.status_code == 422
        said.append(answer.content.decode().replace(parent, "…").count("that you can see"))
    assert len(set(said)) == 1


def test_no_warning_and_no_refusal_names_a_record_out_of_sight(
    unseen: Customer, stage: dict[str, User], alice: User, browser_of: Browsers
) -> None:
    organization = alice.own_organization
    organization.unique_customer_names = True
    organization.save()
    create_record(Contact, by=stage["dora"], first_name="Carla", last_name=SECRET, email="carla@hidden.example")
    client = browser_of(alice)
    for url, data in (
        ("/customers/new/", {"name": unseen.name, "kind": "company", "email": "info@quixotic.example", "website": "quixotic.example"}),
        ("/contacts/new/", {"last_name": "Other", "email": "carla@hidden.example"}),
    ):
        with undone():
            text = client.post(url, data, follow=True).content.decode()
        assert f"/customers/{unseen.pk}/" not in text
        assert "Carla" not in text


@pytest.fixture(params=["hidden", "masked"])
def closed(request: pytest.FixtureRequest, stage: dict[str, User]) -> str:
    """Sales reps do not read the legal name, the revenue and a contact's customer."""
    role = Role.objects.get(key="sales-rep")
    role.levels = {"customer": {"legal_name": request.param, "annual_revenue": request.param}, "contact": {"customer": request.param}}
    role.save()
    return str(request.param)


@pytest.fixture
def two(stage: dict[str, User], closed: str) -> tuple[Customer, Customer]:
    """Two customers of alice's that differ in what she does not read."""
    ada, alice = stage["ada"], stage["alice"]
    rich = create_record(Customer, by=ada, name="Aaa", legal_name=f"{SECRET} Ltd", annual_revenue=900, owner=alice)
    poor = create_record(Customer, by=ada, name="Bbb", legal_name="Zzz", annual_revenue=1, owner=alice)
    return rich, poor


def test_a_withheld_field_neither_sorts_nor_filters_nor_counts(two: tuple[Customer, Customer], alice: User, browser_of: Browsers) -> None:
    client = browser_of(User.objects.get(pk=alice.pk))
    plain = [text_of(client, "/customers/").index(record.name) for record in two]
    for sort in ("legal_name", "-legal_name", "annual_revenue", "-annual_revenue"):
        text = text_of(client, "/customers/", {"sort": sort})
        assert (text.index("Aaa") < text.index("Bbb")) == (plain[0] < plain[1]), sort
    for query in (f"legal_name:contains:{SECRET}", "annual_revenue:over:100", "annual_revenue:is:900", "legal_name:is_not_empty:"):
        text = text_of(client, "/customers/", {"f": query})
        assert "Aaa" in text and "Bbb" in text, query
        counted = text_of(client, "/customers/", {"f": query, "part": "count", "count": "now"}, **{"HX-Request": "true"})
        assert counted == "" or ">1<" not in counted


def test_a_teams_view_asks_what_its_reader_may_ask(
    two: tuple[Customer, Customer], stage: dict[str, User], alice: User, browser_of: Browsers
) -> None:
    rule = Condition("legal_name", "contains", SECRET)
    arrangement = Arrangement(rule, ["name", "legal_name"], "-annual_revenue")
    view = create_view(record_types["customer"], "Rich ones", arrangement, audience=Audience.ALL, by=stage["ada"])
    text = text_of(browser_of(alice), "/customers/", {"view": str(view.pk)})
    assert "Bbb" in text
    assert SECRET not in text


def test_a_withheld_field_is_not_edited_restored_or_undone(
    two: tuple[Customer, Customer], stage: dict[str, User], alice: User, browser_of: Browsers
) -> None:
    rich, client = two[0], browser_of(alice)
    update_record(rich, by=stage["ada"], legal_name="Newer")
    entry = entries_of(rich).first()
    for url, data in (
        (f"/customers/{rich.pk}/cell/legal_name/", {"legal_name": "Mine"}),
        (f"/customers/{rich.pk}/cell/legal_name/undo/{entry.pk}/", {}),
        (reverse("record-restore-value", args=["customer", rich.pk]), {"field": "legal_name", "entry": entry.pk}),
        (f"/customers/{rich.pk}/edit/", {"name": "Aaa", "kind": "company", "legal_name": "Mine", "version": rich.version}),
    ):
        for headers in ({}, {"HX-Request": "true"}):
            with undone():
                answer = client.post(url, data, headers=headers, follow=True)
                assert SECRET not in answer.content.decode(), url
                assert Customer.objects.get(pk=rich.pk).legal_name == "Newer", url
    assert SECRET not in text_of(client, f"/customers/{rich.pk}/cell/legal_name/", **{"HX-Request": "true"})


def test_a_conflict_does_not_show_what_is_withheld(
    two: tuple[Customer, Customer], stage: dict[str, User], alice: User, browser_of: Browsers
) -> None:
    rich = two[0]
    version = rich.version
    update_record(
        rich,
        by=stage["ada"],
        industry="energy" if "energy" in dict(Customer._meta.get_field("industry").choices or ()) else rich.industry,
        size=12,
    )
    answer = browser_of(alice).post(f"/customers/{rich.pk}/edit/", {"name": "Aaa", "kind": "company", "size": "13", "version": version})
    assert answer.status_code in {409, 422, 302}
    assert SECRET not in answer.content.decode()


def test_closing_a_field_ends_its_being_found(stage: dict[str, User], alice: User) -> None:
    create_record(Customer, by=alice, name="Found by its name", legal_name=f"{SECRET} Ltd")
    assert find(SECRET, alice).found
    role = Role.objects.get(key="sales-rep")
    change_role(role, by=stage["ada"], levels={"customer": {"legal_name": "hidden"}})
    for _ in ("at once", "after the documents were written again"):
        again = User.objects.get(pk=alice.pk)
        assert not find(SECRET, again).found
        assert find("found by", again).found
        rebuild_documents(record_types["customer"], alice.own_organization_id)


def test_a_hidden_reference_is_not_searched_through(stage: dict[str, User], closed: str) -> None:
    ada, alice = stage["ada"], stage["alice"]
    employer = create_record(Customer, by=ada, name=f"{SECRET} Mills", owner=alice)
    create_record(Contact, by=ada, last_name="Holm", customer=employer, owner=alice)
    found = find(SECRET, User.objects.get(pk=alice.pk)).found
    assert [str(one.record) for one in found] == [f"{SECRET} Mills"]


def test_a_field_that_is_withheld_is_no_key_to_import_by(closed: str, stage: dict[str, User], alice: User) -> None:
    person = User.objects.get(pk=alice.pk)
    assert "legal_name" not in fields_for(record_types["customer"], person)
    assert all("customer" not in keys for keys in match_keys_for(record_types["contact"], person))


def test_an_activity_out_of_sight_is_on_no_timeline_of_a_record_in_sight(
    stage: dict[str, User], alice: User, browser_of: Browsers, unseen: Customer
) -> None:
    """A note on two customers shows on the one that alice sees, without the name of the other."""
    mine = create_record(Customer, by=alice, name="Mine")
    note = write_note([mine, unseen], by=stage["ada"], body="Seen with mine")
    client = browser_of(alice)
    for url in (
        f"/records/customer/{mine.pk}/timeline/",
        f"/customers/{mine.pk}/",
        f"/notes/{note.pk}/",
        f"/notes/{note.pk}/edit/",
        "/notes/",
    ):
        assert SECRET not in text_of(client, url), url


def test_neither_titles_nor_addresses_nor_validators_of_refused_pages_tell(unseen: Customer, alice: User, browser_of: Browsers) -> None:
    client = browser_of(alice)
    bodies = set()
    for pk in (unseen.pk, 999_999_999):
        answer = client.get(f"/customers/{pk}/")
        assert answer.status_code == 404
        assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
        text = answer.content.decode()
        assert SECRET not in text
        bodies.add(len(text.replace(str(pk), "")) // 200)
    assert len(bodies) == 1
