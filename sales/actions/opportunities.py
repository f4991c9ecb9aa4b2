"""What can be done to a sale beyond editing it: moved along its pipeline, won, lost, reopened."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.records.actions import update_record
from crm.users.models import User
from sales.choices import StageKind
from sales.models import Opportunity, Stage

VERBS = {StageKind.OPEN: "opportunity.stage_changed", StageKind.WON: "opportunity.won", StageKind.LOST: "opportunity.lost"}


@transaction.atomic
def move_to_stage(opportunity: Opportunity, stage: Stage, *, by: User, version: int | None = None, **gate: Any) -> Opportunity:
    """Move along the pipeline, into another one, to won or to lost. `gate` are values that the stage asks for, saved with the move.

    `version` is what the person saw. Raises ValidationError, by field, for what the stage asks for and is not there; Conflict where
    somebody moved it in between; NotPermitted, FieldNotEditable.
    """
    verb = VERBS[StageKind(stage.kind)]
    if stage.is_open and not opportunity.stage.is_open:
        verb = "opportunity.reopened"
        gate.setdefault("loss_reason", "")
    return update_record(opportunity, by=by, version=version, verb=verb, stage=stage, **gate)


def win_opportunity(opportunity: Opportunity, *, by: User, version: int | None = None, **gate: Any) -> Opportunity:
    """Into the won stage of its pipeline. Needs an amount and a close date."""
    return move_to_stage(opportunity, _stage_of_kind(opportunity, StageKind.WON), by=by, version=version, **gate)


def lose_opportunity(opportunity: Opportunity, reason: str, *, by: User, version: int | None = None) -> Opportunity:
    """Into the lost stage of its pipeline, with the reason."""
    return move_to_stage(opportunity, _stage_of_kind(opportunity, StageKind.LOST), by=by, version=version, loss_reason=reason)


def reopen_opportunity(opportunity: Opportunity, *, by: User, version: int | None = None) -> Opportunity:
    """Back into the open stage that it was closed from, or the first one. Raises ValidationError where it is open."""
    if opportunity.stage.is_open:
        raise ValidationError(_("This opportunity is open."))
    last = (
        opportunity.stage_changes.filter(stage__kind=StageKind.OPEN, stage__pipeline=opportunity.pipeline_id).order_by("-at", "-pk").first()
    )
    return move_to_stage(opportunity, last.stage if last else _stage_of_kind(opportunity, StageKind.OPEN), by=by, version=version)


def _stage_of_kind(opportunity: Opportunity, kind: StageKind) -> Stage:
    stage = Stage.objects.filter(pipeline=opportunity.pipeline_id, kind=kind).first()
    if stage is None:
        raise ValidationError(_("This pipeline has no stage for it. An administrator adds one in Setup."))
    return stage
