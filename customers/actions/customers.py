"""How customers stand to each other."""

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
    _log(customer, None, relationship.in_words_of(customer), by)
    return relationship


@transaction.atomic
def unrelate(relationship: Relationship, *, of: Customer | None = None, by: User) -> None:
    """Take a relationship away, from the page of either customer: `of`, by default the first."""
    customer = of or relationship.customer
    require(by, "change", customer)
    relationship.delete()
    _log(customer, relationship.in_words_of(customer), None, by)


def _log(customer: Customer, old: str | None, new: str | None, by: User) -> None:
    log_change(Change(customer, UPDATE, "customer.updated", {"relationships": (old, new)}), by=by)
    record_event("customer.updated", customer, by=by, data={"fields": ["relationships"]})
