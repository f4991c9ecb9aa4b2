"""What the database alone refuses is answered with the sentence of its constraint, and the transaction goes on."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm.audit.models import LogEntry
from crm.events.models import Event
from crm.records.actions import create_record, update_record
from crm.search.models import SearchDocument
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer


def sentences(error: ValidationError) -> list[str]:
    return [str(sentence) for each in error.message_dict.values() for sentence in each]


def test_an_external_id_that_is_taken_is_refused_in_a_sentence(alice: User) -> None:
    create_record(Customer, by=alice, name="First", external_id="A-1")
    second = create_record(Customer, by=alice, name="Second")
    with pytest.raises(ValidationError) as created:
        create_record(Customer, by=alice, name="Third", external_id="A-1")
    with pytest.raises(ValidationError) as updated:
        update_record(second, by=alice, external_id="A-1")
    assert "Another customer already has this external id" in sentences(created.value)[0]
    assert sentences(created.value) == sentences(updated.value)
    assert Customer.objects.visible_to(alice).filter(name__in=["First", "Second", "Third"]).count() == 2


def test_a_refused_edit_leaves_no_trace(alice: User) -> None:
    customer = make_customer(alice)
    before = (
        LogEntry.objects.count(),
        Event.objects.count(),
        SearchDocument.objects.get(record_id=customer.pk, record_type="customer").body,
    )
    with pytest.raises(ValidationError):
        update_record(customer, by=alice, parent=customer)
    fresh = Customer.objects.get(pk=customer.pk)
    assert (fresh.parent_id, fresh.version) == (None, customer.version - 1 if customer.version > 1 else 1)
    after = (
        LogEntry.objects.count(),
        Event.objects.count(),
        SearchDocument.objects.get(record_id=customer.pk, record_type="customer").body,
    )
    assert after == before


def test_a_wrong_value_and_a_broken_rule_are_told_together(alice: User) -> None:
    create_record(Customer, by=alice, name="First", external_id="A-1")
    with pytest.raises(ValidationError) as refused:
        create_record(Customer, by=alice, name="Second", external_id="A-1", annual_revenue=Decimal(-1), size=-1)
    told = " ".join(sentences(refused.value))
    assert "external id" in told and "Write 0 or more" in told
