"""The words people choose from, and the pipeline that every organization starts with."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class StageKind(models.TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class ForecastCategory(models.TextChoices):
    """How sure the owner is. What is closed and what is left out follows from the stage."""

    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", _("Closed")
    OMITTED = "omitted", _("Omitted")


class LossReason(models.TextChoices):
    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("A competitor won")
    NO_BUDGET = "no_budget", _("No budget")
    NO_DECISION = "no_decision", _("No decision")
    NO_NEED = "no_need", _("No need")
    MISSING = "missing", _("Something is missing in the offer")
    TIMING = "timing", _("Wrong time")
    SILENCE = "silence", _("No answer any more")
    OTHER = "other", _("Other")


class ContactRole(models.TextChoices):
    """What a contact is to a sale."""

    CHAMPION = "champion", _("Champion")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    BUDGET_HOLDER = "budget_holder", _("Budget holder")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", _("User")
    PURCHASER = "purchaser", _("Purchaser")
    BLOCKER = "blocker", _("Blocker")
    OTHER = "other", _("Other")


FIRST_PIPELINE = gettext_noop("Sales")
FIRST_STAGES: list[dict[str, Any]] = [
    {"name": gettext_noop("Qualified"), "probability": 20, "forecast_category": "pipeline", "expected_days": 14},
    {"name": gettext_noop("Needs analysis"), "probability": 40, "forecast_category": "pipeline", "expected_days": 21},
    {"name": gettext_noop("Proposal"), "probability": 60, "forecast_category": "best_case", "expected_days": 21,
     "required_fields": ["amount"]},
    {"name": gettext_noop("Negotiation"), "probability": 80, "forecast_category": "commit", "expected_days": 14,
     "required_fields": ["amount", "close_date"]},
    {"name": gettext_noop("Verbal yes"), "probability": 90, "forecast_category": "commit", "expected_days": 10,
     "required_fields": ["amount", "close_date"]},
    {"name": gettext_noop("Won"), "kind": "won", "probability": 100, "forecast_category": "closed"},
    {"name": gettext_noop("Lost"), "kind": "lost", "probability": 0, "forecast_category": "omitted"},
]  # fmt: skip
