"""The examination behind `manage.py doctor`. It changes nothing, and knows no app: it asks the database, Redis and the settings."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from crm.runtime import heartbeat
from crm.runtime.health import health

OLDEST_POSTGRES = 16
OLDEST_REDIS = (6, 2)
MOST_SECONDS_OFF = 5
LEAST_FREE_GB = 1.0


@dataclass(frozen=True)
class Finding:
    wrong: bool
    sentence: str


def examine() -> Iterator[Finding]:
    """Every finding, the good ones too. Where the database does not answer, that is the only one about it."""
    if health()["database"] == "ok":
        for check in (app_role, owner_role, policies, migrations, follow_ups, clock, postgres_version):
            yield _safely(check)
    else:
        yield Finding(True, "The database does not answer. Check DATABASE_URL, and whether PostgreSQL runs.")
    for check in (redis_version, worker, mail, disk, python_version, addresses):
        yield _safely(check)


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DatabaseError as error:
        return Finding(True, f"A check of the database failed ({check.__name__.replace('_', ' ')}): {str(error).splitlines()[0]}")


def _row(alias: str, statement: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, parameters)
        return tuple(cursor.fetchone() or ())


_ROLE = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"


def app_role() -> Finding:
    name, superuser, bypasses = _row("default", _ROLE)
    owned = _row("default", "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relowner = current_user::regrole")[0]
    if superuser or bypasses:
        what = "is a superuser" if superuser else "may bypass row-level security"
        return Finding(
            True, f"The app's role “{name}” {what}, so organizations are not kept apart by the database. Use a plain role in DATABASE_URL."
        )
    if owned:
        return Finding(True, f"The app's role “{name}” owns {owned} tables. Let the role of MIGRATION_DATABASE_URL own them.")
    return Finding(False, f"The app's role “{name}” is a plain role that owns nothing.")


_OWNER = """
SELECT coalesce(c.relowner, d.datdba)::regrole::text, r.rolsuper, r.rolbypassrls FROM pg_database d
LEFT JOIN pg_class c ON c.relname = 'django_migrations' AND c.relkind = 'r' JOIN pg_roles r ON r.oid = coalesce(c.relowner, d.datdba)
WHERE d.datname = current_database()
"""


def owner_role() -> Finding:
    """Also where the owner's password is withheld from this process, as docker-compose.yml does from all but migrate."""
    name, superuser, bypasses = _row("default", _OWNER)
    app, owner = _row("default", _ROLE)[0], _row("owner", _ROLE)[0]
    if name == app:
        return Finding(True, f"The tables belong to “{name}”, the app's own role. Give MIGRATION_DATABASE_URL a role that owns them.")
    if owner not in {name, app}:
        return Finding(True, f"MIGRATION_DATABASE_URL signs in as “{owner}”, and the tables belong to “{name}”. Use the owner there.")
    if not (bypasses or superuser):
        return Finding(
            True, f"The owner role “{name}” lacks BYPASSRLS, so migrations and backups would miss rows: ALTER ROLE {name} BYPASSRLS."
        )
    return Finding(False, f"The owner role “{name}” sees all rows, for migrations and backups.")


def policies() -> Finding:
    """Every table with organization_id has a policy, enabled and forced, but for those read before a tenant is known."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p')
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid))
            ORDER BY c.relname
            """
        )
        outside = {label.replace(".", "_") for label in settings.OUTSIDE_TENANT_POLICIES}
        open_tables = [name for (name,) in cursor.fetchall() if name not in outside]
    if open_tables:
        return Finding(
            True, f"These tables hold an organization's rows without row-level security: {', '.join(open_tables)}. Run manage.py migrate."
        )
    return Finding(False, "Row-level security is enabled and forced on every table with an organization.")


def migrations() -> Finding:
    executor = MigrationExecutor(connections["owner"])
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return Finding(True, f"{len(pending)} migrations are not applied, beginning with {pending[0][0]}. Run manage.py migrate.")
    return Finding(False, "All migrations are applied.")


