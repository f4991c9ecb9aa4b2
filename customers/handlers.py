"""What follows from happenings in this domain."""

from typing import Any

from crm.events.models import Event
from crm.events.outbox import on
from crm.fields.record_types import record_types
from crm.search.documents import write_document
from crm.tenancy.models import Organization
from customers.models import Contact, Customer
from customers.models.uniqueness import UNIQUE


@on("customer.updated")
def find_contacts_by_the_new_name(event: Event) -> None:
    """Contacts are found by their customer's name: after a renaming their search rows are written again."""
    if event.record_id and "name" in event.data.get("fields", []):
        contact_type = record_types.of(Contact)
        people = Contact.objects.filter(organization_id=event.organization_id, customer_id=event.record_id, deleted_at=None)
        for contact in people.select_related("customer").iterator(chunk_size=500):
            write_document(contact_type, contact)


@on("organization.changed")
def unique_from_now_on(event: Event) -> None:
    """After the organization asked for unique values, or no longer does: the columns that the constraint holds follow.

    Of records that share a value already the oldest keeps it; the others are asked to differ when they are edited next.
    """
    organization = Organization.objects.get(pk=event.organization_id)
    fields = set(event.data.get("fields", []))
    for unique in UNIQUE:
        if unique.setting in fields:
            _follow(unique.model, unique.key, organization)


def _follow(model: type[Customer | Contact], key: str, organization: Organization) -> None:
    rows: Any = model._base_manager.filter(organization=organization, deleted_at=None)
    rows.exclude(**{key: None}).update(**{key: None})
    taken: set[str] = set()
    batch: list[Any] = []
    for record in rows.order_by("pk").iterator(chunk_size=2000):
        record.derive(organization)
        value = getattr(record, key)
        if value and value not in taken:
            taken.add(value)
            batch.append(record)
        if len(batch) >= 2000:
            model._base_manager.bulk_update(batch, [key])
            batch.clear()
    model._base_manager.bulk_update(batch, [key])
