"""Moving a sale: the stage, and what that stage asks for."""

from typing import Any

from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.forms import RecordForm, record_form
from sales.models import Opportunity, Stage

StageForm = RecordForm


def stage_form(opportunity: Opportunity, user: User, data: Any = None, *, stage: Stage | None = None) -> StageForm:
    """The form of the opportunity with the stage and only those fields that the stage asks for, empty or sent along."""
    form = record_form(record_types.of(Opportunity), user)(
        data, user=user, instance=opportunity, initial={"stage": stage or opportunity.stage}
    )
    asked = opportunity.missing_for(stage) if stage else {}
    for key in list(form.fields):
        if key not in {"version", "stage", *asked}:
            del form.fields[key]
    choice: Any = form.fields["stage"]
    choice.queryset = choice.queryset.order_by("pipeline__position", "position")
    form.initial["stage"] = stage.pk if stage else opportunity.stage_id
    return form
