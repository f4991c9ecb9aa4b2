"""A stage is entered in the same way on every way: by program, many at once, from a file; and it is found, sorted by and exported."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from crm.imports import actions as imports
from crm.jobs.run import run_here
from crm.users.models import User
from customers.models import Customer
from sales.models import Opportunity, StageChange
from tests.api.program import Program, program_of
from tests.factories.customers import make_customer
from tests.factories.sales import make_opportunity, stage
from tests.imports.conftest import _check as check


@pytest.fixture(autouse=True)
def places(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def as_alice(alice: User) -> Program:
    return program_of(alice)


def entered(sale: Opportunity) -> list[str]:
    return list(StageChange.objects.filter(opportunity=sale).order_by("pk").values_list("stage__name", flat=True))


def state(sale: Opportunity) -> tuple[Any, ...]:
    sale = Opportunity.objects.get(pk=sale.pk)
    assert (sale.entered_stage_id, sale.pipeline_id) == (sale.stage_id, sale.stage.pipeline_id)
    return sale.stage.name, sale.probability, sale.forecast_category


def test_a_program_makes_and_moves_a_sale(alice: User, as_alice: Program) -> None:
    body = {"name": "By program", "customer": make_customer(alice).pk, "stage": stage("Needs analysis").pk}
    made = as_alice.post("/opportunities", body)
    assert made.status_code == 201, made.content
    sale = Opportunity.objects.get(pk=made.json()["id"])
    assert state(sale) == ("Needs analysis", 40, "pipeline")
    assert made.json()["stage"] == {"id": sale.stage_id, "label": "Needs analysis"}
    refused = as_alice.patch(f"/opportunities/{sale.pk}", {"stage": stage("Proposal").pk}, **{"If-Match": '"1"'})
    assert (refused.status_code, "amount" in refused.content.decode()) == (422, True)
    values = {"stage": stage("Proposal").pk, "amount": "800"}
    assert as_alice.patch(f"/opportunities/{sale.pk}", values, **{"If-Match": '"1"'}).status_code == 200
    assert state(sale) == ("Proposal", 60, "best_case")
    assert entered(sale) == ["Needs analysis", "Proposal"]


def test_anothers_stage_is_none_for_a_program(alice: User, as_alice: Program, charlie: User) -> None:
    from crm.tenancy.transaction import tenant  # noqa: PLC0415

    with tenant(charlie.organization_id or 0):
        theirs = stage("Proposal").pk
    body = {"name": "x", "customer": make_customer(alice).pk, "stage": theirs}
    assert as_alice.post("/opportunities", body).status_code == 422


def test_many_are_moved_at_once_those_that_the_gate_keeps_are_named(alice: User, as_alice: Program) -> None:
    ready, poor = make_opportunity(alice, "Ready", amount=Decimal(10)), make_opportunity(alice, "Poor")
    wish = {"ids": [ready.pk, poor.pk], "values": {"stage": stage("Proposal").pk}}
    answer = as_alice.post("/opportunities/bulk/edit", wish)
    assert answer.status_code == 201, answer.content
    assert answer.json()["counts"]["done"] == 1
    assert state(ready) == ("Proposal", 60, "best_case")
    assert state(poor) == ("Qualified", 20, "pipeline")
    assert (entered(ready), entered(poor)) == (["Qualified", "Proposal"], ["Qualified"])
    as_alice.post(f"/bulk/{answer.json()['id']}/undo")
    assert state(ready)[:2] == ("Qualified", 20)
    assert entered(ready) == ["Qualified", "Proposal", "Qualified"]


FILE = """name,customer,stage,amount,close_date,loss_reason
Level sensors,Vattvik Energi AB,Qualified,100,,
Gas metering,Vattvik Energi AB,won,2500,2026-03-01,
Pilot line,Vattvik Energi AB,Lost,,2026-02-01,Price
Nowhere,Vattvik Energi AB,Moon,,,
"""


def test_a_file_brings_sales_into_their_stages(alice: User) -> None:
    make_customer(alice)
    run = check(FILE, by=alice, kind="opportunity", match=["name", "customer"])
    job = run_here(imports.start_commit(run, by=alice, queue_now=False))
    assert job.error == ""
    sales = {sale.name: sale for sale in Opportunity.objects.all()}
    assert set(sales) == {"Level sensors", "Gas metering", "Pilot line"}
    assert state(sales["Gas metering"]) == ("Won", 100, "closed")
    assert state(sales["Pilot line"]) == ("Lost", 0, "omitted")
    assert [entered(sales[name]) for name in sorted(sales)] == [["Won"], ["Qualified"], ["Lost"]]
    assert Customer.objects.count() == 1


def test_the_list_is_filtered_and_sorted_by_stage(alice: User, alice_client: Any, as_alice: Program) -> None:
    make_opportunity(alice, "Zeta", stage=stage("Needs analysis"))
    make_opportunity(alice, "Alpha", amount=Decimal(1), stage=stage("Proposal"))
    make_opportunity(alice, "Mid")
    page = alice_client.get(f"/opportunities/?f=stage:any_of:{stage('Proposal').pk}").content.decode()
    assert "Alpha" in page and "Zeta" not in page
    found = as_alice.get("/opportunities", {"sort": "stage"}).json()["data"]
    assert [one["name"] for one in found] == ["Mid", "Zeta", "Alpha"]
    assert alice_client.get("/opportunities/?edit=0&f=stage:is:1").status_code == 200


def test_every_list_of_choices_has_the_stages_in_their_order(alice: User, alice_client: Any) -> None:
    page = alice_client.get("/opportunities/?add=stage").content.decode()
    places = [page.index(f">{name}<") if f">{name}<" in page else page.index(name) for name in ("Qualified", "Proposal", "Verbal yes")]
    assert places == sorted(places)
