"""A backup into an empty installation: all of it or nothing, and counted afterwards."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from crm.runtime.backup import DUMP, END, FILES, Manifest, count_rows, fingerprint, read_manifest, require_owner, run_program
from crm.runtime.errors import CannotStart
from crm.runtime.files import read_json, write_json
from crm.runtime.passwords import load_secrets
from crm.runtime.places import DataDirectory, explain_os_error


def restore_backup(path: Path) -> Manifest:
    """The database and the uploaded files. Raises CannotStart before anything is changed where they cannot be, or are there already."""
    manifest = read_manifest(path)
    require_owner()
    _check_known(manifest)
    _check_empty()
    media = Path(settings.MEDIA_ROOT)
    try:
        media.parent.mkdir(parents=True, exist_ok=True)
        with _unpacked(path, media.parent) as folder:
            _load(folder / DUMP)
            _put_files(folder / FILES, media)
    except OSError as error:
        raise CannotStart(explain_os_error(error, media.parent)) from error
    _check_complete(manifest)
    _remember_begun()
    return manifest


def put_database_back(path: Path) -> None:
    """The database as it was, in place of what it became. The uploaded files stay. Raises CannotStart, with the old state kept."""
    manifest = read_manifest(path)
    with _unpacked(path, path.parent) as folder:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC"
            )
        _load(folder / DUMP)
    _check_complete(manifest)


def take_secret_key(given: str) -> bool:
    """Make it this installation's, where the servers are embedded: in secrets.json. Whether that is so."""
    data = own_data()
    secrets = load_secrets(data) if data else None
    if data is None or secrets is None:
        return False
    write_json(data.secrets, asdict(replace(secrets, secret_key=given)))
    return True


def read_secret_key(path: Path) -> str:
    """SECRET_KEY out of secrets.json, of a copy of it, or of a file that `backup --secrets` wrote. Raises CannotStart."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotStart(explain_os_error(error, path)) from error
    except ValueError:
        found = {}
    key = found.get("secret_key") if isinstance(found, dict) else None
    if not key or not isinstance(key, str):
        raise CannotStart(f"{path} holds no secret key. Give secrets.json of the data directory, or what `backup --secrets` wrote.")
    return key


def own_data() -> DataDirectory | None:
    """The data directory whose embedded server is in use; None on servers of one's own."""
    data = DataDirectory(Path(settings.DATA_DIR))
    found = read_json(data.secrets)
    return data if found and found.get("owner_password") == connections["owner"].settings_dict["PASSWORD"] else None


def is_same_key(manifest: Manifest, key: str) -> bool:
    return manifest.key == fingerprint(key)


def _check_known(manifest: Manifest) -> None:
    """A migration that is not known here means that the backup is newer than the program."""
    known = {app: set[str]() for app in manifest.migrations}
    for app, name in MigrationLoader(None).disk_migrations:
        known.setdefault(app, set()).add(name)
    newer = [f"{app} {name}" for app, name in manifest.migrations.items() if known[app] and name not in known[app]]
    if newer:
        raise CannotStart(
            f"The backup was made by a newer Tern ({newer[0]} is not known here). Bring the program up to date, then restore."
        )
    server = connections["owner"].cursor().connection.info.server_version
    if server // 10_000 < manifest.postgres // 10_000:
        raise CannotStart(
            f"The backup is of PostgreSQL {manifest.postgres // 10_000}, this server is older. Restore into that version or a newer one."
        )


def _check_empty() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        (tables,) = cursor.fetchone()
    if tables:
        raise CannotStart(
            "There is data in this database already, and a restore overwrites nothing. Give a new --data-dir, or an empty database."
        )
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise CannotStart(
            f"There are files in {media} already, and a restore overwrites nothing. Move them away, or give another MEDIA_ROOT."
        )


@contextmanager
def _unpacked(path: Path, beside: Path) -> Iterator[Path]:
    """The archive's regular files in a folder that goes afterwards, none outside of it, whatever names they have."""
    with tempfile.TemporaryDirectory(prefix=".tern-restore-", dir=beside) as name:
        folder = Path(name).resolve()
        try:
            with tarfile.open(path) as tar:
                for member in tar:
                    _unpack(tar, member, folder)
        except (tarfile.TarError, EOFError) as error:
            raise CannotStart(f"{path} is damaged or cut off: {error}. Nothing was restored.") from error
        if not (folder / END).is_file():
            raise CannotStart(f"{path} is cut off: its end is missing. Nothing was restored.")
        yield folder


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    target = (folder / member.name).resolve()
    content = tar.extractfile(member) if member.isfile() and target.is_relative_to(folder) else None
    if content is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)


def _load(dump: Path) -> None:
    """All of it in one transaction."""
    name = connections["owner"].settings_dict["NAME"]
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}", str(dump))
    run_program("pg_restore", *words)


def _put_files(unpacked: Path, media: Path) -> None:
    media.mkdir(parents=True, exist_ok=True)
    for found in unpacked.iterdir() if unpacked.is_dir() else []:
        shutil.move(found, media / found.name)


def _check_complete(manifest: Manifest) -> None:
    with connections["owner"].cursor() as cursor:
        found = count_rows(cursor)
    differing = [table for table, count in manifest.rows.items() if found.get(table) != count]
    if differing:
        raise CannotStart(f"The restored database is not what was backed up: {', '.join(differing[:5])} differ. Do not work with it.")


def _remember_begun() -> None:
    """The next start loads no demonstration."""
    if data := own_data():
        write_json(data.state, {**read_json(data.state), "begun": True})
