"""`manage.py relock [--upgrade]`: writes the lock files from pyproject.toml. Versions stay where they still fit."""

import os
import subprocess

from crm.runtime.bootstrap import DEVELOPMENT, LIBRARIES, PROJECT, TOOLS
from crm.runtime.errors import CannotStart
from crm.runtime.package_index import package_index
from crm.runtime.uv import find_uv

HEADER = (
    "# Every library that Tern {why}, with its hashes, and no address of an index. Made from pyproject.toml by: python3 manage.py relock\n"
)


def main(words: list[str]) -> int:
    """Needs a network. Returns 0. Raises CannotStart with the resolver's reason."""
    index = package_index()
    environment = {**os.environ, **index.for_uv(os.environ)}
    TOOLS.mkdir(exist_ok=True)
    uv = str(find_uv(TOOLS, index, environment))
    upgrade = ["--upgrade"] if "--upgrade" in words else []
    _compile([uv, *_COMMON, *upgrade, "pyproject.toml"], LIBRARIES, "runs on", environment)
    _compile([uv, *_COMMON, *upgrade, "--group", "dev", "-c", LIBRARIES], DEVELOPMENT, "is developed with", environment)
    return 0


_COMMON = ["pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]


def _compile(command: list[str], name: str, why: str, environment: dict[str, str]) -> None:
    done = subprocess.run([*command, "-o", name], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotStart(f"{name} could not be made from pyproject.toml: {done.stderr.strip()}")
    path = PROJECT / name
    path.write_text(HEADER.format(why=why) + path.read_text())
    print(f"{name} is up to date with pyproject.toml.")
