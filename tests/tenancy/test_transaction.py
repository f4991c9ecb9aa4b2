"""The tenant of a transaction: without one nothing is seen, and it ends with the transaction."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.handlers.base import BaseHandler
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory, override_settings
from django.urls import ResolverMatch

from crm.records.actions import create_record, update_record
from crm.tenancy.middleware import TenantMiddleware
from crm.tenancy.models import Organization
from crm.tenancy.transaction import current_organization_id, tenant
from crm.users.actions import create_organization
from crm.users.models import Role, User
from customers.models import Contact, Customer, CustomerPersonShare, Tag
from tests.factories.customers import make_customer
from tests.factories.people import make_organization, make_person


@pytest.fixture
def committed(transactional_db: None) -> tuple[Organization, User]:
    """An organization with one person and one customer, really committed: inside a test's transaction a tenant outlives its block."""
    organization = make_organization("Halden", "halden")
    with tenant(organization):
        ada = make_person("ada", "administrator", None, organization)
        make_customer(ada)
    return organization, ada


def test_without_a_tenant_no_row_is_seen_or_written(committed: tuple[Organization, User]) -> None:
    organization, _ada = committed
    assert Customer.objects.count() == 0
    assert Role.objects.count() == 0
    with pytest.raises(DatabaseError, match="row-level security|null value"):
        Tag.objects.create(name="outside")
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Tag.objects.create(organization=organization, name="outside")


def test_the_tenant_ends_with_the_transaction(committed: tuple[Organization, User]) -> None:
    with tenant(committed[0]):
        assert Customer.objects.count() == 1
    assert Customer.objects.count() == 0
    assert current_organization_id() is None


def test_an_inner_tenant_gives_the_outer_one_back(committed: tuple[Organization, User]) -> None:
    other = create_organization("Other", "other")
    with tenant(committed[0]):
        with tenant(other):
            assert Customer.objects.count() == 0
        assert Customer.objects.count() == 1
        with pytest.raises(RuntimeError), tenant(other):
            raise RuntimeError
        assert Customer.objects.count() == 1


def test_another_tenant_cannot_write_into_this_one(committed: tuple[Organization, User]) -> None:
    other = create_organization("Other", "other")
    with pytest.raises(DatabaseError, match="row-level security"), tenant(other):
        Tag.objects.create(organization=committed[0], name="smuggled")


def _request(user: User) -> HttpRequest:
    request = HttpRequest()
    request.user = user
    return request


def test_a_failed_request_leaves_nothing_behind(committed: tuple[Organization, User]) -> None:
    organization, ada = committed

    def view(request: HttpRequest) -> HttpResponse:
        Tag.objects.create(organization=organization, name="half-written")
        return HttpResponse(status=500)

    TenantMiddleware(view)(_request(ada))
    with tenant(organization):
        assert not Tag.objects.exists()


def test_a_good_request_is_committed(committed: tuple[Organization, User]) -> None:
    organization, ada = committed

    def view(request: HttpRequest) -> HttpResponse:
        Tag.objects.create(name="written")
        return HttpResponse()

    TenantMiddleware(view)(_request(ada))
    with tenant(organization):
        assert Tag.objects.get().organization_id == organization.pk


def test_guardian_cannot_write_a_share_without_a_tenant(committed: tuple[Organization, User]) -> None:
    from guardian.shortcuts import assign_perm

    organization, ada = committed
    with tenant(organization):
        customer = Customer.objects.get()
    with pytest.raises(DatabaseError):
        assign_perm("view_customer", ada, customer)
    with tenant(organization):
        assert not CustomerPersonShare.objects.exists()


@pytest.mark.django_db
def test_a_foreign_key_cannot_point_into_another_organization() -> None:
    """Foreign keys look through policies, so the action resolves every reference through visible_to."""
    ours, theirs = make_organization("Ours", "ours"), make_organization("Theirs", "theirs")
    with tenant(theirs):
        charlie = make_person("charlie", "administrator", None, theirs, host="theirs.example")
        foreign = make_customer(charlie, "Foreign")
    with tenant(ours):
        ada = make_person("ada", "administrator", None, ours)
        with pytest.raises(ValidationError, match="not visible to you"):
            create_record(Contact, by=ada, last_name="Ek", customer=foreign)
        contact = create_record(Contact, by=ada, last_name="Ek")
        with pytest.raises(ValidationError):
            update_record(contact, by=ada, customer=foreign)
        with pytest.raises(ValidationError):
            create_record(Customer, by=ada, name="Owned by a stranger", owner=ada, parent=foreign)


@pytest.mark.django_db
def test_the_setting_is_local_to_the_transaction() -> None:
    organization = make_organization("Ours", "ours")
    with tenant(organization), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('crm.organization_id')")
        assert cursor.fetchone() == (str(organization.pk),)


def test_an_error_leaves_no_tenant_on_the_connection(committed: tuple[Organization, User]) -> None:
    """Connections are kept between requests: neither a Python error nor one of the database may leave a tenant behind."""
    with pytest.raises(RuntimeError), tenant(committed[0]):
        raise RuntimeError
    assert current_organization_id() is None
    with pytest.raises(DatabaseError), tenant(committed[0]), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert current_organization_id() is None
    assert Customer.objects.count() == 0


def test_two_connections_have_tenants_of_their_own(committed: tuple[Organization, User]) -> None:
    other = create_organization("Other", "other")
    seen: list[int] = []

    def elsewhere() -> None:
        with tenant(other):
            seen.append(Customer.objects.count())
        connection.close()

    with tenant(committed[0]):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert Customer.objects.count() == 1
    assert seen == [0]


def test_a_page_is_rendered_inside_the_transaction_and_an_error_in_it_undoes_all(committed: tuple[Organization, User]) -> None:
    """A template that is rendered late reads rows of the tenant, and one that fails takes back what the view wrote."""
    organization, ada = committed

    def view(request: HttpRequest) -> HttpResponse:
        Tag.objects.create(name="half-written")
        template: Any = Backend(Engine().from_string("{% for one in customers %}{{ one.name }}{% endfor %}{{ broken.now }}"))
        customers, broken = Customer.objects.all(), {"now": request.GET.get("fail") and _fail}
        return SimpleTemplateResponse(template, {"customers": customers, "broken": broken})

    class Handler(BaseHandler):
        def resolve_request(self, request: HttpRequest) -> ResolverMatch:
            return ResolverMatch(view, (), {})

    handler = Handler()
    with override_settings(MIDDLEWARE=["tests.tenancy.test_transaction.SignedIn", "crm.tenancy.middleware.TenantMiddleware"]):
        handler.load_middleware()
        for query, status, tags in (("fail=1", 500, 0), ("", 200, 1)):
            request = RequestFactory().get(f"/?{query}")
            request.META["ada"] = ada
            answer = handler.get_response(request)
            assert answer.status_code == status
            with tenant(organization):
                assert Tag.objects.count() == tags
    assert b"Vattvik" in getattr(answer, "content")  # noqa: B009


def _fail() -> str:
    raise RuntimeError


class SignedIn:
    """Stands for authentication: the person whom the test put into the request."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        request.user = request.META["ada"]
        return self.get_response(request)


class Backend:
    """A template of the plain engine, as a response wants it."""

    def __init__(self, template: Any) -> None:
        self.template = template

    def render(self, context: Any, request: HttpRequest | None = None) -> str:
        return str(self.template.render(Context(context)))
