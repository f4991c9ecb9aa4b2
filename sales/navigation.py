"""Sales in the sidebar, in the palette and on the pages of customers and contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activities.hanging import register_companions, register_parents
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.ui.panels import Panel
from crm.ui.panels import register as register_panels
from crm.users.models import Reach, User
from customers.models import Customer
from sales.models import Opportunity, StageChange

SHOWN, MOST_STAGES = 8, 30


def _sees(user: User) -> bool:
    return user.reach("opportunity", "view") != Reach.NONE


def _makes(user: User) -> bool:
    return user.reach("opportunity", "create") != Reach.NONE


def _of_customer(customer: Customer, user: User) -> dict[str, Any]:
    """The customer's sales, open ones first, within the person's sight."""
    seen = Opportunity.objects.visible_to(user).filter(customer=customer).select_related("stage", "owner")
    rows = list(seen.order_by("closed_at", "close_date", "pk")[: SHOWN + 1])
    return {"customer": customer, "opportunities": rows[:SHOWN], "more": len(rows) > SHOWN, "may_add": _makes(user)}


@dataclass(frozen=True)
class Entry:
    """That a sale entered a stage, and how many days it stayed there: until now in an open one, None in one that ends it."""

    change: StageChange
    days: int | None


def _stages_of(opportunity: Opportunity, user: User) -> dict[str, Any]:
    """Through which stages it went, the last one on top."""
    changes = list(opportunity.stage_changes.select_related("stage", "by").order_by("-at", "-pk")[:MOST_STAGES])
    ends = [timezone.now(), *(change.at for change in changes)]
    return {"entries": [Entry(change, _days(change, end)) for change, end in zip(changes, ends, strict=False)]}


def _days(change: StageChange, end: datetime) -> int | None:
    return max(0, (end - change.at).days) if change.stage.is_open else None


def _customer_of(opportunity: Opportunity, user: User) -> list[Customer]:
    """What is written on a sale belongs to its customer, too."""
    return list(Customer.objects.visible_to(user).filter(pk=opportunity.customer_id))


register(
    NavigationItem(
        _("Pipeline"), "opportunity-board", "layout-kanban", Group.SELL, order=30, shortcut="d", visible=_sees, area="opportunity-list"
    ),
)
register_command(Command(_("New opportunity"), "opportunity-create", "coins", order=30, shortcut="d", visible=_makes))
register_panels(
    Panel("customer", "opportunities", _("Opportunities"), "sales/opportunities/panel.html", _of_customer, order=20, needs="opportunity"),
    Panel("opportunity", "stages", _("Stages"), "sales/opportunities/stages_panel.html", _stages_of, order=20),
)
register_parents("opportunity")
register_companions("opportunity", _customer_of)
