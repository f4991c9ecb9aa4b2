"""The embedded PostgreSQL: made once, started on a free loopback port, with the two roles Tern works with."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from crm.runtime.binaries import Binaries
from crm.runtime.errors import CannotStart
from crm.runtime.passwords import Secrets
from crm.runtime.places import DataDirectory, ServiceUser, explain_os_error
from crm.runtime.postgres_settings import settings_file
from crm.runtime.processes import command_of, is_running, spawn, stop, stop_stray

MAJOR = "18"
DATABASE, OWNER, APP, SUPERUSER = "tern", "tern_owner", "tern_app", "postgres"
LEAST_FREE_BYTES = 150 * 1024 * 1024
START_SECONDS = 120
STOP_SECONDS = 10.0
_RESTORE = "Restore it from a backup, or start anew with another --data-dir."
_NOT_YET = ("starting up", "not yet accepting", "recovery mode", "shutting down")
_DAMAGE = re.compile(
    r"could not (read|open|locate|access|find|stat)|invalid (?!value)|corrupt|checksum|does not exist|missing|is not a valid"
)
_HBA = "# Tern writes this file at each start.\nhost all all 127.0.0.1/32 scram-sha-256\n"
_ENV = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data directory and what is needed to run it. `throw_away`: for tests, not kept safe from a power cut."""

    data: DataDirectory
    binaries: Binaries
    user: ServiceUser | None
    secrets: Secrets
    throw_away: bool = False

    def url(self, role: str, password: str, port: int) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{port}/{DATABASE}"


