"""The board: its sums count what the person sees; a card moves, or comes back with what the stage asks for."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.records.actions import delete_record, update_record
from crm.users.models import Role, User
from sales.models import Opportunity
from tests.factories.sales import make_opportunity, stage

BOARD = "/opportunities/board/"
HTMX = {"HX-Request": "true", "HX-Current-URL": f"https://testserver{BOARD}"}


def columns(client: Client, query: str = "") -> dict[str, Any]:
    page = client.get(f"{BOARD}{query}")
    assert page.status_code == 200
    return {str(column.stage): column for column in [*page.context["columns"], *page.context["ends"]]}


@pytest.fixture
def sales(alice: User, dora: User) -> list[Opportunity]:
    """Two of alice's in one stage, one of dora's team in the same, one of alice's won."""
    return [
        make_opportunity(alice, "Level sensors", amount=Decimal(1000)),
        make_opportunity(alice, "Gas metering", amount=Decimal(500), probability=50),
        make_opportunity(dora, "Pilot line", amount=Decimal(90000)),
        make_opportunity(alice, "Old pumps", amount=Decimal(70), close_date=timezone.localdate(), stage=stage("Won")),
    ]


def test_sums_count_what_the_person_sees(sales: list[Opportunity], bob_client: Client, ada_client: Client) -> None:
    mine, all_of_them = columns(bob_client)["Qualified"], columns(ada_client)["Qualified"]
    assert (mine.count, mine.amount, mine.weighted) == (2, Decimal(1500), Decimal(450))
    assert (all_of_them.count, all_of_them.amount) == (3, Decimal(91500))
    assert columns(bob_client)["Won"].count == 1


def test_filters_and_search_are_those_of_the_list(sales: list[Opportunity], alice_client: Client) -> None:
    assert columns(alice_client, "?q=Gas")["Qualified"].count == 1
    assert columns(alice_client, "?f=amount:above:600")["Qualified"].amount == Decimal(1000)
    led = alice_client.get(f"{BOARD}?field=amount&op=above&v=600")
    assert led.status_code == 302
    assert led["Location"].startswith(BOARD)


def test_another_currency_is_said_and_not_added(alice: User, alice_client: Client) -> None:
    make_opportunity(alice, "In pounds", amount=Decimal(800), currency="GBP")
    column = columns(alice_client)["Qualified"]
    assert (column.count, column.amount, column.others) == (1, 0, 1)
    assert "without 1 amount of another currency" in alice_client.get(BOARD).content.decode()


def test_without_the_amount_there_are_no_sums(alice: User, sales: list[Opportunity], alice_client: Client) -> None:
    Role.objects.filter(pk=alice.role_id).update(levels={"opportunity": {"amount": "hidden"}})
    column = columns(alice_client)["Qualified"]
    assert (column.count, column.amount, column.weighted) == (2, None, None)
    assert "1,000" not in alice_client.get(BOARD).content.decode()


def test_a_column_shows_twenty_cards_and_more_on_demand(alice: User, alice_client: Client) -> None:
    for number in range(23):
        make_opportunity(alice, f"Sale {number:02}", close_date=timezone.localdate() + timedelta(days=number))
    column = columns(alice_client)["Qualified"]
    assert (column.count, len(column.cards), column.more) == (23, 20, 3)
    more = alice_client.get(f"{BOARD}?part=cards&stage={column.stage.pk}&from=20", headers=HTMX).content.decode()
    assert [f"Sale {number}" in more for number in (19, 20, 22)] == [False, True, True]


