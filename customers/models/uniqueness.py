"""What an organization may ask to be unique: the switch in Setup, and the column that the constraint holds."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.users.models import User
from customers.models.contacts import Contact
from customers.models.customers import Customer


@dataclass(frozen=True)
class Unique:
    """`setting` is the organization's switch, `field` what people see, `key` the column of the constraint: empty for a double."""

    setting: str
    model: Any
    field: str
    key: str
    title: Any


UNIQUE = (
    Unique("unique_customer_names", Customer, "name", "unique_name", _("Customers of the same name")),
    Unique("unique_customer_domains", Customer, "domain", "unique_domain", _("Customers of the same domain")),
    Unique("unique_tax_numbers", Customer, "tax_number", "unique_tax_number", _("Customers of the same tax number")),
    Unique("unique_contact_emails", Contact, "email", "unique_email", _("Contacts of the same e-mail address")),
)


@dataclass(frozen=True)
class Double:
    """A record that shares its value with an older one, which keeps it."""

    value: str
    record: Any
    older: Any


def doubles(unique: Unique, user: User, most: int = 100) -> list[Double]:
    """Records that were there, with a value that another one has, when it was asked to be unique. Empty while nobody asks.

    Only what the person sees: a double of a record out of sight stands alone.
    """
    organization = user.own_organization
    field = record_types.of(unique.model).fields[unique.field]
    if not getattr(organization, unique.setting) or not field.readable_by(user):
        return []
    rows = unique.model.objects.visible_to(user)
    found = list(rows.filter(**{unique.key: None}).exclude(**{unique.field: ""}).order_by("pk")[:most])
    for record in found:
        record.derive(organization)
    keys = {getattr(record, unique.key) for record in found}
    holders = {getattr(holder, unique.key): holder for holder in rows.filter(**{f"{unique.key}__in": keys})}
    return [Double(getattr(record, unique.field), record, holders.get(getattr(record, unique.key))) for record in found]
