"""How customers stand to each other."""

from django.db import transaction

from crm.access.decisions import require
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.records.actions.checks import check_references
from crm.users.models import User
from customers.choices import RelationshipKind
from customers.models import Customer, Relationship


@transaction.atomic
def relate(customer: Customer, kind: RelationshipKind, other: Customer, *, note: str = "", by: User) -> Relationship:
    """Say how one customer stands to another. Needs the right to edit the first and to see the other."""
    require(by, "change", customer)
    check_references(Customer, {"other": other}, by)
    relationship = Relationship(organization_id=customer.organization_id, customer=customer, kind=kind, other=other, note=note)
    relationship.full_clean(exclude=["organization"])
    relationship.save(force_insert=True)
    _log(customer, None, f"{relationship.get_kind_display()} {other}", by)
    return relationship


@transaction.atomic
def unrelate(relationship: Relationship, *, by: User) -> None:
    """Take a relationship away."""
    require(by, "change", relationship.customer)
    relationship.delete()
    _log(relationship.customer, f"{relationship.get_kind_display()} {relationship.other}", None, by)


def _log(customer: Customer, old: str | None, new: str | None, by: User) -> None:
    log_change(Change(customer, UPDATE, "customer.updated", {"relationships": (old, new)}), by=by)
    record_event("customer.updated", customer, by=by, data={"fields": ["relationships"]})
