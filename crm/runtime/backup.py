"""One file with all that an installation keeps, but not its secrets: a tar of a manifest, the database, the files and a mark of the end.

The dump is pg_dump's custom format, taken as the owner role, which sees all rows; it and the manifest's row counts are of one moment.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

from crm.runtime.binaries import find_binaries
from crm.runtime.errors import CannotStart
from crm.runtime.places import explain_os_error, service_user

FORMAT = 1
MANIFEST, DUMP, FILES, END = "manifest.json", "database.dump", "files", "end"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `rows`: of each table; `migrations`: the last of each app; `key`: a fingerprint of SECRET_KEY."""

    format: int
    made_at: str
    postgres: int
    migrations: dict[str, str]
    rows: dict[str, int]
    key: str


def write_backup(target: Path) -> Manifest:
    """Make the file, whole or not at all, readable by its owner alone. People may go on working. Raises CannotStart."""
    if target.exists():
        raise CannotStart(f"{target} exists already, and a backup overwrites nothing. Give another name.")
    require_owner()
    staged = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".tern-backup-", dir=target.parent) as folder:
            dump = Path(folder) / DUMP
            manifest = _dump(dump)
            with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w") as tar:
                    _add_bytes(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                    tar.add(dump, DUMP)
                    _add_files(tar, Path(settings.MEDIA_ROOT))
                    _add_bytes(tar, END, b"")
                file.flush()
                os.fsync(file.fileno())
        staged.replace(target)
    except OSError as error:
        raise CannotStart(explain_os_error(error, target.parent)) from error
    finally:
        staged.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Raises CannotStart where the file is no backup, is cut off before its manifest, or is of a format that is not known here."""
    try:
        with tarfile.open(path) as tar:
            first = tar.next()
            content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
            facts = json.loads(content.read()) if content is not None else {}
    except OSError as error:
        raise CannotStart(explain_os_error(error, path)) from error
    except (tarfile.TarError, ValueError):
        facts = {}
    if not isinstance(facts, dict) or any(field.name not in facts for field in fields(Manifest)):
        raise CannotStart(f"{path} is no backup of Tern, or it is damaged.")
    if facts["format"] != FORMAT:
        raise CannotStart(f"{path} was made by a newer Tern. Bring the program up to date, then restore.")
    return Manifest(**{field.name: facts[field.name] for field in fields(Manifest)})


def require_owner() -> None:
    """Raises CannotStart where the connection does not see all rows: a backup would be a part of them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, sees_all = cursor.fetchone()
    if not sees_all:
        raise CannotStart(f"“{name}” does not see all rows. Set MIGRATION_DATABASE_URL to the owner role, then try again.")


def fingerprint(secret_key: str) -> str:
    """Tells whether two installations have the same SECRET_KEY, and nothing else of it."""
    return hashlib.sha256(b"tern.backup:" + secret_key.encode()).hexdigest()[:16]


def count_rows(cursor: Any) -> dict[str, int]:
    """How many rows each table has, for who sees all."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    rows = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        rows[table] = int(cursor.fetchone()[0])
    return rows


def run_program(name: str, *words: str) -> None:
    """One of PostgreSQL's programs on the database, as the owner role. Raises CannotStart with its last words."""
    done = subprocess.run([_program(name), *words], env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise CannotStart(f"{name} failed: {reason}")


def _dump(target: Path) -> Manifest:
    """The database into a file. Its rows are counted in the same snapshot."""
    with _snapshot() as (cursor, snapshot):
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        migrations = dict(cursor.fetchall())
        run_program("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        return Manifest(
            format=FORMAT,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            postgres=cursor.connection.info.server_version,
            migrations=migrations,
            rows=count_rows(cursor),
            key=fingerprint(settings.SECRET_KEY),
        )


@contextmanager
def _snapshot() -> Iterator[tuple[Any, str]]:
    """A cursor that sees one moment, and the name under which pg_dump sees the same."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor, cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(content), 0o600, int(datetime.now(UTC).timestamp())
    tar.addfile(entry, BytesIO(content))


def _add_files(tar: tarfile.TarFile, folder: Path) -> None:
    """What people uploaded. A file that is deleted meanwhile is left out: the database of that moment may name it, nothing newer does."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            with suppress(FileNotFoundError):
                tar.add(path, f"{FILES}/{path.relative_to(folder)}", recursive=False)


def _program(name: str) -> str:
    """The embedded package's, which reads older servers too; else the machine's."""
    with suppress(CannotStart):
        found = find_binaries(service_user()).postgres.with_name(name)
        if found.is_file():
            return str(found)
    elsewhere = shutil.which(name)
    if elsewhere is None:
        raise CannotStart(f"{name} is not installed. Install PostgreSQL's client programs.")
    return elsewhere


def _environment() -> dict[str, str]:
    """How PostgreSQL's programs find the database: by variables, since a command line can be read by everybody."""
    facts = connections["owner"].settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    options = {f"PG{name.upper()}": str(value) for name, value in facts["OPTIONS"].items() if name.startswith("ssl")}
    return {**os.environ, **options, **{variable: str(facts[name]) for variable, name in named.items() if facts[name]}}
