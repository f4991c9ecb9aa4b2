"""The environment makes itself: whatever Python, whatever index, and again when it was cut off."""

import ast
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crm.runtime.errors import CannotStart
from crm.runtime.package_index import PackageIndex, package_index
from crm.runtime.uv import VERSION, _by_download, wheel
from tests.runtime.conftest import REPOSITORY, Project

INSTALLER = f"""#!/bin/sh
# Stands for uv: notes what it is asked, and makes an environment that is this one.
echo "$@" >> "$UV_LOG"
case "$1" in
    --version) echo "uv 0.0" ;;
    venv) for last; do :; done; mkdir -p "$last/bin" && ln -s "{sys.executable}" "$last/bin/python"; sleep 0.3 ;;
    pip) [ ! -e "$UV_LOG.cut" ] || kill -9 $PPID ;;
esac
"""


@pytest.fixture
def bare(project: Project, tmp_path: Path) -> Project:
    """A fresh clone: no .venv, and a stand-in for uv on PATH that installs nothing."""
    (project.folder / ".venv").unlink()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").write_text(INSTALLER)
    (programs / "uv").chmod(0o755)
    return project


def bootstrap(project: Project, tmp_path: Path, *words: str) -> subprocess.Popen[str]:
    environment = project.environment(PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}", UV_LOG=str(tmp_path / "log"))
    command = [sys.executable, "manage.py", "bootstrap", *words]
    return subprocess.Popen(command, cwd=project.folder, env=environment, stderr=subprocess.PIPE, text=True)


def asked(tmp_path: Path) -> list[str]:
    """What uv was asked, but for its version."""
    lines = (tmp_path / "log").read_text().splitlines() if (tmp_path / "log").exists() else []
    return [line for line in lines if line != "--version"]


