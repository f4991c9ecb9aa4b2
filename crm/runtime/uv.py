"""Finds or fetches uv, the installer of the libraries, on a machine that may have nothing but Python. Standard library only."""

import base64
import hashlib
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from crm.runtime.errors import CannotStart
from crm.runtime.package_index import PackageIndex

VERSION = "0.13.9"
WHEELS = {
    ("linux", "x86_64", "glibc"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux", "x86_64", "musl"): ("musllinux_1_1_x86_64", "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25"),
    ("linux", "aarch64", "glibc"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("darwin", "x86_64", ""): ("macosx_10_12_x86_64", "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5"),
    ("darwin", "arm64", ""): ("macosx_11_0_arm64", "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63"),
}
WHEELS["linux", "aarch64", "musl"] = WHEELS["linux", "aarch64", "glibc"]
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
TIMEOUT = 60


def find_uv(tools: Path, index: PackageIndex, environment: Mapping[str, str]) -> Path:
    """A working uv: the one on PATH, an earlier fetched one, else one installed into `tools`. Raises CannotStart."""
    kept = tools / f"uv-{VERSION}" / "bin" / "uv"
    for candidate in (shutil.which("uv", path=environment.get("PATH")), kept):
        if candidate and works(Path(candidate)):
            return Path(candidate)
    staged = Path(tempfile.mkdtemp(prefix=".uv-", dir=tools))
    try:
        if not _by_pip(staged, environment):
            _by_download(staged, index)
        shutil.rmtree(kept.parent.parent, ignore_errors=True)
        staged.rename(kept.parent.parent)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    if not works(kept):
        raise CannotStart(f"The installer {kept} does not run on this machine. Install uv (https://docs.astral.sh/uv/) and start again.")
    return kept


def works(program: Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _by_pip(target: Path, environment: Mapping[str, str]) -> bool:
    """Whether this Python has a pip that could do it. pip knows this machine's proxies, certificates and passwords."""
    pinned = target / "uv.lock"
    hashes = sorted({sha for _, sha in WHEELS.values()})
    pinned.write_text(f"uv=={VERSION} " + " ".join(f"--hash=sha256:{sha}" for sha in hashes) + "\n")
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--target", str(target), "-r", str(pinned)]
    quiet = {**environment, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    done = subprocess.run(command, env=quiet, capture_output=True, check=False).returncode == 0
    return done and works(target / "bin" / "uv")


def wheel() -> tuple[str, str]:
    """The file name and SHA-256 of uv for this machine. Raises CannotStart where there is none."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = MACHINES.get(machine, machine)
    libc = ("glibc" if platform.libc_ver()[0] == "glibc" else "musl") if system == "linux" else ""
    try:
        tags, sha = WHEELS[system, machine, libc]
    except KeyError:
        raise CannotStart(
            f"Tern's installer knows no file for {system} on {machine}. Install uv (https://docs.astral.sh/uv/) and start again."
        ) from None
    return f"uv-{VERSION}-py3-none-{tags}.whl", sha


def _by_download(target: Path, index: PackageIndex) -> None:
    name, sha = wheel()
    tried = []
    for url in index.urls:
        try:
            content = _fetch(_address_of(name, f"{url}/uv/", index), index)
        except (OSError, URLError, LookupError) as error:
            tried.append(f"{_without_password(url)} ({error})")
            continue
        if hashlib.sha256(content).hexdigest() != sha:
            tried.append(f"{_without_password(url)} (the file is not the one that Tern trusts)")
            continue
        return _unpack(content, target)
    raise CannotStart(
        "The installer uv could not be fetched from "
        + " or ".join(tried)
        + ". Check the network, or name your package index in PIP_INDEX_URL."
    )


def _address_of(name: str, page: str, index: PackageIndex) -> str:
    listing = page + "index.html" if page.startswith("file:") else page
    for link in re.findall(r"""href\s*=\s*["']([^"']+)["']""", _fetch(listing, index).decode(errors="replace")):
        address = urljoin(page, unescape(link).split("#")[0])
        if unquote(urlsplit(address).path).endswith("/" + name):
            return _with_password_of(page, address)
    raise LookupError(f"it has no {name}")


def _fetch(url: str, index: PackageIndex) -> bytes:
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=index.cert or None) if parts.scheme == "https" else None
    if context and {parts.hostname, f"{parts.hostname}:{parts.port}"} & set(index.trusted_hosts):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = Request(_without_password(url), headers={"Accept": "text/html, */*;q=0.1", "User-Agent": "tern-bootstrap"})  # noqa: S310
    if parts.username:
        account = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(account).decode())
    with urlopen(request, timeout=float(index.timeout or TIMEOUT), context=context) as answer:  # noqa: S310
        return bytes(answer.read())


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _with_password_of(page: str, address: str) -> str:
    """A private index gives links without the account that it wants to see with them."""
    account, at, host = urlsplit(page).netloc.rpartition("@")
    parts = urlsplit(address)
    same = at and parts.netloc == host
    return urlunsplit(parts._replace(netloc=f"{account}@{host}")) if same else address


def _unpack(content: bytes, target: Path) -> None:
    folder = target / "bin"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with zipfile.ZipFile(file) as archive:
            program = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
            (folder / "uv").write_bytes(archive.read(program))
    (folder / "uv").chmod(0o755)
