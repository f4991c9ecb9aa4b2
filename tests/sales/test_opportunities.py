"""Sales along their pipeline: what a stage takes over, asks for, and leaves behind."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from crm.access.decisions import NotPermitted
from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.records.actions import Conflict, update_record
from crm.users.models import User
from sales.actions import lose_opportunity, move_to_stage, reopen_opportunity, win_opportunity
from sales.models import Opportunity, Pipeline, Stage, StageChange
from tests.factories.sales import make_opportunity, stage

CLOSE = date(2027, 1, 29)


def test_a_new_organization_has_a_pipeline_to_begin_with(alice: User, charlie: User) -> None:
    (pipeline,) = Pipeline.objects.filter(organization=alice.organization)
    assert [one.kind for one in pipeline.stages.all()] == ["open"] * 5 + ["won", "lost"]


def test_a_sale_takes_over_what_its_stage_says(alice: User) -> None:
    sale = make_opportunity(alice)
    assert (sale.pipeline, sale.probability, sale.forecast_category, sale.closed_at) == (sale.stage.pipeline, 20, "pipeline", None)
    move_to_stage(sale, stage("Proposal"), by=alice, amount=Decimal("18400"))
    assert (sale.probability, sale.forecast_category, sale.amount) == (60, "best_case", Decimal("18400"))


def test_alices_own_probability_stays_until_the_next_stage(alice: User) -> None:
    sale = make_opportunity(alice, probability=35)
    assert sale.probability == 35
    update_record(sale, by=alice, probability=50, forecast_category="commit")
    Stage.objects.filter(pk=sale.stage_id).update(probability=25)
    update_record(sale, by=alice, next_step="Call")
    assert (sale.probability, sale.forecast_category) == (50, "commit")
    move_to_stage(sale, stage("Needs analysis"), by=alice)
    assert (sale.probability, sale.forecast_category) == (40, "pipeline")


def test_a_gate_asks_for_what_is_missing_and_moves_nothing(alice: User) -> None:
    sale = make_opportunity(alice)
    with pytest.raises(ValidationError) as refused:
        move_to_stage(sale, stage("Negotiation"), by=alice)
    assert set(refused.value.message_dict) == {"amount", "close_date"}
    assert Opportunity.objects.get(pk=sale.pk).stage.name == "Qualified"
    assert StageChange.objects.filter(opportunity=sale).count() == 1


def test_a_gate_is_closed_on_every_way_in(alice: User, alice_client: Any) -> None:
    sale = make_opportunity(alice)
    with pytest.raises(ValidationError):
        update_record(sale, by=alice, stage=stage("Negotiation"))
    with pytest.raises(ValidationError):
        make_opportunity(alice, "Another", stage=stage("Won"))


def test_won_lost_and_reopened_are_told_and_remembered(alice: User) -> None:
    sale = make_opportunity(alice, amount=Decimal("96000"), close_date=CLOSE)
    win_opportunity(sale, by=alice)
    assert (sale.stage.kind, sale.probability, sale.forecast_category) == ("won", 100, "closed")
    assert sale.closed_at is not None
    reopen_opportunity(sale, by=alice)
    assert (sale.stage.name, sale.closed_at, sale.probability) == ("Qualified", None, 20)
    with pytest.raises(ValidationError):
        lose_opportunity(sale, "", by=alice)
    lose_opportunity(sale, "price", by=alice)
    assert (sale.stage.kind, sale.loss_reason, sale.probability) == ("lost", "price", 0)
    kinds = Event.objects.filter(record_id=sale.pk, record_type="opportunity").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["opportunity.created", "opportunity.won", "opportunity.reopened", "opportunity.lost"]
    names = StageChange.objects.filter(opportunity=sale).order_by("pk").values_list("before__name", "stage__name", "by__name")
    assert list(names) == [
        (None, "Qualified", "Alice"), ("Qualified", "Won", "Alice"), ("Won", "Qualified", "Alice"), ("Qualified", "Lost", "Alice"),
    ]  # fmt: skip
    assert all(change.stayed is not None for change in StageChange.objects.filter(opportunity=sale).exclude(before=None))
    assert LogEntry.objects.filter(object_id=sale.pk, verb="opportunity.won").exists()


def test_of_two_people_moving_one_sale_the_second_is_told(alice: User, bob: User) -> None:
    sale = make_opportunity(alice)
    mine, his = Opportunity.objects.get(pk=sale.pk), Opportunity.objects.get(pk=sale.pk)
    move_to_stage(mine, stage("Needs analysis"), by=alice, version=1)
    with pytest.raises(Conflict):
        move_to_stage(his, stage("Proposal"), by=bob, version=1, amount=Decimal(1))
    assert Opportunity.objects.get(pk=sale.pk).stage.name == "Needs analysis"


def test_bob_moves_his_teams_sale_dora_and_sam_do_not(alice: User, bob: User, dora: User, sam: User) -> None:
    sale = make_opportunity(alice)
    move_to_stage(sale, stage("Needs analysis"), by=bob)
    for stranger in (dora, sam):
        with pytest.raises(NotPermitted):
            move_to_stage(sale, stage("Qualified"), by=stranger)


def test_charlies_stages_are_not_alices(alice: User, charlie: User) -> None:
    from crm.tenancy.transaction import tenant  # noqa: PLC0415

    with tenant(charlie.organization_id or 0):
        theirs = stage("Proposal")
    sale = make_opportunity(alice, amount=Decimal(1))
    with pytest.raises(ValidationError) as refused:
        move_to_stage(sale, theirs, by=alice)
    assert set(refused.value.message_dict) == {"stage"}
