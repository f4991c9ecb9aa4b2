"""Further addresses and numbers of a contact."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.access.decisions import require
from crm.audit.log import UPDATE, Change, log_change
from crm.events.outbox import record_event
from crm.lib.email_addresses import email_key
from crm.records.actions import update_record
from crm.records.actions.checks import check_fields
from crm.users.models import User
from customers.actions.below import write
from customers.choices import PointKind, PointLabel
from customers.models import Contact, ContactPoint
from customers.models.contacts import EMAIL_TAKEN


@transaction.atomic
def add_point(contact: Contact, kind: PointKind, value: str, *, label: PointLabel = PointLabel.OTHER, by: User) -> ContactPoint:
    """A further e-mail address or number, normalised already. The first one of its kind becomes a contact's primary one in its form.

    Raises ValidationError when the contact has it already.
    """
    require(by, "change", contact)
    check_fields(Contact, {str(kind)}, by)
    _refuse_primary(contact, kind, value)
    _refuse_taken(contact, kind, value)
    point = ContactPoint(
        organization_id=contact.organization_id, contact=contact, kind=kind, label=label, value=value, key=_key(kind, value)
    )
    write(point)
    _log(contact, kind, None, value, by)
    return point


@transaction.atomic
def change_point(point: ContactPoint, value: str, *, label: PointLabel, by: User) -> ContactPoint:
    """Correct an address or number, or say of which type it is. Raises ValidationError when the contact has it already."""
    require(by, "change", point.contact)
    check_fields(Contact, {point.kind}, by)
    _refuse_primary(point.contact, point.kind, value)
    _refuse_taken(point.contact, point.kind, value)
    old, before = point.value, point.get_label_display()
    point.value, point.label, point.key = value, label, _key(point.kind, value)
    write(point, "value", "label", "key")
    if old != point.value or before != point.get_label_display():
        _log(point.contact, point.kind, f"{old} ({before})", f"{value} ({point.get_label_display()})", by)
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
    values: dict[str, Any] = {kind: point.value, f"{kind}_label": point.label}
    update_record(contact, by=by, **values)
    point.delete()
    if old:
        write(
            ContactPoint(
                organization_id=contact.organization_id, contact=contact, kind=kind, label=old_label, value=old, key=_key(kind, old)
            )
        )
    return contact


def _key(kind: str, value: str) -> str:
    return email_key(value) if kind == PointKind.EMAIL else value


def _refuse_primary(contact: Contact, kind: str, value: str) -> None:
    primary = getattr(contact, kind)
    if primary and _key(kind, value) == _key(kind, primary):
        raise ValidationError({"value": _("The contact has this one already: it is the primary one.")})


def _refuse_taken(contact: Contact, kind: str, value: str) -> None:
    """What another contact has, as its primary or a further one, where the organization wants it to be unique."""
    column = contact.unique_further(contact.organization).get(kind)
    if column is None:
        return
    key, others = _key(kind, value), Contact.objects.filter(organization_id=contact.organization_id, deleted_at=None).exclude(pk=contact.pk)
    if others.filter(**{column: key}).exists() or others.filter(points__kind=kind, points__key=key).exists():
        raise ValidationError({"value": EMAIL_TAKEN})


def _log(contact: Contact, key: str, old: str | None, new: str | None, by: User) -> None:
    log_change(Change(contact, UPDATE, "contact.beside", {f"further_{key}": (old, new)}), by=by)
    record_event("contact.updated", contact, by=by, data={"fields": [key]})
