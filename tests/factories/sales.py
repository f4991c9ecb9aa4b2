"""Sales, made through the actions as people make them."""

from typing import Any

from crm.records.actions import create_record
from crm.users.models import User
from customers.models import Customer
from sales.models import Opportunity, Stage
from tests.factories.customers import make_customer


def stage(name: str) -> Stage:
    """A stage of the tenant's first pipeline, by name."""
    return Stage.objects.get(pipeline__is_default=True, name=name)


def make_opportunity(by: User, name: str = "Flow meters for plant 3", customer: Customer | None = None, **facts: Any) -> Opportunity:
    facts.setdefault("stage", stage("Qualified"))
    return create_record(Opportunity, by=by, name=name, customer=customer or make_customer(by), **facts)