def test_the_board_costs_the_same_whatever_the_number_of_cards(
    alice: User, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_opportunity(alice, f"Sale {number}", amount=Decimal(10), stage=stage("Qualified" if number % 2 else "Proposal"))
    alice_client.get(BOARD)
    with django_assert_max_num_queries(20):
        alice_client.get(BOARD)


def test_a_card_stays_too_long_and_says_why(alice: User, alice_client: Client) -> None:
    slow, old = make_opportunity(alice, "Slow"), make_opportunity(alice, "Old")
    for sale, days in ((slow, 15), (old, 22)):
        Opportunity.objects.filter(pk=sale.pk).update(stage_since=timezone.now() - timedelta(days=days))
    ages = {card.opportunity.name: card.age for card in columns(alice_client)["Qualified"].cards}
    assert ages == {"Slow": "amber", "Old": "red"}
    assert "22 days in this stage, which expects 14" in alice_client.get(BOARD).content.decode()


def move(client: Client, sale: Opportunity, to: str, version: int = 1, **more: Any) -> Any:
    return client.post(f"/opportunities/{sale.pk}/stage/", {"stage": stage(to).pk, "version": version, **more}, headers=HTMX)


def test_alice_drops_a_card_and_the_board_is_drawn_anew(alice: User, alice_client: Client) -> None:
    sale = make_opportunity(alice)
    answer = move(alice_client, sale, "Needs analysis")
    assert answer.status_code == 204
    assert "boardChanged" in answer["HX-Trigger"]
    assert Opportunity.objects.get(pk=sale.pk).stage.name == "Needs analysis"


def test_a_gate_asks_in_a_small_form_for_what_is_missing_alone(alice: User, alice_client: Client) -> None:
    sale = make_opportunity(alice)
    answer = move(alice_client, sale, "Proposal")
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#modal")
    assert set(answer.context["form"].fields) == {"version", "stage", "amount"}
    assert Opportunity.objects.get(pk=sale.pk).stage.name == "Qualified"
    assert move(alice_client, sale, "Proposal", amount="12,500").status_code == 204
    moved = Opportunity.objects.get(pk=sale.pk)
    assert (moved.stage.name, moved.amount) == ("Proposal", Decimal("12500"))


def test_bob_who_comes_second_hears_where_the_card_is_now(alice: User, alice_client: Client, bob_client: Client) -> None:
    sale = make_opportunity(alice)
    move(alice_client, sale, "Needs analysis")
    answer = move(bob_client, sale, "Lost", loss_reason="price")
    assert answer.status_code == 409
    assert "Alice moved it in the meantime: it is in “Needs analysis” now" in answer.content.decode()
    assert Opportunity.objects.get(pk=sale.pk).stage.name == "Needs analysis"


def test_without_scripts_the_page_of_the_move_leads_back_to_the_sale(alice: User, alice_client: Client) -> None:
    sale = make_opportunity(alice)
    assert alice_client.get(f"/opportunities/{sale.pk}/stage/").status_code == 200
    answer = alice_client.post(f"/opportunities/{sale.pk}/stage/", {"stage": stage("Needs analysis").pk, "version": 1})
    assert answer["Location"] == sale.get_absolute_url()


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 30, "0"])
def test_nonsense_is_no_stage(alice: User, alice_client: Client, text: str) -> None:
    sale = make_opportunity(alice)
    assert alice_client.post(f"/opportunities/{sale.pk}/stage/", {"stage": text}).status_code == 422
    assert alice_client.get(f"{BOARD}?pipeline={text}&stage={text}&from={text}").status_code == 200


def test_a_deleted_sale_is_on_no_board(alice: User, alice_client: Client, sales: list[Opportunity]) -> None:
    delete_record(sales[0], by=alice)
    assert columns(alice_client)["Qualified"].count == 1


def test_charlie_sees_his_own_empty_board(sales: list[Opportunity], client_of: Callable[[Any], Client], charlie: User) -> None:
    assert {column.count for column in columns(client_of(charlie)).values()} == {0}


def test_a_changed_customer_of_a_sale_is_found_with_it(alice: User, alice_client: Client) -> None:
    sale = make_opportunity(alice, next_step="Ask for the layout")
    update_record(sale, by=alice, next_step="Send the layout")
    assert columns(alice_client, "?q=layout")["Qualified"].count == 1
