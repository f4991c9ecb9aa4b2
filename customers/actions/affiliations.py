"""A contact's roles at customers besides the main one, now and in the past."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.access.decisions import require
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.lib.text import clean
from crm.records.actions import update_record
from crm.records.actions.checks import check_fields, check_references
from crm.users.models import User
from customers.actions.below import write
from customers.models import Affiliation, Contact, Customer


@transaction.atomic
def add_affiliation(
    contact: Contact, customer: Customer, *, role: str = "", since: date | None = None, until: date | None = None, by: User
) -> Affiliation:
    """A role at a customer. Raises ValidationError when the contact has it already, or the times contradict each other."""
    _require(contact, by)
    check_references(Contact, {"customer": customer}, by)
    affiliation = Affiliation(
        organization_id=contact.organization_id, contact=contact, customer=customer, role=clean(role), since=since, until=until
    )
    write(affiliation)
    _log(affiliation, None, _in_words(affiliation), by)
    return affiliation


@transaction.atomic
def change_affiliation(affiliation: Affiliation, *, role: str, since: date | None, until: date | None, by: User) -> Affiliation:
    """Another role, or another time. A role that ended stays in the contact's past."""
    _require(affiliation.contact, by)
    old = _in_words(affiliation)
    affiliation.role, affiliation.since, affiliation.until = clean(role), since, until
    write(affiliation, "role", "since", "until")
    if old != _in_words(affiliation):
        _log(affiliation, old, _in_words(affiliation), by)
    return affiliation


@transaction.atomic
def remove_affiliation(affiliation: Affiliation, *, by: User) -> None:
    """Take away what was never so; a role that ended is given its last day instead."""
    _require(affiliation.contact, by)
    _log(affiliation, _in_words(affiliation), None, by)
    affiliation.delete()


@transaction.atomic
def make_main(affiliation: Affiliation, *, by: User) -> Contact:
    """That customer becomes the contact's main one; a role at the former one stays. Raises ValidationError when the role has ended."""
    contact = affiliation.contact
    if affiliation.is_over:
        raise ValidationError(_("This role has ended. Empty “until” first, or choose another customer."))
    former = contact.customer
    update_record(contact, by=by, customer=affiliation.customer)
    if former and former != affiliation.customer and not contact.affiliations.filter(customer=former).exists():
        write(Affiliation(organization_id=contact.organization_id, contact=contact, customer=former))
    return contact


def _require(contact: Contact, by: User) -> None:
    require(by, "change", contact)
    check_fields(Contact, {"customer"}, by)


def _in_words(affiliation: Affiliation) -> dict[str, Any]:
    """For the log: the words name the customer, so they are for who sees it."""
    days = f"{affiliation.since or '…'} – {affiliation.until or '…'}" if affiliation.since or affiliation.until else ""
    words = ", ".join(part for part in (affiliation.role, str(affiliation.customer), days) if part)
    return {"id": affiliation.customer_id, "name": words, "type": "customer"}


def _log(affiliation: Affiliation, old: dict[str, Any] | None, new: dict[str, Any] | None, by: User) -> None:
    contact = affiliation.contact
    log_change(Change(contact, UPDATE, "contact.beside", {"affiliations": (old, new)}), by=by)
    record_event("contact.updated", contact, by=by, data={"fields": ["affiliations"]})
