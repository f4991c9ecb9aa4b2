"""What follows from happenings: uniqueness that an organization asks for later."""

import pytest
from django.core.exceptions import ValidationError

from crm.events.models import Event
from crm.records.actions import create_record
from crm.users.models import User
from customers.handlers import unique_from_now_on
from customers.models import Contact, Customer
from tests.factories.customers import make_customer


def changed(user: User, field: str) -> Event:
    return Event.objects.create(kind="organization.changed", organization_id=user.own_organization_id, data={"fields": [field]})


def test_names_become_unique_and_the_oldest_keeps_its_own(alice: User) -> None:
    first, second = make_customer(alice, "Nordhavn"), make_customer(alice, "NORDHAVN")
    alice.own_organization.unique_customer_names = True
    alice.own_organization.save()
    unique_from_now_on(changed(alice, "unique_customer_names"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.unique_name, second.unique_name) == ("nordhavn", None)
    with pytest.raises(ValidationError, match="wants names to be unique"):
        create_record(Customer, by=alice, name="nordhavn")


def test_addresses_may_repeat_again(alice: User) -> None:
    create_record(Contact, by=alice, last_name="Ek", email="karin@ek.example")
    with pytest.raises(ValidationError, match="wants them to be unique"):
        create_record(Contact, by=alice, last_name="Ek", email="Karin@EK.example")
    alice.own_organization.unique_contact_emails = False
    alice.own_organization.save()
    unique_from_now_on(changed(alice, "unique_contact_emails"))
    create_record(Contact, by=alice, last_name="Ek", email="karin@ek.example")
    assert Contact.objects.visible_to(alice).count() == 2
