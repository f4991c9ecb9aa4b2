"""What sales are to the people who work on them."""

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import RecordType, Section
from sales.models import Opportunity

FORECAST_HUES = {"pipeline": "grey", "best_case": "teal", "commit": "blue", "closed": "green", "omitted": "grey"}


class OpportunityType(RecordType):
    model, icon, order = Opportunity, "target-arrow", 30
    title, subtitle, badge = "name", "customer", "stage"
    sections = [
        Section(
            _("Opportunity"),
            [
                "name",
                "customer",
                "stage",
                "amount",
                "recurring_amount",
                "currency",
                "close_date",
                "next_step",
                "probability",
                "forecast_category",
            ],
        ),
        Section(_("Ownership"), ["owner", "team", "source", "competitors", "loss_reason", "external_id"]),
        Section(_("Notes"), ["description"], open=False),
    ]
    columns = ["name", "customer", "stage", "amount", "close_date", "probability", "next_step", "owner", "last_activity_at"]
    key_facts = ["amount", "recurring_amount", "close_date", "probability", "forecast_category", "owner", "last_activity_at"]
    inline = ["amount", "close_date", "next_step", "probability", "forecast_category", "owner"]
    search = ["name", "customer.name", "next_step", "external_id"]
    sort_by = ["name", "updated_at", "created_at", "amount", "close_date", "last_activity_at"]
    sort_keys = {"name": "name_key", "amount": "amount_key"}
    match_on = [["external_id"], ["name", "customer"]]
    hues = {"forecast_category": FORECAST_HUES}
