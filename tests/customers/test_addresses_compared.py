"""E-mail addresses are compared without case, by a column of their own that an index holds."""

from typing import Any

import pytest
from django.db import connection

from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.similar import similar_records
from customers.models import Contact, Customer
from tests.factories.customers import make_contact, make_customer


@pytest.mark.parametrize("address", ["Karin.Ek@Vattvik.se", "KARIN@MÜLLER.DE", "Ärla@vattvik.se"])
def test_alice_is_warned_of_the_same_address_in_other_case(address: str, alice: User) -> None:
    make_contact(alice, email=address.lower())
    assert len(similar_records(record_types["contact"], {"email": address}, alice)) == 1


@pytest.mark.parametrize(("model", "make"), [(Customer, make_customer), (Contact, make_contact)])
def test_an_address_is_found_by_its_index(model: Any, make: Any, alice: User) -> None:
    make(alice, email="Office@Vattvik.se")
    asked = model.objects.filter(organization_id=alice.organization_id, email_key="office@vattvik.se", deleted_at=None)
    assert asked.get().email == "Office@Vattvik.se"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [f"{model._meta.model_name}_by_email"])
        assert "(organization_id, email_key, id)" in cursor.fetchone()[0]
        cursor.execute("SELECT proleakproof FROM pg_proc WHERE oid = 'texteq'::regproc")
        assert cursor.fetchone() == (True,), "below a policy only leakproof comparisons use an index"
