"""The rules about tenants, transactions and the two roles that no single table or request shows."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site as default_site
from django.contrib.auth.models import Group
from django.db import connection, models
from django.test import Client

from crm.admin.base import TenantAdmin
from crm.config.admin import site
from crm.tenancy.models import TenantModel
from crm.tenancy.transaction import tenant
from crm.users.actions import create_team
from customers.models import Customer
from tests.architecture.test_house import SOURCES, name_of
from tests.factories.people import make_organization

POLICY = "(organization_id = (NULLIF(current_setting('crm.organization_id'::text, true), ''::text))::bigint)"
TENANTS = [model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel) and not model._meta.proxy]


def using(pattern: str) -> set[str]:
    """The files of the product in which the pattern stands."""
    return {name_of(path) for path in SOURCES if re.search(pattern, path.read_text())}


@pytest.mark.django_db
def test_each_policy_is_the_one_rule_for_reading_and_for_writing_for_everybody() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, qual, with_check, cmd, roles::text, permissive FROM pg_policies WHERE schemaname = 'public'")
        policies = cursor.fetchall()
    assert len(policies) >= len(TENANTS)
    odd = [row for row in policies if row[1:] != (POLICY, POLICY, "ALL", "{public}", "PERMISSIVE")]
    assert odd == []


@pytest.mark.django_db
def test_each_row_gets_the_tenant_from_the_transaction_whoever_inserts_it() -> None:
    """Libraries insert, too: the default is in the database."""
    missing = []
    with connection.cursor() as cursor:
        for model in TENANTS:
            cursor.execute(
                "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum "
                "WHERE adrelid = %s::regclass AND attname = 'organization_id'",
                [model._meta.db_table],
            )
            found = cursor.fetchone()
            if found is None or "current_setting('crm.organization_id'" not in found[0]:
                missing.append(model._meta.label)
    assert missing == []


@pytest.mark.django_db
def test_the_application_owns_nothing_of_any_kind() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user AND relpersistence <> 't' "
            "UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = current_user "
            "UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = current_user AND nspname !~ '^pg_' "
            "UNION ALL SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = current_user"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_views_ask_as_whoever_reads_them() -> None:
    """A view of its owner's would pass the policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' AND nspname = 'public' "
            "AND NOT coalesce(reloptions::text LIKE '%%security_invoker%%', false)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_roles o ON o.oid = proowner "
            "WHERE nspname = 'public' AND prosecdef"
        )
        assert cursor.fetchall() == []


KEYS_OF_OURS = {"organization_id", "user_id", "person_id", "group_id", "notification_id"}
"""What a unique index begins with: the organization, or the key of a row of it, which actions resolve within the tenant."""
GLOBAL = {
    "user_email_unique": "people sign in with one address, whatever their organization",
    "api_apitoken_hash_key": "the hash of a long random secret, by which a program signs in before its organization is known",
}


@pytest.mark.django_db
def test_every_unique_index_of_a_tenants_table_begins_with_the_organization() -> None:
    """Asked of the database: `unique=True` and one-to-one fields make one, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, i.relname, coalesce(a.attname, '') FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid "
            "JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] "
            "WHERE x.indisunique AND NOT x.indisprimary AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = t.oid "
            "AND o.attname = 'organization_id') AND t.relkind = 'r'"
        )
        loose = [(table, index) for table, index, first in cursor.fetchall() if first not in KEYS_OF_OURS and index not in GLOBAL]
    assert loose == []


# Tables that no organization has: the log-in's, Django's own, and what is read before a tenant is known.
OF_NOBODY = {
    "account", "admin", "auditlog", "auth", "contenttypes", "guardian", "mfa", "sessions", "usersessions", "messages",
    "tenancy.organization", "users.signin", "users.user_groups", "users.user_user_permissions", "users.promisedorganization",
    "users.firstruncode",
}  # fmt: skip


def test_every_table_without_an_organization_is_named() -> None:
    """A new table of business rows without `organization_id` fails here."""
    bare = [
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if not any(column.column == "organization_id" for column in model._meta.concrete_fields) and not model._meta.proxy
    ]
    assert [label for label in bare if label not in OF_NOBODY and label.split(".")[0] not in OF_NOBODY] == []


@pytest.mark.parametrize("label", ["events.PendingEvent", "notifications.DueItem", "jobs.JobLease"])
def test_what_is_read_before_a_tenant_is_known_holds_keys_and_times_only(label: str) -> None:
    plain = (models.BigIntegerField, models.IntegerField, models.AutoField, models.DateTimeField, models.ForeignKey, models.UUIDField)
    names = {"kind", "queue"}  # of handlers and queues, which are code
    columns = apps.get_model(label)._meta.concrete_fields
    assert [column.name for column in columns if not isinstance(column, plain) and column.name not in names] == []


def test_there_is_one_way_into_a_tenant() -> None:
    """But for the seed of the bench, which is the owner's: it is under no policy, and its defaults need the tenant."""
    assert using(r"set_config\((%s|'crm)") == {"crm/tenancy/transaction.py", "crm/config/seed.py"}
    assert using(r"SET\s+(LOCAL\s+)?crm\.|ROW LEVEL SECURITY") == {"crm/tenancy/operations.py"}


