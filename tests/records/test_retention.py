"""What is kept for a set time goes after it, and nothing before."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.audit.tasks import forget_old_changes
from crm.fields.models import CustomValue
from crm.fields.record_types import record_types
from crm.jobs.models import Job, State
from crm.jobs.tasks import forget_old_jobs
from crm.records.actions import create_record, delete_record
from crm.records.tasks import empty_recycle_bins
from crm.setup.actions import create_field
from crm.users.models import User
from customers.models import Customer


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def test_what_was_deleted_half_a_year_ago_goes_for_good(ada: User, alice: User) -> None:
    row = create_field(record_types["customer"], "text", by=ada, label="Site")
    kept = create_record(Customer, by=alice, name="Kept")
    names = {name: create_record(Customer, by=alice, name=name, **{row.key: name}) for name in ("Old", "Recent")}
    for customer in names.values():
        delete_record(customer, by=ada)
    Customer.objects.filter(pk=names["Old"].pk).update(deleted_at=days_ago(181))
    assert empty_recycle_bins() == 1
    assert set(Customer.objects.values_list("name", flat=True)) == {kept.name, "Recent"}
    assert not CustomValue.objects.exists()
    assert LogEntry.objects.get(verb="customer.purged").actor is None
    assert empty_recycle_bins() == 0


def test_a_time_of_nothing_keeps_everything(ada: User, alice: User, settings: Any) -> None:
    settings.RECYCLE_BIN_DAYS = settings.JOB_DAYS = settings.CHANGE_LOG_DAYS = 0
    customer = create_record(Customer, by=alice, name="Old")
    delete_record(customer, by=ada)
    Customer.objects.update(deleted_at=days_ago(5000))
    LogEntry.objects.update(timestamp=days_ago(5000))
    assert (empty_recycle_bins(), forget_old_jobs(), forget_old_changes()) == (0, 0, 0)
    assert Customer.objects.exists() and LogEntry.objects.exists()


@pytest.mark.parametrize(("state", "days", "gone"), [(State.DONE, 181, 1), (State.DONE, 10, 0), (State.RUNNING, 181, 0)])
def test_jobs_go_when_they_ended_long_ago(state: State, days: int, gone: int, alice: User) -> None:
    Job.objects.create(organization=alice.organization, kind="x", title="x", state=state, finished_at=days_ago(days))
    assert forget_old_jobs() == gone


def test_the_log_goes_where_somebody_set_a_time(alice: User, settings: Any) -> None:
    settings.CHANGE_LOG_DAYS = 365
    for name in ("Old", "Recent"):
        create_record(Customer, by=alice, name=name)
    LogEntry.objects.filter(object_repr="Old").update(timestamp=days_ago(366))
    assert forget_old_changes() == 1
    assert LogEntry.objects.filter(verb="customer.created").get().object_repr == "Recent"
