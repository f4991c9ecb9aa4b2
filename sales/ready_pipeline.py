"""The pipeline that every organization starts with. It can be changed there; these are its first values."""

from typing import Any

from django.utils.translation import gettext_noop

NAME = gettext_noop("Sales")
STAGES: list[dict[str, Any]] = [
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
