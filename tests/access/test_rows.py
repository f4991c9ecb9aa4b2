"""Who sees which rows: own, team, teams below, all, shared; and nobody of another organization."""

import pytest

from crm.access import models
from crm.access.decisions import NotPermitted, may
from crm.access.derived import repair_access
from crm.access.explanations import explain
from crm.records.actions import create_record, delete_record, restore_record, share_record, unshare_record, update_record
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import join_team
from crm.users.models import Team, User
from customers.models import Customer
from tests.factories.customers import make_customer


def sees(user: User, customer: Customer) -> bool:
    return Customer.objects.visible_to(user).filter(pk=customer.pk).exists()


def test_bob_sees_his_teams_customer(alice: User, bob: User) -> None:
    assert sees(bob, make_customer(alice))


def test_dora_of_the_team_beside_does_not(alice: User, dora: User) -> None:
    assert not sees(dora, make_customer(alice))


def test_mona_sees_the_teams_below_hers(alice: User, dora: User, mona: User) -> None:
    assert sees(mona, make_customer(alice))
    assert sees(mona, make_customer(dora, "South's"))


def test_alice_does_not_see_her_managers_customer(alice: User, mona: User) -> None:
    assert not sees(alice, make_customer(mona))


def test_sam_sees_all_and_may_change_none_of_them(alice: User, sam: User) -> None:
    customer = make_customer(alice)
    assert sees(sam, customer)
    assert not may(sam, "change", customer)
    with pytest.raises(NotPermitted, match="Support agent"):
        update_record(customer, by=sam, name="Changed")


def test_charlie_sees_nothing_even_as_administrator(alice: User, charlie: User, other_organization: Organization) -> None:
    customer = make_customer(alice)
    assert not sees(charlie, customer)
    with tenant(other_organization):
        assert not Customer.objects.filter(pk=customer.pk).exists()


def test_a_share_shows_the_record_at_once_and_taking_it_back_hides_it(alice: User, dora: User) -> None:
    customer = make_customer(alice)
    share_record(customer, dora, by=alice)
    assert sees(dora, customer)
    assert not may(dora, "change", customer)
    share_record(customer, dora, may_change=True, by=alice)
    assert may(dora, "change", customer)
    unshare_record(customer, dora, by=alice)
    assert not sees(dora, customer)


def test_a_share_with_a_team_reaches_its_members(alice: User, dora: User) -> None:
    customer = make_customer(alice)
    assert dora.team is not None
    share_record(customer, dora.team, by=alice)
    assert sees(dora, customer)


def test_what_is_shared_with_dora_does_not_leak_up_to_nobody_else(alice: User, dora: User, bob: User, mona: User) -> None:
    customer = make_customer(mona, "Mona's own")
    share_record(customer, dora, by=mona)
    assert sees(dora, customer)
    assert not sees(bob, customer)


def test_moving_bob_takes_effect_at_once_without_writing_access_rows(alice: User, bob: User) -> None:
    customer = make_customer(alice)
    join_team(bob, Team.objects.get(name="South"))
    bob = User.objects.get(pk=bob.pk)
    assert not sees(bob, customer)


def test_deleted_is_gone_for_all_and_restored_by_who_deleted(alice: User, bob: User, ada: User) -> None:
    customer = make_customer(alice)
    delete_record(customer, by=alice)
    assert not sees(alice, customer)
    assert not sees(ada, customer)
    assert Customer.objects.in_recycle_bin_of(alice).get() == customer
    assert not Customer.objects.in_recycle_bin_of(bob).exists()
    restore_record(customer, by=alice)
    assert sees(bob, customer)


def test_the_newest_page_is_what_visible_to_says(alice: User, bob: User, mona: User, dora: User) -> None:
    for number in range(12):
        make_customer((alice, dora, mona)[number % 3], f"Customer {number}")
    for person in (alice, bob, mona, dora):
        expected = list(Customer.objects.visible_to(person).order_by("-updated_at", "-pk").values_list("pk", flat=True))
        page = list(Customer.objects.newest_page(person, 3))
        assert [c.pk for c in page] == expected[:3]
        after = (page[-1].updated_at, page[-1].pk)
        assert [c.pk for c in Customer.objects.newest_page(person, 50, after)] == expected[3:]


def test_rows_looked_up_one_by_one_are_what_visible_to_says(
    alice: User, bob: User, mona: User, dora: User, sam: User, charlie: User
) -> None:
    shared = [make_customer((alice, dora, mona)[number % 3], f"Customer {number}") for number in range(6)][1]
    share_record(shared, alice, by=dora)
    delete_record(make_customer(alice, "Gone"), by=alice)
    for person in (alice, bob, mona, dora, sam, charlie):
        seen = Customer.objects.visible_to(person).order_by("pk")
        assert list(Customer.objects.looked_up_for(person).order_by("pk")) == list(seen)
    assert shared in Customer.objects.looked_up_for(alice)
    assert not Customer.objects.looked_up_for(charlie).exists()


@pytest.mark.parametrize("few_principals", [0, 20], ids=["as of somebody with many principals", "with few"])
def test_the_pages_of_those_who_see_through_many_principals_leave_nothing_out(
    alice: User, dora: User, mona: User, monkeypatch: pytest.MonkeyPatch, few_principals: int
) -> None:
    for number in range(30):
        make_customer((alice, alice, dora, mona)[number % 4], f"Customer {number}")
    monkeypatch.setattr(models, "MANY", few_principals)
    for person in (alice, dora, mona):
        expected = list(Customer.objects.visible_to(person).order_by("-updated_at", "-pk").values_list("pk", "updated_at"))
        for size in (1, 4, 9, 40):
            for place in range(0, len(expected), 3):
                start = (expected[place][1], expected[place][0])
                newer, older = [pk for pk, _at in expected[:place]][::-1], [pk for pk, _at in expected[place + 1 :]]
                assert [c.pk for c in Customer.objects.newest_page(person, size, start)] == older[:size]
                assert [c.pk for c in Customer.objects.newest_page(person, size, start, ascending=True)] == newer[:size]


def test_bob_may_not_make_a_customer_for_somebody_out_of_reach(bob: User, dora: User) -> None:
    with pytest.raises(NotPermitted):
        create_record(Customer, by=bob, name="Not his", owner=dora)


def test_the_rule_chain_is_named(alice: User, bob: User, mona: User, dora: User, sam: User) -> None:
    customer = make_customer(alice)
    assert "You own it" in explain(alice, customer).reasons[0]
    assert "your team North" in explain(bob, customer).reasons[0]
    assert any("a team below yours" in reason for reason in explain(mona, customer).reasons)
    assert "sees all" in explain(sam, customer).reasons[0]
    assert not explain(dora, customer).visible


def test_every_action_leaves_the_access_rows_true(alice: User, bob: User, dora: User, mona: User) -> None:
    customer, other = make_customer(alice), make_customer(dora, "Other")
    update_record(customer, by=alice, name="Renamed")
    update_record(customer, by=mona, owner=dora)
    share_record(other, alice, by=dora)
    assert alice.team is not None
    share_record(other, alice.team, may_change=True, by=dora)
    unshare_record(other, alice, by=dora)
    delete_record(other, by=dora)
    restore_record(other, by=dora)
    assert repair_access(Customer) == 0
