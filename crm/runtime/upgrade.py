"""Bringing the database up to date with the program: backed up, migrated, examined, and put back where that fails."""

import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from crm.runtime import doctor, heartbeat
from crm.runtime.backup import write_backup
from crm.runtime.errors import CannotStart
from crm.runtime.restore import put_database_back

EXAMINATIONS = (doctor.app_role, doctor.owner_role, doctor.policies, doctor.migrations)


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connections["owner"])
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def upgrade(backup: Path) -> int:
    """How many migrations were applied; `backup` is the file that is written first.

    Raises CannotStart where Tern runs, and where it fails: then the database is as it was before.
    """
    require_standstill()
    pending = pending_migrations()
    write_backup(backup)
    try:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("check", databases=["default"], stdout=StringIO())
        wrong = [finding.sentence for finding in (examine() for examine in EXAMINATIONS) if finding.wrong]
        if wrong:
            raise CannotStart(wrong[0])
    except Exception as error:  # whatever stops an upgrade, people get back what they had
        put_database_back(backup)
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CannotStart(
            f"The upgrade failed, and the database is as it was before: {reason}. Go back to the program's earlier version; {backup} stays."
        ) from error
    return len(pending)


def require_standstill() -> None:
    """Raises CannotStart where somebody else is connected to the database, or a worker goes on giving signs of life."""
    until = time.monotonic() + heartbeat.FADES_AFTER_SECONDS + 2
    connections["default"].close()
    while _others_are_connected() or heartbeat.client().exists(heartbeat.KEY):
        if time.monotonic() > until:
            raise CannotStart("Tern is running. Stop web, worker and scheduler (Ctrl-C in `up`), then upgrade.")
        time.sleep(0.5)


def _others_are_connected() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return bool(cursor.fetchone()[0])
