"""What the panels of this domain show to one person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from crm.access.decisions import may_create
from crm.fields.record_types import record_types
from crm.lib.phones import display_phone, tel_url
from crm.ui.home import Visit
from crm.users.models import User
from customers.choices import PointKind
from customers.models import Affiliation, Contact, ContactPoint, Customer, Relationship
from customers.models.family import family_of as keys_of_family

SHOWN = 6
LATELY = 8
MOST_RELATED = 50
MOST_PARTICIPANTS = 50
BESIDE = ("customer__name", "other__name", "kind", "note")


@dataclass(frozen=True)
class Member:
    """A customer of the family, `level` steps below the topmost one that the person sees. `is_unseen`: its name is withheld."""

    level: int
    customer: Customer | None = None
    is_here: bool = False

    @property
    def is_unseen(self) -> bool:
        return self.customer is None


@dataclass(frozen=True)
class Changed:
    """Customers for the first page; whose they are, where the role reads that."""

    customers: list[Customer]
    with_owner: bool


def lately_changed(visit: Visit) -> Changed:
    """The newest changes among what the person sees."""
    newest = Customer.objects.newest_page(visit.user, LATELY).select_related("owner")
    return Changed(list(newest), "owner" in record_types["customer"].readable_fields(visit.user))


def contacts_of(customer: Customer, user: User) -> dict[str, Any]:
    """People there, and those who have or had a role there."""
    contacts = people_at(customer, user)
    guests = (
        Affiliation.objects.filter(
            organization_id=user.own_organization_id, customer=customer, contact__in=Contact.objects.visible_to(user)
        )
        .exclude(contact__customer=customer)
        .select_related("contact")
        .order_by("contact__name_key", "pk")[: SHOWN + 1]
    )
    known = list(guests)
    return {
        "contacts": [(contact, refusals_of(contact, user)) for contact in contacts[:SHOWN]],
        "more": len(contacts) > SHOWN,
        "affiliations": known[:SHOWN],
        "more_affiliations": len(known) > SHOWN,
        "may_add": may_create(user, Contact),
    }


def people_at(customer: Customer, user: User) -> list[Contact]:
    """The first contacts by name. A page that asks twice about the same customer reads them once."""
    known: dict[int | None, list[Contact]] = customer.__dict__.setdefault("_people_at", {})
    if user.pk not in known:
        known[user.pk] = list(Contact.objects.visible_to(user).filter(customer=customer).order_by("name")[:MOST_PARTICIPANTS])
    return known[user.pk]


def customer_of(contact: Contact, user: User) -> list[Customer]:
    return list(Customer.objects.visible_to(user).filter(pk=contact.customer_id)) if contact.customer_id else []


def family_of(customer: Customer, user: User) -> dict[str, Any]:
    """The tree that the customer stands in, as far as the person sees it without a gap; and its relationships, from its side."""
    visible = Customer.objects.visible_to(user)
    family = visible.filter(pk__in=keys_of_family(customer)).only("name", "parent_id").order_by("name_key", "pk")
    tree = _tree(customer, {member.pk: member for member in family})
    related = Relationship.objects.filter(organization_id=user.own_organization_id).select_related("customer", "other").only(*BESIDE)
    either = related.filter(Q(customer=customer, other__in=visible) | Q(other=customer, customer__in=visible)).order_by("pk")
    return {
        "tree": tree if len(tree) > 1 else [],
        "relationships": [_seen_from(customer, one) for one in either[:MOST_RELATED]],
    }


def _tree(customer: Customer, seen: dict[int, Customer]) -> list[Member]:
    above = _line_above(customer, seen)
    below: dict[int | None, list[Customer]] = {}
    for member in seen.values():
        below.setdefault(member.parent_id, []).append(member)
    return [*above, *_branch(customer, len(above), below, customer.pk)]


def _line_above(customer: Customer, seen: dict[int, Customer]) -> list[Member]:
    """From the topmost one down to the parent. The first one that is not seen ends it."""
    line: list[Customer | None] = []
    parent = customer.parent_id
    while parent is not None and parent in seen and seen[parent] not in line:
        line.append(seen[parent])
        parent = seen[parent].parent_id
    if parent is not None and parent not in seen:
        line.append(None)
    return [Member(level, member) for level, member in enumerate(reversed(line))]


def _branch(top: Customer, level: int, below: dict[int | None, list[Customer]], here: int) -> list[Member]:
    found = [Member(level, top, is_here=top.pk == here)]
    for child in below.get(top.pk, []):
        if child.pk != here:
            found += _branch(child, level + 1, below, here)
    return found


def _seen_from(customer: Customer, one: Relationship) -> dict[str, Any]:
    """The other one, and what this one is to it."""
    kind, is_ours = one.get_kind(), one.customer_id == customer.pk
    return {
        "pk": one.pk,
        "note": one.note,
        "other": one.other if is_ours else one.customer,
        "words": kind.label if is_ours else kind.inverse,
    }


def points_of(contact: Contact, user: User) -> dict[str, Any]:
    """Further addresses and numbers, and what the person asked not to get."""
    allowed = [kind for kind in ("email", "phone") if _readable(kind, user)]
    points = [_point(point, user) for point in contact.points.filter(kind__in=allowed).order_by("kind", "pk")]
    return {"points": points, "refusals": refusals_of(contact, user)}


def refusals_of(contact: Contact, user: User) -> list[tuple[str, Any]]:
    """What the person asked not to get, as (key, words)."""
    fields = record_types.of(Contact).fields
    return [(flag, fields[flag].label) for flag in record_types.of(Contact).consent if _readable(flag, user) and getattr(contact, flag)]


def _point(point: ContactPoint, user: User) -> dict[str, Any]:
    """As people read it, and the address that a click opens."""
    is_email = point.kind == PointKind.EMAIL
    text = point.value if is_email else display_phone(point.value, user.own_organization.country)
    return {
        "pk": point.pk,
        "is_email": is_email,
        "text": text,
        "url": f"mailto:{point.value}" if is_email else tel_url(point.value),
        "label": point.get_label_display(),
    }


def roles_of(contact: Contact, user: User) -> dict[str, Any]:
    """Roles at customers that the person sees: those of today first."""
    if not _readable("customer", user):
        return {"affiliations": []}
    seen = contact.affiliations.filter(customer__in=Customer.objects.visible_to(user)).select_related("customer")
    return {"affiliations": sorted(seen, key=lambda one: (one.is_over, one.customer.name.casefold(), one.pk))}


def _readable(key: str, user: User) -> bool:
    return user.role is not None and user.role.level("contact", key) in {"read", "edit"}
