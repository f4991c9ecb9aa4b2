"""How customers stand to each other."""

from typing import Any

from django.db import transaction

from crm.access.decisions import require
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.lib.text import clean
from crm.records.actions.checks import check_references
from crm.users.models import User
from customers.actions.below import write
from customers.choices import TURNED, RelationshipKind
from customers.models import Customer, Relationship


@transaction.atomic
def relate(customer: Customer, kind: RelationshipKind | str, other: Customer, *, note: str = "", by: User) -> Relationship:
    """Say how one customer stands to another. Needs the right to edit the first and to see the other.

    "turned-supplier" says it from the other side: the customer is the supplier of the other one. Raises ValidationError when the two
    are related in this way already.
    """
    require(by, "change", customer)
    check_references(Customer, {"other": other}, by)
    of, to = (other, customer) if kind.startswith(TURNED) else (customer, other)
    relationship = Relationship(
        organization_id=customer.organization_id, customer=of, kind=kind.removeprefix(TURNED), other=to, note=clean(note)
    )
    write(relationship)
    _log(customer, None, _named(relationship, customer), by)
    return relationship


@transaction.atomic
def unrelate(relationship: Relationship, *, of: Customer | None = None, by: User) -> None:
    """Take a relationship away, from the page of either customer: `of`, by default the first."""
    customer = of or relationship.customer
    require(by, "change", customer)
    named = _named(relationship, customer)
    relationship.delete()
    _log(customer, named, None, by)


def _named(relationship: Relationship, customer: Customer) -> dict[str, Any]:
    """For the log: the words name the other customer, so they are for who sees that one."""
    other = relationship.other_id if relationship.customer_id == customer.pk else relationship.customer_id
    return {"id": other, "name": relationship.in_words_of(customer), "type": "customer"}


def _log(customer: Customer, old: dict[str, Any] | None, new: dict[str, Any] | None, by: User) -> None:
    log_change(Change(customer, UPDATE, "customer.beside", {"relationships": (old, new)}), by=by)
    record_event("customer.updated", customer, by=by, data={"fields": ["relationships"]})
