"""The operator in the workshop: before an organization is chosen, in one, and out again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.activities.models import Task
from crm.audit.models import LogEntry
from crm.config.admin import site
from crm.mail.models import HeldMail, MailState
from crm.setup.admin.operators import OperatorsTable
from crm.tenancy.models import Organization
from crm.tenancy.transaction import current_organization_id, tenant
from crm.users.models import User
from customers.models import Customer
from tests.admin.conftest import browser, values_of
from tests.factories.customers import make_customer

CHOOSE, LEAVE, LIST = "/admin/choose/", "/admin/leave/", "/admin/customers/customer/"
GLOBAL = [model for model, model_admin in site._registry.items() if isinstance(model_admin, OperatorsTable)]
TENANTS = [model for model, model_admin in site._registry.items() if not model_admin.of_all]  # type: ignore[attr-defined]


def changelist(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def olga(operator: User) -> Client:
    return browser(operator)


def entered(client: Client, organization: Organization) -> Client:
    assert client.post(CHOOSE, {"organization": organization.pk})["Location"] == "/admin/"
    return client


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model._meta.label)
def test_before_choosing_no_table_of_an_organization_opens(model: Any, olga: Client, alice: User) -> None:
    assert olga.get(changelist(model))["Location"] == CHOOSE
    assert olga.post(changelist(model), {"action": "delete_selected", "_selected_action": [1]})["Location"] == CHOOSE


@pytest.mark.parametrize("model", GLOBAL, ids=lambda model: model._meta.label)
def test_the_global_tables_are_the_operators_alone(model: Any, olga: Client, ada_in: Client) -> None:
    assert olga.get(changelist(model)).status_code == 200
    assert ada_in.get(changelist(model)).status_code == 403


def test_the_operator_reads_all_organizations_and_everybodys_address(olga: Client, ada: User, charlie: User) -> None:
    page = olga.get("/admin/tenancy/organization/").content.decode()
    assert "Halden Instruments" in page
    assert "Other Ltd" in page
    page = olga.get("/admin/account/emailaddress/").content.decode()
    assert ada.email in page
    assert charlie.email in page


def test_the_first_page_says_what_waits(olga: Client, ada_in: Client) -> None:
    HeldMail.objects.create(sender="t@x.example", recipients=["x@y.example"], subject="Hi", body="", state=MailState.FAILED)
    page = olga.get("/admin/").content.decode()
    assert "What waits in this installation" in page
    assert "1 late" in page
    assert "What waits" not in ada_in.get("/admin/").content.decode()


def test_a_restricted_operator_sets_up_a_second_factor_first(db: None) -> None:
    operator = User.objects.create_superuser("otto@host.example", name="Otto")
    client = browser(operator)
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    assert 'href="/admin/"' not in client.get(reverse("mfa_index")).content.decode()


def test_choosing_is_told_to_the_organization_and_shown_on_every_page(olga: Client, operator: User, alice: User, ada_in: Client) -> None:
    organization = alice.own_organization
    make_customer(alice)
    assert "Halden Instruments" in olga.get(CHOOSE).content.decode()
    entered(olga, organization)
    page = olga.get(LIST).content.decode()
    assert "Vattvik Energi AB" in page
    assert 'href="/customers/"' not in page  # closed to the operator
    assert "working in <b>Halden Instruments</b>" in page
    assert LogEntry.objects.get(verb="operator.entered").actor == operator
    assert "Olga" in ada_in.get(reverse("setup-changes")).content.decode()


def test_the_choice_holds_in_the_workshop_alone(olga: Client, alice: User) -> None:
    customer = make_customer(alice)
    entered(olga, alice.own_organization)
    assert olga.get(reverse("record-history", args=["customer", customer.pk])).status_code == 200
    assert olga.get(reverse("record-share", args=["customer", customer.pk])).status_code == 200
    assert olga.get(reverse("customer-detail", args=[customer.pk])).status_code == 404
    assert olga.get(reverse("person-list")).status_code == 403


def test_another_organization_stays_closed(olga: Client, alice: User, charlie: User) -> None:
    entered(olga, charlie.own_organization)
    customer = make_customer(alice)
    assert olga.get(reverse("admin:customers_customer_change", args=[customer.pk])).status_code == 404
    assert "Vattvik" not in olga.get(LIST).content.decode()


def test_what_the_operator_changes_says_who_did_it(olga: Client, operator: User, alice: User) -> None:
    customer = make_customer(alice)
    entered(olga, alice.own_organization)
    address = reverse("admin:customers_customer_change", args=[customer.pk])
    answer = olga.post(address, {**values_of(olga.get(address)), "name": "Vattvik Kraft"})
    assert answer.status_code == 302, answer.context["form"].errors
    entry = LogEntry.objects.get(verb="customer.updated")
    assert (entry.actor, entry.actor_email) == (operator, operator.email)
    operator.refresh_from_db()
    assert (operator.organization, operator.role) == (None, None)


def test_what_the_operator_adds_belongs_to_nobody_unless_said(olga: Client, operator: User, alice: User) -> None:
    entered(olga, alice.own_organization)
    page = olga.get(f"{LIST}add/")
    assert "Olga" not in str(page.context["form"]["owner"])
    for owner, status in (("", 422), (operator.pk, 422), (alice.pk, 302)):
        assert olga.post(f"{LIST}add/", {**values_of(page), "name": "New", "owner": owner}).status_code == status
    assert Customer.objects.get(name="New").owner == alice
    tasks = "/admin/activities/task/add/"
    assert olga.post(tasks, {**values_of(olga.get(tasks)), "subject": "Nobody's", "owner": ""}).status_code == 302
    assert Task.objects.get(subject="Nobody's").owner is None


def test_the_operator_makes_an_administrator_where_the_last_one_lost_the_phone(olga: Client, alice: User, ada: User) -> None:
    entered(olga, alice.own_organization)
    olga.post(reverse("admin:users_user_do", args=[ada.pk]), {"verb": "second-factor"})
    address = reverse("admin:users_user_change", args=[alice.pk])
    shown = {name: getattr(value, "pk", value) for name, value in values_of(olga.get(address)).items()}
    assert olga.post(address, {**shown, "role": ada.role_id}).status_code == 302
    assert User.objects.get_queryset().get(pk=alice.pk).is_administrator


def test_leaving_closes_the_tables_and_is_told(olga: Client, alice: User) -> None:
    entered(olga, alice.own_organization)
    assert olga.post(LEAVE)["Location"] == CHOOSE
    assert olga.get(LIST)["Location"] == CHOOSE
    assert LogEntry.objects.filter(verb="operator.left").exists()
    assert olga.get(LEAVE).status_code == 405


def test_an_organization_that_is_gone_is_no_choice(olga: Client, alice: User) -> None:
    assert olga.post(CHOOSE, {"organization": "999999"}).status_code == 404
    assert olga.post(CHOOSE, {"organization": "x"}).status_code == 404
    assert olga.post(CHOOSE).status_code == 404


def test_from_one_organization_into_another_the_log_of_each_tells_its_own(olga: Client, alice: User, charlie: User) -> None:
    entered(olga, alice.own_organization)
    entered(olga, charlie.own_organization)
    with tenant(charlie.own_organization):
        assert LogEntry.objects.filter(verb="operator.entered").count() == 1
    assert LogEntry.objects.filter(verb__startswith="operator.").count() == 2  # and that the operator left ours


@pytest.mark.parametrize("name", ["ada", "alice", "charlie"])
def test_nobody_else_chooses(name: str, cast: dict[str, User], opens: Callable[[User], Client]) -> None:
    client = opens(cast[name])
    assert client.get(CHOOSE).status_code == 403
    assert client.post(CHOOSE, {"organization": cast["charlie"].organization_id}).status_code == 403
    assert client.post(LEAVE).status_code == 403


def test_a_choice_smuggled_into_a_session_opens_nothing(ada_in: Client, ada: User, charlie: User) -> None:
    session = ada_in.session
    session["operator_organization"] = charlie.organization_id
    session.save()
    assert "Other Ltd" not in ada_in.get("/admin/tenancy/organization/").content.decode()


def test_the_tenant_ends_with_the_request(olga: Client, alice: User) -> None:
    entered(olga, alice.own_organization)
    before = current_organization_id()
    olga.get(LIST)
    assert current_organization_id() == before
