"""Further addresses and numbers of a contact, and roles at further customers."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.access.decisions import require
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.lib.email_addresses import email_key
from crm.records.actions import update_record
from crm.records.actions.checks import check_fields, check_references, explained
from crm.users.models import User
from customers.choices import PointKind, PointLabel
from customers.models import Affiliation, Contact, ContactPoint, Customer


@transaction.atomic
def add_point(contact: Contact, kind: PointKind, value: str, *, label: PointLabel = PointLabel.OTHER, by: User) -> ContactPoint:
    """A further e-mail address or number, normalised already. The first one of its kind becomes the primary one.

    Raises ValidationError when the contact has it already.
    """
    require(by, "change", contact)
    check_fields(Contact, {str(kind)}, by)
    key = email_key(value) if kind == PointKind.EMAIL else value
    primary = contact.email if kind == PointKind.EMAIL else contact.phone
    if key == (email_key(primary) if kind == PointKind.EMAIL and primary else primary):
        raise ValidationError(_("The contact has this one already."))
    point = ContactPoint(organization_id=contact.organization_id, contact=contact, kind=kind, label=label, value=value, key=key)
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError as error:
        raise explained(error, point) from error
    _log(contact, kind, None, value, by)
    return point


@transaction.atomic
def remove_point(point: ContactPoint, *, by: User) -> None:
    """Take an address or number away."""
    require(by, "change", point.contact)
    check_fields(Contact, {point.kind}, by)
    point.delete()
    _log(point.contact, point.kind, point.value, None, by)


@transaction.atomic
def make_primary(point: ContactPoint, *, by: User) -> Contact:
    """The point becomes the contact's primary one; the primary one becomes a further one."""
    contact, kind = point.contact, point.kind
    old, old_label = getattr(contact, kind), getattr(contact, f"{kind}_label")
    point.delete()
    values: dict[str, Any] = {kind: point.value, f"{kind}_label": point.label}
    update_record(contact, by=by, **values)
    if old:
        key = email_key(old) if kind == PointKind.EMAIL else old
        ContactPoint.objects.create(
            organization_id=contact.organization_id, contact=contact, kind=kind, label=old_label, value=old, key=key
        )
    return contact


@transaction.atomic
def add_affiliation(
    contact: Contact, customer: Customer, *, role: str = "", since: date | None = None, until: date | None = None, by: User
) -> Affiliation:
    """A role at a customer besides the main one, now or in the past."""
    require(by, "change", contact)
    check_references(Contact, {"customer": customer}, by)
    affiliation = Affiliation(
        organization_id=contact.organization_id, contact=contact, customer=customer, role=role, since=since, until=until
    )
    affiliation.full_clean(exclude=["organization"])
    affiliation.save(force_insert=True)
    _log(contact, "affiliations", None, f"{role or _('Role')}: {customer}", by)
    return affiliation


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, until: date, by: User) -> Affiliation:
    """The role ended on that day; it stays in the contact's past."""
    require(by, "change", affiliation.contact)
    affiliation.until = until
    affiliation.full_clean(exclude=["organization"])
    affiliation.save(update_fields=["until"])
    _log(affiliation.contact, "affiliations", str(affiliation.customer), f"{affiliation.customer} – {until}", by)
    return affiliation


def _log(contact: Contact, key: str, old: str | None, new: str | None, by: User) -> None:
    log_change(Change(contact, UPDATE, "contact.updated", {key: (old, new)}), by=by)
    record_event("contact.updated", contact, by=by, data={"fields": [key]})
