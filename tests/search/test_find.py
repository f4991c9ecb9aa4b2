"""People find what they see by what they remember of it, and nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.events.models import Event
from crm.fields.record_types import record_types
from crm.records.actions import delete_record, share_record, update_record
from crm.search.find import find
from crm.search.models import SearchDocument
from crm.search.rebuild import rebuild_documents
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.models import Role, User
from customers.handlers import find_contacts_by_the_new_name
from tests.factories.customers import make_contact, make_customer


def names(text: str, user: User, **options: object) -> list[str]:
    return [str(found.record) for found in find(text, user, **options).found]  # type: ignore[arg-type]


@pytest.fixture
def kowalski(alice: User) -> object:
    customer = make_customer(
        alice, "Nordhavn Brewing", phone="+4533112233", email="hello@nordhavn.example", website="https://nordhavn.example"
    )
    return make_contact(alice, "Jennifer", "Kowalski", customer=customer, email="jk@nordhavn.example", phone="+49301234567")


@pytest.mark.parametrize(
    "typed",
    [
        "Kowalski",
        "kowal",
        "owalsk",
        "ko",
        "jennifer kowalski",
        "kowalski jennifer",
        "KOWALSKI  jenn",
        "1234567",
        "030 1234567",
        "+49 30 123 4567",
        "jk@nordhavn",
        "nordhavn kow",
    ],
)
def test_bob_finds_his_teams_contact_by(typed: str, kowalski: object, bob: User) -> None:
    assert "Jennifer Kowalski" in names(typed, bob)


@pytest.mark.parametrize("typed", ["kowalksi", "kowlaski", "Jenifer", "kowlas", "kovalski", "jennifre kowalski", "nordhvan"])
def test_bob_is_forgiven_the_typing_error(typed: str, kowalski: object, bob: User) -> None:
    assert "Jennifer Kowalski" in names(typed, bob)


def test_dora_and_charlie_do_not_find_it(kowalski: object, dora: User, charlie: User, other_organization: Organization) -> None:
    assert names("kowalski", dora) == []
    assert names("kowalksi", dora) == []
    with tenant(other_organization):
        assert names("kowalski", charlie) == []


def test_a_share_makes_it_found_at_once(kowalski: object, alice: User, dora: User) -> None:
    share_record(kowalski, dora, by=alice)
    assert names("kowalski", dora) == ["Jennifer Kowalski"]


def test_a_renamed_one_is_found_by_its_new_name_only(kowalski: object, alice: User) -> None:
    update_record(kowalski, by=alice, last_name="Wiśniewska")
    assert names("wisniewska", alice) == ["Jennifer Wiśniewska"]
    assert "Jennifer Wiśniewska" not in names("kowalski", alice)


def test_a_deleted_one_is_not_found(kowalski: object, alice: User) -> None:
    delete_record(kowalski, by=alice)
    assert names("kowalski", alice) == []


def test_what_any_role_hides_is_not_searched(kowalski: object, alice: User) -> None:
    role = alice.organization.users.get(name="Sam").role
    role.levels = {"contact": {"phone": "hidden"}}
    role.save()
    update_record(kowalski, by=alice, job_title="Buyer", phone="+49309999999")
    assert names("9999999", alice) == []


def test_the_exact_title_comes_first(alice: User) -> None:
    make_customer(alice, "Sterling Foods")
    make_customer(alice, "Sterling")
    make_customer(alice, "The Sterling House")
    assert names("sterling", alice) == ["Sterling", "Sterling Foods", "The Sterling House"]


@pytest.mark.parametrize("rubbish", ["", " ", "%", "%%%", "_", "'", "\\", "a" * 5000, "\x00ab", "ko%' OR 1=1 --", "🦆🦆"])
def test_rubbish_finds_nothing_and_breaks_nothing(rubbish: str, kowalski: object, bob: User) -> None:
    assert "Jennifer Kowalski" not in names(rubbish, bob)


def test_a_role_that_hides_a_field_takes_it_out_of_the_search(kowalski: object, alice: User) -> None:
    assert "Jennifer Kowalski" in names("1234567", alice)
    role = Role.objects.get(key="marketer")
    role.levels = {"contact": {"phone": "masked"}}
    role.save()
    before = SearchDocument.objects.get(record_type="contact").updated_at
    assert rebuild_documents(record_types["contact"], alice.own_organization_id) == 1
    assert names("1234567", alice) == []
    assert names("kowalski", alice) == ["Jennifer Kowalski"]
    assert SearchDocument.objects.get(record_type="contact").updated_at == before


def test_an_operator_has_what_search_finds_written_again(kowalski: object, alice: User) -> None:
    SearchDocument.objects.filter(record_type="contact").update(title="lost", body="lost")
    SearchDocument.objects.create(
        record_id=2**60,
        record_type="customer",
        organization_id=alice.organization_id,
        principals=[],
        body="gone",
        updated_at=timezone.now(),
    )
    out = StringIO()
    call_command("rebuild_search", "--organization", alice.own_organization.slug, stdout=out)
    assert names("kowalski", alice) == ["Jennifer Kowalski"]
    assert SearchDocument.objects.filter(record_type="customer").count() == 1
    assert "1 written, 1 removed" in " ".join(out.getvalue().split())


def test_rebuilding_a_search_that_nobody_has_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="There is no organization “nobody”"):
        call_command("rebuild_search", "--organization", "nobody")


def test_contacts_are_found_by_their_customers_new_name(kowalski: object, alice: User) -> None:
    customer = kowalski.customer  # type: ignore[attr-defined]
    update_record(customer, by=alice, name="Sudhavn Distilling")
    find_contacts_by_the_new_name(Event.objects.filter(kind="customer.updated").latest("pk"))
    assert "Jennifer Kowalski" in names("sudhavn", alice)