def test_the_owner_role_works_for_migrations_the_doctor_and_the_bench_alone() -> None:
    allowed = {"crm/runtime/doctor.py", "crm/runtime/entry.py", "crm/config/seed.py", "crm/config/settings.py"}
    named = using(r"""connections\[["']owner|using\(["']owner|atomic\(["']owner|using=["']owner|database=["']owner|--database=owner""")
    assert {name for name in named if not name.startswith(("bench/", "crm/runtime/"))} <= allowed
    assert settings.DATABASE_ROUTERS == []


def test_nothing_is_read_while_an_answer_is_streamed() -> None:
    """It would run after the commit, without a tenant. Files are opened before."""
    assert using(r"StreamingHttpResponse|EventStream|async def .*HttpRequest") == set()
    for name in using(r"\bFileResponse\("):
        calls = re.findall(r"FileResponse\(\s*([^\n]+)", Path(settings.BASE_DIR, name).read_text())
        assert all(".open(" in call for call in calls), name


def test_no_pool_of_connections_and_none_that_is_broken() -> None:
    for database in settings.DATABASES.values():
        assert "pool" not in database.get("OPTIONS", {})
        assert database["CONN_HEALTH_CHECKS"] is True


def test_no_admin_and_no_guardian_admin_writes_past_the_actions() -> None:
    """Other tests hold that the workshop calls actions; here, that nothing is in it but what we put there, and that nothing saves."""
    assert not {"django.contrib.admin", "django.contrib.admin.apps.AdminConfig"} & set(settings.INSTALLED_APPS)
    assert default_site._registry == {}
    assert all(isinstance(model_admin, TenantAdmin) for model_admin in site._registry.values())
    assert {name for name in using(r"\.(save|delete|bulk_create)\(") if re.search(r"(^|/)admin(/|\.py)", name)} == set()
    assert using(r"GuardedModelAdmin|get_anonymous_user") == set()
    assert {name for name in using(r"^\s*(from|import) guardian") if not name.startswith("crm/access/")} == set()


@pytest.mark.django_db
def test_groups_are_ours_and_say_whose() -> None:
    organization = make_organization("Ours", "ours")
    with tenant(organization):
        team = create_team("North", organization=organization)
        assert team.group.name.startswith(f"org-{organization.pk}-")
        assert not Group.objects.exclude(name__startswith="org-").exists()


@pytest.mark.django_db
def test_copy_into_a_tenants_table_is_refused_and_goes_through_a_temporary_one() -> None:
    organization = make_organization("Ours", "ours")
    refused = pytest.raises(psycopg.Error, match="COPY FROM not supported with row-level security")
    copying = f"COPY {Customer._meta.db_table} (name) FROM STDIN"
    with refused, tenant(organization), connection.cursor() as cursor, cursor.copy(copying) as copy:
        copy.write_row(("x",))


def task_sources() -> list[Any]:
    return [path for path in SOURCES if "@shared_task" in path.read_text()]


WITHOUT_TENANT = {
    "sweep_jobs": "leases only",
    "forget_sign_ins": "sign-ins belong to people, not to a tenant's table",
    "forget_sign_ups": "nobody's yet",
    "forget_held_mails": "held mails are outside the policies",
    "send_waiting_mails": "held mails are outside the policies",
}


def test_every_task_enters_the_tenant_or_says_why_not() -> None:
    """In its own module, or in the one function it calls."""
    entering = {
        "run_job": "work_on", "fire_due": "fire_all", "send_reminders": "fire_slow", "dispatch_events": "_handle",
        "empty_recycle_bins": "_empty", "forget_old_jobs": "forget_rows", "forget_old_changes": "forget_rows",
    }  # fmt: skip
    unknown = []
    for path in task_sources():
        text = path.read_text()
        for body in re.findall(r"@shared_task[^\n]*\ndef (.*?)(?=\n@|\n\n\n|\Z)", text, re.S):
            name = body.split("(")[0]
            if "with tenant(" not in body and name not in WITHOUT_TENANT and name not in entering:
                unknown.append(name)
    assert unknown == []
    for function in entering.values():
        sources = [path.read_text() for path in SOURCES if f"def {function}(" in path.read_text()]
        assert any("with tenant(" in text for text in sources), function


@pytest.mark.django_db
def test_no_cache_takes_a_part_for_the_page() -> None:
    """One address answers htmx with a part: each answer says that it depends on who asks."""
    for headers in ({}, {"HX-Request": "true"}):
        said = Client().get("/accounts/login/", headers=headers).headers["Vary"]
        assert {"HX-Request", "HX-Target"} <= {name.strip() for name in said.split(",")}


def test_htmx_shows_forms_with_errors_and_conflicts() -> None:
    """By default it swaps no 4xx, so a form with errors would stay blank; and it would ask the history for parts."""
    config = Path(settings.BASE_DIR, "templates/components/htmx_config.html").read_text()
    assert '{"code":"(409|422)","swap":true,"error":false}' in config
    assert '"historyRestoreAsHxRequest":false' in config
