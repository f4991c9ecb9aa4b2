"""Importing a file through the product beside COPY of the same bytes into a bare table. What was imported is taken back."""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from bench.memory import Memory
from bench.timing import seconds_of
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import create_organization
from crm.users.models import Role, User

ALIAS, SLUG, ROWS = "owner", "bench-import", 100_000
COLUMNS = ("Name", "Website", "Email", "Phone", "Street", "City", "Postal code", "Country", "Employees", "Annual revenue")


def import_beside_copy(rows: int = ROWS) -> dict[str, Any]:
    """Seconds of check and commit together, of COPY, their ratio, and the memory of this process while it imports."""
    with tempfile.TemporaryDirectory() as folder, organization():
        path = Path(folder, "customers.csv")
        write_file(path, rows)
        copied = min(seconds_of(lambda: _copy(path)) for _ in range(3))
        with Memory() as memory:
            imported = seconds_of(
                lambda: call_command(
                    "import", "customers", str(path), organization=SLUG, person=f"importer@{SLUG}.example", stdout=_Silent()
                )
            )
        return {
            "rows": rows, "bytes": path.stat().st_size, "import": imported, "copy": copied, "ratio": copied / imported,
            "memory": memory.summary(),
        }  # fmt: skip


def write_file(path: Path, rows: int) -> None:
    """Companies as another system exports them: every row different, all of them valid."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(rows):
            writer.writerow([
                f"Imported company {n}", f"https://www.imported{n}.example", f"office@imported{n}.example", f"+4930{1_000_000 + n}",
                f"Hauptstrasse {n % 300}", "Berlin", f"{10115 + n % 2000}", "DE", n % 5000, f"{(n * 7919) % 10_000_000}.00",
            ])  # fmt: skip


def _copy(path: Path) -> None:
    connections[ALIAS].ensure_connection()
    connection: Any = connections[ALIAS].connection
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute(f"CREATE UNLOGGED TABLE bench_copy ({', '.join(f'c{n} text' for n in range(len(COLUMNS)))})")
        with path.open("rb") as file, cursor.copy("COPY bench_copy FROM STDIN (FORMAT csv, HEADER)") as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        cursor.execute("DROP TABLE bench_copy")


@contextmanager
def organization() -> Iterator[Organization]:
    """An empty organization with an administrator, gone afterwards with all its rows."""
    made = create_organization("Bench import", SLUG, time_zone="UTC", country="DE")
    try:
        with tenant(made):
            role = Role.objects.get(organization=made, key="administrator")
            User.objects.create(organization=made, name="Importer", email=f"importer@{SLUG}.example", role=role)
        yield made
    finally:
        _remove(made.pk)


def _remove(pk: int) -> None:
    """All rows of the organization, as the owner role and without asking each foreign key."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'organization_id' AND table_schema = 'public' "
            "AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        tables = [row[0] for row in cursor.fetchall()]
        rest = set(tables)
        while rest:  # children before parents, whatever order that is
            gone = {table for table in sorted(rest) if _emptied(cursor, table, pk)}
            if not gone:
                raise RuntimeError(f"These tables keep rows of the bench: {', '.join(sorted(rest))}.")
            rest -= gone
        cursor.execute("DELETE FROM tenancy_organization WHERE id = %s", [pk])


def _emptied(cursor: Any, table: str, pk: int) -> bool:
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    try:
        with transaction.atomic(ALIAS):
            cursor.execute(f'DELETE FROM "{table}" WHERE organization_id = %s', [pk])  # noqa: S608  # a table's name
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return False
    return True


class _Silent:
    def write(self, text: str) -> None:
        """Nobody reads it."""
