"""What makes the demonstration organization look used: kept lists, followed customers, and something new to look at."""

from datetime import datetime, timedelta

from django.db.models import Q

from crm.fields.record_types import record_types
from crm.notifications.actions.follow import follow
from crm.notifications.actions.notify import notify
from crm.notifications.models import Notification
from crm.query.actions import Arrangement, create_view
from crm.query.models import Audience
from crm.query.rules import parse
from crm.tenancy.models import Organization
from crm.users.models import User

VIEWS = [
    ("customer", "My customers", [{"field": "owner", "op": "is_me"}], "-last_activity_at"),
    (
        "customer",
        "Gone quiet",
        [{"field": "lifecycle", "op": "is", "value": "customer"}, {"field": "last_activity_at", "op": "not_last_days", "value": 60}],
        "last_activity_at",
    ),
    ("customer", "Largest", [{"field": "annual_revenue", "op": "at_least", "value": 250000}], "-annual_revenue"),
    ("customer", "Nordics", [{"field": "billing_country", "op": "any_of", "value": ["SE", "DK", "NO", "FI"]}], ""),
    ("contact", "My contacts", [{"field": "owner", "op": "is_me"}], "name"),
    ("contact", "From trade shows", [{"field": "source", "op": "is", "value": "trade_show"}], ""),
]


def make_demo(organization: Organization, people: list[User], now: datetime) -> None:
    """After customers and activities: `people` are those who sell."""
    administrator = User.objects.get(organization=organization, role__key="administrator")
    for key, name, conditions, sort in VIEWS:
        create_view(record_types[key], name, Arrangement(parse({"all": conditions}), sort=sort), audience=Audience.ALL, by=administrator)
    for number, person in enumerate(people):
        _news(person, people[number - 1], now)


def _news(person: User, colleague: User, now: datetime) -> None:
    """The person follows two customers, and a colleague changed them since yesterday."""
    customers = record_types["customer"].objects().visible_to(person).filter(~Q(last_activity_at=None)).order_by("-last_activity_at", "pk")
    for hours, customer in zip((3, 20), customers[:2], strict=False):
        follow(customer, by=person)
        fresh = notify(person, "changed", customer, key=f"demo:{customer.pk}", by=colleague, data={"fields": ["lifecycle"]})
        if fresh:
            Notification.objects.filter(pk=fresh.pk).update(at=now - timedelta(hours=hours))
