"""What follows from happenings in this domain."""

from crm.events.models import Event
from crm.events.outbox import on
from crm.fields.record_types import record_types
from crm.search.documents import write_document
from customers.models import Contact


@on("customer.updated")
def find_contacts_by_the_new_name(event: Event) -> None:
    """Contacts are found by their customer's name: after a renaming their search rows are written again."""
    if event.record_id and "name" in event.data.get("fields", []):
        contact_type = record_types.of(Contact)
        people = Contact.objects.filter(organization_id=event.organization_id, customer_id=event.record_id, deleted_at=None)
        for contact in people.select_related("customer").iterator(chunk_size=500):
            write_document(contact_type, contact)
