"""The floor of a customer's page: the record, its timeline and its panels, without asking who may see them."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from crm.activities.models import ActivityLink
from crm.audit.models import LogEntry
from crm.fields.record_types import record_types
from customers.models import Affiliation, Contact, Customer, Relationship

ENTRIES, SHOWN, UPCOMING = 21, 6, 20


def record_context(record: Customer, alias: str) -> dict[str, Any]:
    """What floor/record.html shows."""
    kind = record_types["customer"]
    tags = list(record.tags.using(alias).all())
    facts = {
        key: (field.label, ", ".join(map(str, tags)) if key == "tags" else getattr(record, field.path, ""))
        for key, field in kind.fields.items()
    }
    return {
        "key_facts": [facts[key] for key in kind.key_facts],
        "sections": [(section.title, [facts[key] for key in section.fields]) for section in kind.sections],
        "compose": ["note", "email", "call", "task", "meeting"],
        "people": list(Contact.objects.using(alias).filter(customer=record, deleted_at=None).order_by("name")[:50]),
        **_timeline(record, alias),
        **_panels(record, alias),
    }


def _timeline(record: Customer, alias: str) -> dict[str, Any]:
    now = timezone.now()
    hanging = ActivityLink.objects.filter(activity_id=OuterRef("activity_id")).exclude(record_type="customer", record_id=record.pk)
    text = Concat(F("record_type"), Value(":"), Cast("record_id", CharField()), output_field=CharField())
    links = (
        ActivityLink.objects.using(alias)
        .filter(organization_id=record.organization_id, record_type="customer", record_id=record.pk, activity__deleted_at=None)
        .select_related("activity__owner")
        .annotate(others=ArraySubquery(hanging.order_by("pk").annotate(text=text).values("text")))
    )
    past = links.filter(is_open=False, at__lte=now).order_by("-at", "-activity_id")[:ENTRIES]
    coming = (links.filter(is_open=True), links.filter(is_open=False, at__gt=now))
    found: list[Any] = list(past.union(*(part.order_by("at")[:UPCOMING] for part in coming), all=True))
    pks = {int(text.partition(":")[2]) for link in found for text in link.others}
    contacts = Contact.objects.using(alias).filter(deleted_at=None).in_bulk(pks) if pks else {}
    for link in found:
        link.with_whom = [contacts[pk] for text in link.others if (pk := int(text.partition(":")[2])) in contacts]
    return {"entries": found, "changes": list(_changes(record, alias))}


def _changes(record: Customer, alias: str) -> Any:
    kind = ContentType.objects.get_for_model(record, for_concrete_model=True)
    entries = LogEntry.objects.using(alias).filter(organization_id=record.organization_id, content_type=kind.pk, object_id=record.pk)
    return entries.select_related("actor").order_by("-timestamp", "-pk")[:ENTRIES]


def _panels(record: Customer, alias: str) -> dict[str, Any]:
    contacts = Contact.objects.using(alias).filter(customer=record, deleted_at=None)
    affiliations = Affiliation.objects.using(alias).filter(customer=record).select_related("contact").order_by("contact__name")
    related = Relationship.objects.using(alias)
    return {
        "contacts": list(contacts.order_by("name")[: SHOWN + 1]),
        "affiliations": list(affiliations[:SHOWN]),
        "subsidiaries": list(Customer.objects.using(alias).filter(parent=record, deleted_at=None).order_by("name")[:SHOWN]),
        "relationships": list(related.filter(customer=record).select_related("other")[:SHOWN]),
        "incoming": list(related.filter(other=record).select_related("customer")[:SHOWN]),
    }
