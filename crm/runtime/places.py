"""Where the embedded servers keep their data, and as whom they run."""

import errno
import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from crm.runtime.errors import CannotStart

PROJECT = Path(__file__).resolve().parents[2]
STATE_OF_ROOT = Path("/var/lib/tern")


@dataclass(frozen=True)
class ServiceUser:
    """The account the servers run as when Tern was started by root, which PostgreSQL refuses to be."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class DataDirectory:
    """Everything one installation keeps: two servers' data, their passwords, logs, locks and uploaded files."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def servers(self) -> Path:
        return self.path / "servers.json"

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def logs(self) -> Path:
        return self.path / "log"

    def lock(self, name: str) -> Path:
        return self.path / f"{name}.lock"

    def prepare(self) -> None:
        """Make the directory and its log folder. Raises CannotStart where that is not possible."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if self.path.stat().st_uid == os.geteuid():
                self.path.chmod(0o711 if service_user() else 0o700)
            self.logs.mkdir(exist_ok=True)
            probe = self.path / f".writable-{os.getpid()}"
            probe.write_bytes(b"tern")
            probe.unlink()
        except OSError as error:
            raise CannotStart(explain_os_error(error, self.path)) from error


def service_user() -> ServiceUser | None:
    """None for everybody but root. Raises CannotStart where root has nobody to run the servers as."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return ServiceUser(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart("PostgreSQL does not run as root, and this machine has neither a “postgres” nor a “nobody” account to run it as.")


def can_reach(user: ServiceUser | None, directory: Path) -> bool:
    """Whether the user can enter the directory. As nobody special (None) every directory of one's own counts as reachable."""
    if user is None:
        return True
    entered = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(directory)],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return entered.returncode == 0


def data_directory() -> DataDirectory:
    """TERN_DATA_DIR (where --data-dir went), else .tern in the project, else for root a folder that the servers' user can reach."""
    named = os.environ.get("TERN_DATA_DIR", "").strip()
    user = service_user()
    if named:
        path = Path(named).expanduser().absolute()
        parent = next(folder for folder in (path, *path.parents) if folder.exists())
        if not parent.is_dir():
            raise CannotStart(f"{parent} is a file, and Tern's data needs a folder. Give another --data-dir or TERN_DATA_DIR.")
        if not can_reach(user, parent):
            raise CannotStart(
                f"PostgreSQL runs as “{user.name if user else ''}”, which cannot enter {parent}. "
                f"Choose another --data-dir, such as {STATE_OF_ROOT}."
            )
        return DataDirectory(path)
    if can_reach(user, PROJECT):
        return DataDirectory(PROJECT / ".tern")
    return DataDirectory(STATE_OF_ROOT / hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12])


def explain_os_error(error: OSError, path: Path) -> str:
    """One sentence for a folder that cannot be used."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {path} is full. Make room, then start again; nothing was damaged."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"Tern cannot write to {path}. Give another folder with --data-dir or TERN_DATA_DIR, or start it as the folder's owner."
    return f"Tern cannot use {path} for its data: {error.strerror}."
