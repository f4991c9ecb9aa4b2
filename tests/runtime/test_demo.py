"""The demonstration organization is one that people could believe in."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from crm.activities.models import Activity, ActivityLink
from crm.config.demo import HOST, LOG_INS, PASSWORD, demo_exists, make_demo
from crm.search.models import SearchDocument
from crm.tenancy.transaction import tenant
from crm.users.models import Team, User
from crm.users.ready_roles import READY_ROLES
from customers.models import Contact, Customer
from sales.models import Opportunity, StageChange


@pytest.mark.django_db
@pytest.mark.slow
def test_twelve_people_of_every_role_have_half_a_year_behind_them() -> None:
    assert not demo_exists()
    organization = make_demo()
    assert demo_exists() and organization.is_demo
    with tenant(organization):
        people = User.objects.filter(organization=organization)
        assert (people.count(), Team.objects.count()) == (12, 4)
        assert set(people.values_list("role__key", flat=True)) == {role["key"] for role in READY_ROLES}
        assert 380 <= Customer.objects.count() <= 420 and 850 <= Contact.objects.count() <= 950
        records = sum(model.objects.count() for model in (Customer, Contact, Activity, Opportunity))
        assert SearchDocument.objects.count() == records, "all of it is found"
        _lived()
        _sold()
    for name in LOG_INS:
        assert authenticate(None, username=f"{name}@{HOST}", email=f"{name}@{HOST}", password=PASSWORD)


def _sold() -> None:
    assert 60 < Opportunity.objects.open().count() < 90 and Opportunity.objects.won().count() > 50 < Opportunity.objects.lost().count()
    changes = StageChange.objects.values_list("at", flat=True)
    assert timedelta(days=300) < timezone.now() - min(changes) < timedelta(days=410) and max(changes) <= timezone.now()
    assert not Opportunity.objects.lost().filter(loss_reason="").exists()
    assert not Opportunity.objects.exclude(stage__kind="open").filter(closed_at=None).exists()


def _lived() -> None:
    days = Activity.objects.values_list("at", flat=True)
    assert timedelta(days=150) < timezone.now() - min(days) < timedelta(days=200)
    assert max(days) > timezone.now(), "something is ahead"
    added = dict(Customer.objects.values_list("pk", "created_at"))
    links = ActivityLink.objects.filter(record_type="customer").values_list("record_id", "at")
    assert [record for record, at in links if at < added[record]] == [], "nothing happened before the customer was added"
