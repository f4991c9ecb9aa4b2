"""The bench's change of many is a real one, and leaves nothing behind."""

from bench.bulk import reassign_beside_update
from bench.report import bulk_line
from crm.bulk.models import BulkChange
from crm.users.models import User
from customers.models import Customer
from tests.factories.customers import make_customer


def test_a_change_of_many_is_measured_and_thrown_away(ada: User, alice: User) -> None:
    for number in range(3):
        make_customer(ada, f"Customer {number}")
    measured = reassign_beside_update("halden", size=2)
    assert measured["rows"] == 2 and measured["times"] > 0
    assert "2 records given to somebody else" in bulk_line(measured)
    assert set(Customer.objects.values_list("owner_id", "version")) == {(ada.pk, 1)}
    assert not BulkChange.objects.exists()
