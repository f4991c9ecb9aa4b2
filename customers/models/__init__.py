from customers.models.access import (
    ContactAccess,
    ContactPersonShare,
    ContactTeamShare,
    CustomerAccess,
    CustomerPersonShare,
    CustomerTeamShare,
)
from customers.models.contacts import Affiliation, Contact, ContactPoint, ContactTag
from customers.models.customers import Customer, CustomerTag, Relationship
from customers.models.tags import Tag

__all__ = [
    "Affiliation",
    "Contact",
    "ContactAccess",
    "ContactPersonShare",
    "ContactPoint",
    "ContactTag",
    "ContactTeamShare",
    "Customer",
    "CustomerAccess",
    "CustomerPersonShare",
    "CustomerTag",
    "CustomerTeamShare",
    "Relationship",
    "Tag",
]
