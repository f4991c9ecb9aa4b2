"""One record of each type, owned by somebody, whose title is the given name. A new record type needs its line here."""

from collections.abc import Callable
from typing import Any

from crm.activities.models import Call, Email, Meeting, Note, Task
from crm.records.actions import create_record
from crm.users.models import User
from customers.models import Contact, Customer
from sales.models import Opportunity, Stage


def customer(owner: User, name: str) -> Customer:
    return create_record(Customer, by=owner, name=name)


def contact(owner: User, name: str) -> Contact:
    first, _, last = name.partition(" ")
    return create_record(Contact, by=owner, first_name=first, last_name=last)


def opportunity(owner: User, name: str) -> Opportunity:
    first = Stage.objects.filter(pipeline__is_default=True).first()
    return create_record(Opportunity, by=owner, name=name, customer=customer(owner, "Of a sale"), stage=first)


def _activity(model: Any) -> Callable[[User, str], Any]:
    return lambda owner, name: create_record(model, by=owner, subject=name)


MAKERS: dict[str, Callable[[User, str], Any]] = {
    "customer": customer,
    "contact": contact,
    "opportunity": opportunity,
    "task": _activity(Task),
    "call": _activity(Call),
    "meeting": _activity(Meeting),
    "note": _activity(Note),
    "email": _activity(Email),
}
