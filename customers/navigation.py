"""Menu entries, commands and panels of this domain."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activities.hanging import register_companions, register_parents, register_participants
from crm.setup.pages import SetupPage
from crm.setup.pages import register as register_setup_pages
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.ui.panels import Panel
from crm.ui.panels import register as register_panels
from crm.users.models import Reach, User
from customers.models import Affiliation, Contact, Customer, Relationship

SHOWN = 6


def _sees(record_type: str) -> Any:
    return lambda user: user.reach(record_type, "view") != Reach.NONE


def _makes(record_type: str) -> Any:
    return lambda user: user.reach(record_type, "create") != Reach.NONE


def contacts_of(customer: Customer, user: User) -> dict[str, Any]:
    contacts = people_at(customer, user)
    guests = list(
        Affiliation.objects.filter(
            organization_id=user.own_organization_id, customer=customer, contact__in=Contact.objects.visible_to(user)
        )
        .select_related("contact")
        .order_by("contact__name")[:SHOWN]
    )
    return {"contacts": contacts[:SHOWN], "more": len(contacts) > SHOWN, "affiliations": guests}


def family_of(customer: Customer, user: User) -> dict[str, Any]:
    visible = Customer.objects.visible_to(user)
    family = list(visible.filter(parent=customer).order_by("name")[:SHOWN])
    related = Relationship.objects.filter(organization_id=user.own_organization_id).select_related("customer", "other")
    ours = related.filter(customer=customer, other__in=visible)[:SHOWN]
    theirs = related.filter(other=customer, customer__in=visible)[:SHOWN]
    both = list(ours.union(theirs, all=True))
    return {
        "subsidiaries": family,
        "relationships": [one for one in both if one.customer_id == customer.pk],
        "incoming": [one for one in both if one.customer_id != customer.pk],
    }


def points_of(contact: Contact, user: User) -> dict[str, Any]:
    allowed = [kind for kind in ("email", "phone") if _readable(kind, user)]
    affiliations = contact.affiliations.filter(customer__in=Customer.objects.visible_to(user)).select_related("customer")
    return {"points": list(contact.points.filter(kind__in=allowed).order_by("kind", "pk")), "affiliations": list(affiliations)}


def _readable(key: str, user: User) -> bool:
    return user.role is not None and user.role.level("contact", key) in {"read", "edit"}


register(
    NavigationItem(_("Customers"), "customer-list", "users", Group.SELL, order=10, shortcut="c", visible=_sees("customer"), on_phone=True),
    NavigationItem(
        _("Contacts"), "contact-list", "address-book", Group.SELL, order=20, shortcut="p", visible=_sees("contact"), on_phone=True
    ),
)
register_command(
    Command(_("New customer"), "customer-create", "building-plus", order=10, shortcut="c", visible=_makes("customer")),
    Command(_("New contact"), "contact-create", "user-plus", order=20, shortcut="p", visible=_makes("contact")),
)
register_panels(
    Panel("customer", "contacts", _("Contacts"), "customers/contacts/panel.html", contacts_of, order=10, needs="contact"),
    Panel("customer", "family", _("Related customers"), "customers/customers/family_panel.html", family_of, order=30),
    Panel("contact", "points", _("Ways to reach"), "customers/contacts/points_panel.html", points_of, order=10),
)

MOST_PARTICIPANTS = 50


def customer_of(contact: Contact, user: User) -> list[Customer]:
    return list(Customer.objects.visible_to(user).filter(pk=contact.customer_id)) if contact.customer_id else []


def people_at(customer: Customer, user: User) -> list[Contact]:
    """The first contacts by name. A page that asks twice about the same customer reads them once."""
    known: dict[int | None, list[Contact]] = customer.__dict__.setdefault("_people_at", {})
    if user.pk not in known:
        known[user.pk] = list(Contact.objects.visible_to(user).filter(customer=customer).order_by("name")[:MOST_PARTICIPANTS])
    return known[user.pk]


register_parents("customer", "contact")
register_companions("contact", customer_of)
register_participants("customer", people_at)
register_setup_pages(SetupPage(_("Tags"), "tag-list", "tag", _("Words on customers and contacts"), order=50))