def test_an_old_python_is_told_so_in_a_sentence() -> None:
    source = (REPOSITORY / "manage.py").read_text()
    ast.parse(source, feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign) for node in ast.walk(ast.parse(source))), "Python 2.7 reads it too"
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('manage.py', run_name='__main__')"
    said = subprocess.run([sys.executable, "-c", pretend], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert said.stderr.strip() == "Tern needs Python 3.11 or newer, and this is Python 3.9. Start it with a newer one."


@pytest.mark.parametrize(("options", "extra"), [(["-I"], {}), ([], {"PYTHONSAFEPATH": "1"})])
def test_an_isolated_python_finds_its_own_folder(project: Project, options: list[str], extra: dict[str, str]) -> None:
    command = [sys.executable, *options, "manage.py", "check"]
    done = subprocess.run(command, cwd=project.folder, env=project.environment(**extra), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_ctrl_c_ends_the_beginning_without_a_word() -> None:
    pretend = (
        "import runpy, sys, types; stub = types.ModuleType('crm.runtime.bootstrap'); sys.path.insert(0, '.')\n"
        "def inside_environment(_): raise KeyboardInterrupt\n"
        "stub.inside_environment = inside_environment; sys.modules[stub.__name__] = stub\n"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    said = subprocess.run([sys.executable, "-c", pretend], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


def test_a_fresh_clone_makes_its_environment_once(bare: Project, tmp_path: Path) -> None:
    for _ in range(2):
        assert bootstrap(bare, tmp_path).wait() == 0
    made, installed = asked(tmp_path)
    assert made.startswith("venv ")
    assert "--require-hashes" in installed and "requirements.lock" in installed and "requirements-dev.lock" not in installed


def test_a_changed_lock_file_is_installed_into_the_same_environment(bare: Project, tmp_path: Path) -> None:
    assert bootstrap(bare, tmp_path).wait() == 0
    with (bare.folder / "requirements.lock").open("a") as lock:
        lock.write("# another line\n")
    assert bootstrap(bare, tmp_path).wait() == 0
    assert [line.split()[0] for line in asked(tmp_path)] == ["venv", "pip", "pip"]


def test_the_tools_for_tests_come_when_they_are_wanted_and_stay(bare: Project, tmp_path: Path) -> None:
    for words in ([], ["--dev"], []):
        assert bootstrap(bare, tmp_path, *words).wait() == 0
    assert ["requirements-dev.lock" in line for line in asked(tmp_path)] == [False, False, True]
    assert set(json.loads((bare.folder / ".venv" / "tern-libraries.json").read_text())) == {"requirements.lock", "requirements-dev.lock"}


def test_an_environment_that_was_cut_off_is_made_anew(bare: Project, tmp_path: Path) -> None:
    (tmp_path / "log.cut").touch()
    assert bootstrap(bare, tmp_path).wait() == -9
    (bare.folder / ".venv" / "half").touch()
    (tmp_path / "log.cut").unlink()
    assert bootstrap(bare, tmp_path).wait() == 0
    assert [line.split()[0] for line in asked(tmp_path)] == ["venv", "pip", "venv", "pip"]
    assert not (bare.folder / ".venv" / "half").exists()


def test_two_starts_at_once_install_once(bare: Project, tmp_path: Path) -> None:
    both = [bootstrap(bare, tmp_path) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [line.split()[0] for line in asked(tmp_path)] == ["venv", "pip"]
    assert sum("Installing the libraries" in text for text in said) == 1


def test_a_folder_that_cannot_be_written_is_named() -> None:
    lines = "import crm.runtime.bootstrap as b, pathlib, errno; print(b._explain(OSError(errno.EROFS, 'Read-only file system')))"
    said = subprocess.run([sys.executable, "-c", lines], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"Tern cannot write to {REPOSITORY}, where its libraries go.")


def test_the_index_is_the_one_that_pip_is_told_of(tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://mirror.example/simple/\nextra-index-url =\n    https://a.example\n    https://b.example\n"
    )
    quiet = {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path)}
    found = package_index({**quiet, "PIP_CONFIG_FILE": str(settings)})
    assert found.urls == ("https://mirror.example/simple", "https://a.example", "https://b.example")
    assert found.for_uv({})["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert found.for_uv({})["UV_INDEX"] == "https://a.example https://b.example"
    assert package_index({**quiet, "PIP_CONFIG_FILE": str(settings), "PIP_INDEX_URL": "https://own.example"}).url == "https://own.example"
    assert package_index({**quiet, "PIP_CONFIG_FILE": os.devnull}).urls == ("https://pypi.org/simple",)


@pytest.mark.parametrize(("file", "asked_for"), [("company.pem", True), ("missing.pem", False)])
def test_the_installer_trusts_the_certificates_of_this_machine(tmp_path: Path, file: str, asked_for: bool) -> None:
    (tmp_path / "company.pem").touch()
    environment = {**os.environ, "SSL_CERT_FILE": str(tmp_path / file), "SSL_CERT_DIR": str(tmp_path / "none")}
    lines = "import crm.runtime.bootstrap as b; print('UV_SYSTEM_CERTS' in b._environment_for_uv())"
    said = subprocess.run([sys.executable, "-c", lines], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(asked_for)


def test_an_index_that_is_set_for_uv_wins(tmp_path: Path) -> None:
    environment = {
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://pip.example",
        "UV_INDEX_URL": "https://uv.example",
    }
    found = package_index(environment)
    assert found.url == "https://uv.example"
    assert "UV_DEFAULT_INDEX" not in found.for_uv(environment)


def an_index(folder: Path, content: bytes) -> PackageIndex:
    """An index of files with one wheel of uv."""
    page = folder / "uv"
    page.mkdir(parents=True)
    (page / wheel()[0]).write_bytes(content)
    (page / "index.html").write_text(f'<a href="uv-0.0.1.tar.gz">older</a> <a href="{wheel()[0]}#sha256=0">this</a>')
    return PackageIndex(folder.as_uri(), (), (), "", (), "")


def test_without_pip_uv_is_fetched_from_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "made.whl"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(f"uv-{VERSION}.data/scripts/uv", "#!/bin/sh\n")
    content = archive.read_bytes()
    name = wheel()[0]
    monkeypatch.setattr("crm.runtime.uv.wheel", lambda: (name, hashlib.sha256(content).hexdigest()))
    _by_download(tmp_path, an_index(tmp_path / "index", content))
    assert os.access(tmp_path / "bin" / "uv", os.X_OK)


def test_a_uv_that_is_not_the_trusted_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="not the one that Tern trusts"):
        _by_download(tmp_path, an_index(tmp_path / "index", b"something else"))
    assert not (tmp_path / "bin" / "uv").exists()


def test_an_index_out_of_reach_is_named_without_its_password(tmp_path: Path) -> None:
    nowhere = PackageIndex("http://somebody:secret@127.0.0.1:9/simple", (), (), "", (), "2")
    with pytest.raises(CannotStart, match=r"from http://127\.0\.0\.1:9/simple") as fault:
        _by_download(tmp_path, nowhere)
    assert "secret" not in str(fault.value)