def initialise(cluster: Cluster) -> None:
    """Make the data directory where there is none, whole or not at all. Raises CannotStart."""
    target = cluster.data.postgres
    _clear_half_made(cluster.data)
    if target.exists():
        return _check_usable(target)
    _check_room(cluster.data.path)
    staged = Path(tempfile.mkdtemp(prefix=".postgres-new-", dir=cluster.data.path))
    try:
        _initdb(cluster, staged)
        staged.rename(target)
    except OSError as error:
        raise CannotStart(explain_os_error(error, cluster.data.path)) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _clear_half_made(data: DataDirectory) -> None:
    for folder in data.path.glob(".postgres-new-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _check_usable(target: Path) -> None:
    try:
        written_by = (target / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise CannotStart(f"The database in {target} is damaged: its PG_VERSION is missing. {_RESTORE}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(explain_os_error(error, target) if isinstance(error, OSError) else _unreadable(target)) from error
    if not written_by.replace(".", "").isdigit():
        raise CannotStart(_unreadable(target))
    if written_by != MAJOR:
        raise CannotStart(
            f"The data in {target} was written by PostgreSQL {written_by}, and this Tern brings PostgreSQL {MAJOR}. "
            f"Dump it with pg_dump of version {written_by} and restore that into a new --data-dir."
        )


def _unreadable(target: Path) -> str:
    return f"The database in {target} is damaged: its PG_VERSION holds no version. {_RESTORE}"


def _check_room(path: Path) -> None:
    if shutil.disk_usage(path).free < LEAST_FREE_BYTES:
        raise CannotStart(f"The disk that holds {path} has less than {LEAST_FREE_BYTES // 2**20} MB left. Make room, then start again.")


def _initdb(cluster: Cluster, staged: Path) -> None:
    password_file = staged.with_name(f"{staged.name}.pw")
    try:
        password_file.touch(mode=0o600)
        password_file.write_text(cluster.secrets.superuser_password)
        if cluster.user:
            os.chown(staged, cluster.user.uid, cluster.user.gid)
            os.chown(password_file, cluster.user.uid, cluster.user.gid)
        command: list[str | Path] = [
            cluster.binaries.initdb,
            "-D",
            staged,
            "-U",
            SUPERUSER,
            "-A",
            "scram-sha-256",
            f"--pwfile={password_file}",
        ]
        command += ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-sync", "--no-instructions"] if cluster.throw_away else ["--no-instructions"]
        making = spawn(command, user=cluster.user, death_signal=signal.SIGKILL, env=_ENV, output=subprocess.PIPE)
        said = making.communicate()[0].decode(errors="replace")
    finally:
        password_file.unlink(missing_ok=True)
    if making.returncode:
        raise CannotStart(_why(said, cluster.data.path, "PostgreSQL could not make its data directory"))


def start(cluster: Cluster, port: int) -> subprocess.Popen[bytes]:
    """The running server, once it answers on the port. Raises CannotStart with PostgreSQL's own reason."""
    target = cluster.data.postgres
    _stop_left_behind(target)
    _write_as(cluster.user, target / "pg_hba.conf", _HBA)
    _write_as(cluster.user, target / "postgresql.conf", settings_file(throw_away=cluster.throw_away))
    log = cluster.data.logs / "postgres.log"
    with log.open("ab") as output:
        began = output.tell()
        server = spawn(
            [cluster.binaries.postgres, "-D", target, "-p", str(port)],
            user=cluster.user,
            death_signal=signal.SIGINT,
            env=_ENV,
            output=output,
        )
    try:
        _wait_until_ready(cluster, server, port, log, began)
    except BaseException:
        stop(server, signal.SIGINT, within=STOP_SECONDS)
        raise
    return server


def _wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes], port: int, log: Path, began: int) -> None:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None:
        try:
            connect(cluster, port, "postgres").close()
            return
        except psycopg.OperationalError as error:
            _give_up_on(cluster, str(error), log)
            if time.monotonic() > until:
                break
        time.sleep(0.02)
    said = log.read_bytes()[began:].decode(errors="replace")
    raise CannotStart(_why(said, cluster.data.postgres, "PostgreSQL did not start") + f" Its log is {log}.")


def _give_up_on(cluster: Cluster, said: str, log: Path) -> None:
    """Raises CannotStart where the server answers, and would never answer otherwise."""
    if "FATAL:" not in said or any(words in said for words in _NOT_YET):
        return
    if "password authentication failed" in said:
        raise CannotStart(f"The passwords in {cluster.data.secrets} do not open its database. Restore both from one backup.") from None
    raise CannotStart(_why(said, cluster.data.postgres, "PostgreSQL did not start") + f" Its log is {log}.") from None


def _why(said: str, path: Path, what: str) -> str:
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"The disk that holds {path} is full. Make room, then start again; nothing was damaged."
    telling = [line for line in said.splitlines() if any(word in line for word in ("FATAL:", "PANIC:", "error:"))]
    reason = telling[0].split(":  ", 1)[-1].strip() if telling else (said.strip().splitlines() or ["it gave no reason"])[-1]
    advice = f" Its data is damaged. {_RESTORE}" if _DAMAGE.search(reason) else ""
    return f"{what} on {path}: {reason.rstrip('.')}.{advice}"


def _stop_left_behind(target: Path) -> None:
    """A server whose keeper was killed where the kernel does not pass that on; or the note of one that died."""
    note = target / "postmaster.pid"
    try:
        pid = int(note.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    stop_stray(pid, str(target))
    if not is_running(pid):
        return
    if "postgres" in command_of(pid):
        raise CannotStart(f"Another PostgreSQL (process {pid}) uses {target}. Stop it first.")
    note.unlink(missing_ok=True)


def _write_as(user: ServiceUser | None, path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
        if user:
            os.chown(path, user.uid, user.gid)
    except OSError as error:
        raise CannotStart(explain_os_error(error, path)) from error


def connect(cluster: Cluster, port: int, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """As the superuser, each statement on its own."""
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=cluster.secrets.superuser_password,
        dbname=database,
        autocommit=True,
        connect_timeout=5,
        sslmode="disable",
        gssencmode="disable",
    )


def ensure_roles(cluster: Cluster, port: int) -> None:
    """The owner, the app role, the database, and what the app role may do in it. Safe to repeat; each step may have been cut off."""
    with connect(cluster, port, "postgres") as connection:
        may = "BYPASSRLS CREATEDB" if cluster.throw_away else "BYPASSRLS NOCREATEDB"
        _ensure_role(connection, OWNER, may, cluster.secrets.owner_password)
        _ensure_role(connection, APP, "NOBYPASSRLS NOCREATEDB", cluster.secrets.app_password)
        if cluster.throw_away:
            connection.execute(f"GRANT pg_signal_backend TO {OWNER}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    with connect(cluster, port, DATABASE) as connection:
        connection.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {APP}")
        for grant in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            connection.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT {grant} TO {APP}".encode())


def _ensure_role(connection: psycopg.Connection[tuple[object, ...]], role: str, may: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    statement = sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE {may} PASSWORD {password}").format(
        verb=sql.SQL("ALTER" if exists else "CREATE"), role=sql.Identifier(role), may=sql.SQL(may), password=sql.Literal(password)
    )
    connection.execute(statement)