def follow_ups() -> Finding:
    """What should have followed a change (a notification, a search document) and failed each time it was tried."""
    given_up = _row("default", "SELECT count(*) FROM events_pendingevent WHERE attempts >= %s", [settings.EVENT_ATTEMPTS])[0]
    if given_up:
        return Finding(
            True,
            f"What should have followed {given_up} changes failed {settings.EVENT_ATTEMPTS} times. "
            "The worker's log says why (“event handler failed”); mend that, then run manage.py retry_events.",
        )
    return Finding(False, "What follows changes is done or under way.")


def clock() -> Finding:
    there = _row("default", "SELECT clock_timestamp()")[0]
    off = abs((datetime.now(UTC) - there).total_seconds())
    if off > MOST_SECONDS_OFF:
        return Finding(
            True,
            f"This machine's clock and the database's differ by {off:.0f} seconds. Reminders and sign-ins need the right time: set up NTP.",
        )
    return Finding(False, "This machine's clock and the database's agree.")


def postgres_version() -> Finding:
    number = int(_row("default", "SHOW server_version_num")[0])
    if number // 10000 < OLDEST_POSTGRES:
        return Finding(True, f"PostgreSQL is version {number // 10000}; Tern needs {OLDEST_POSTGRES} or newer.")
    return Finding(False, f"PostgreSQL is version {_row('default', 'SHOW server_version')[0]}.")


def redis_version() -> Finding:
    try:
        found: Any = heartbeat.client().info("server")
    except redis.RedisError as error:
        return Finding(True, f"Redis does not answer ({type(error).__name__}). Check REDIS_URL, and whether the server runs.")
    name, version = ("Valkey", found["valkey_version"]) if "valkey_version" in found else ("Redis", found["redis_version"])
    if tuple(int(part) for part in str(version).split(".")[:2]) < OLDEST_REDIS:
        return Finding(True, f"{name} is version {version}; Tern needs Redis 6.2 or newer, or Valkey.")
    return Finding(False, f"{name} is version {version}.")


def worker() -> Finding:
    said = health()["worker"]
    if said != "ok":
        return Finding(True, f"No worker is at work ({said}): mails, imports and reminders wait. Start one, or use manage.py up.")
    return Finding(False, "A worker is at work.")


def mail() -> Finding:
    if "smtp" not in settings.EMAIL_BACKEND.lower():
        return Finding(True, "No mail server is set, so mails are held on a page instead of being sent. Set EMAIL_URL.")
    return Finding(False, f"Mail goes through {settings.EMAIL_HOST}.")


def disk() -> Finding:
    folder = next(path for path in (Path(settings.MEDIA_ROOT), *Path(settings.MEDIA_ROOT).parents) if path.exists())
    free = shutil.disk_usage(folder).free / 1e9
    if free < LEAST_FREE_GB:
        return Finding(True, f"Only {free:.1f} GB are left on the disk that holds {folder}. Make room before imports and uploads fail.")
    return Finding(False, f"{free:.0f} GB are free on the disk that holds {folder}.")


def python_version() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(sys.version_info < (3, 11), f"Python is version {version}.")


def addresses() -> Finding:
    if settings.DEBUG:
        return Finding(True, "DEBUG is on: errors show settings and data to everybody. Switch it off.")
    local = {"localhost", "127.0.0.1", "[::1]"}
    public = [host for host in settings.ALLOWED_HOSTS if host not in local]
    if public and not settings.SECURE:
        return Finding(
            True, f"{public[0]} is served without HTTPS, so passwords travel in clear. Set TERN_BASE_URL to an https:// address."
        )
    if settings.SECURE and not settings.TRUSTED_PROXIES:
        return Finding(True, "No proxy is trusted, so HTTPS is not recognised and pages redirect to themselves. Set TERN_TRUSTED_PROXIES.")
    return Finding(False, f"Pages answer to {', '.join(dict.fromkeys(settings.ALLOWED_HOSTS))}.")
