"""Every table of an organization is under the policy; what is outside it is named here, with its reason."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from crm.tenancy.models import TenantModel

OUTSIDE = {
    "users.user": "read to sign in",
    "search.searchdocument": "trigram operators cannot use an index below a policy; candidates are loaded through visible_to",
    "search.searchword": "as the search table",
    "mail.heldmail": "written before a tenant is known, as a password reset is; read with an explicit filter or by the operator",
    "events.pendingevent": "dispatch keys and times, read before a tenant is known",
    "notifications.dueitem": "what is due when, keys and times, read before a tenant is known",
    "api.apitoken": "read to sign a program in; its pages ask with an explicit filter",
    "jobs.joblease": "dispatch keys and times, read before a tenant is known",
}


def tenant_tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(column.column == "organization_id" for column in model._meta.local_concrete_fields) and not model._meta.proxy
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [model for model in tenant_tables() if model._meta.label_lower not in OUTSIDE], ids=lambda m: m._meta.label_lower
)
def test_the_table_enforces_the_tenant_policy(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        assert cursor.fetchone() == (True, True)
        cursor.execute("SELECT qual, with_check FROM pg_policies WHERE tablename = %s", [model._meta.db_table])
        policies = cursor.fetchall()
    assert len(policies) == 1
    assert all("crm.organization_id" in rule and "organization_id =" in rule for rule in policies[0])


def test_what_is_outside_the_policies_is_named_and_exists() -> None:
    assert set(OUTSIDE) == set(settings.OUTSIDE_TENANT_POLICIES) <= {model._meta.label_lower for model in apps.get_models()}


def test_tables_with_a_tenant_are_declared_so() -> None:
    undeclared = [
        model._meta.label_lower
        for model in tenant_tables()
        if not issubclass(model, TenantModel) and model._meta.label_lower not in OUTSIDE and not model.__name__.endswith("Access")
    ]
    assert undeclared == []


@pytest.mark.django_db
def test_the_application_owns_nothing_and_cannot_pass_the_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_unique_rules_begin_with_the_organization() -> None:
    """A unique index looks through the policy: without the organization it would reveal another one's value."""
    loose = []
    for model in tenant_tables():
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                first = constraint.fields[0] if constraint.fields else getattr(constraint.expressions[0], "name", "")
                if first not in {"organization", "organization_id"} and model._meta.app_label != "users":
                    loose.append(constraint.name)
    assert loose == []


def test_nothing_is_audited_by_signals_behind_the_actions() -> None:
    from auditlog.registry import auditlog

    assert not auditlog.get_models()
    assert not any("auditlog" in name for name in settings.MIDDLEWARE)


def test_guardian_makes_no_anonymous_user() -> None:
    assert settings.ANONYMOUS_USER_NAME is None


def test_requests_are_not_atomic_by_djangos_own_setting() -> None:
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
    middleware = settings.MIDDLEWARE
    authentication = middleware.index("django.contrib.auth.middleware.AuthenticationMiddleware")
    tenant_from = middleware.index("crm.tenancy.middleware.TenantMiddleware")
    assert middleware[authentication + 1 : tenant_from] == [  # around the transaction, without a query of their own
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "crm.admin.operators.OperatorMiddleware",  # says whose tenant it is; what it asks of one it asks inside tenant()
        "crm.users.middleware.PresenceMiddleware",  # about the session; its tables belong to no tenant
        "crm.users.viewing.ViewingMiddleware",  # says whose eyes it is seen with, asked inside tenant()
    ]
