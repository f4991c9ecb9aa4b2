"""The files for an operator are complete and agree with the code: .env.example, docker-compose.yml, the lock files."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crm.runtime import commands
from tests.runtime.conftest import REPOSITORY

OF_COMPOSE = {"POSTGRES_PASSWORD", "TERN_OWNER_PASSWORD", "TERN_APP_PASSWORD", "REDIS_PASSWORD", "PORT"}
OF_THE_RUNTIME = {"WEB_WORKERS", "WORKER_CONCURRENCY", "LOG_LEVEL", "TERN_DATA_DIR"}
COMPOSE = (REPOSITORY / "docker-compose.yml").read_text()


def explained() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (REPOSITORY / ".env.example").read_text(), re.MULTILINE))


def read_by_the_settings() -> set[str]:
    source = (REPOSITORY / "crm" / "config" / "settings.py").read_text()
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    assert explained() == read_by_the_settings() | OF_COMPOSE | OF_THE_RUNTIME


NOT_TERNS = re.compile(r"(PIP|UV|XDG|PYTHON)_?\w*|PATH|HOME|TZ|DJANGO_SETTINGS_MODULE")
BETWEEN_OUR_PROCESSES = {"TERN_SUPERVISED", "TERN_WATCHDOG", "TERN_TEST_SERVERS", "TERN_REQUIRE_BROWSER"}


def test_nothing_else_is_read_from_the_environment() -> None:
    read = re.compile(r"environ(?:ment)?(?:\.(?:get|pop|setdefault)\(|\[)\s*\"([A-Z_]+)\"")
    rooms = [path.parent for path in REPOSITORY.glob("*/apps.py")]
    sources = [path for room in (REPOSITORY / "crm", *rooms) for path in room.rglob("*.py")]
    names = {name for path in [*sources, REPOSITORY / "manage.py"] for name in read.findall(path.read_text())}
    assert {"WEB_WORKERS", "SECRET_KEY"} <= names, "the search finds what is there"
    assert {name for name in names if not NOT_TERNS.fullmatch(name)} - BETWEEN_OUR_PROCESSES <= explained()


def test_each_explanation_stands_above_its_setting() -> None:
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    settings = [number for number, line in enumerate(lines) if re.match(r"#?[A-Z][A-Z_]+=", line)]
    assert settings
    assert all(lines[number - 1].startswith("#") or re.match(r"#?[A-Z][A-Z_]+=", lines[number - 1]) for number in settings)


def test_compose_asks_for_nothing_that_is_not_explained() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) <= explained()


def test_compose_starts_every_process() -> None:
    services = set(re.findall(r"^  ([a-z]+):$", COMPOSE.split("\nservices:\n")[1].split("\nconfigs:\n")[0], re.MULTILINE))
    assert services == {"postgres", "redis", "migrate", "web", "worker", "scheduler"}
    for process in ("web", "worker", "scheduler"):
        assert re.search(rf"^    command: \.venv/bin/python manage\.py {process}\b", COMPOSE, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_hold_hashes_and_no_addresses(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"==", re.sub(r";.*", "", text)))


def test_lock_files_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    for name, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
    ):
        locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (REPOSITORY / name).read_text(), re.MULTILINE))
        for requirement in map(Requirement, wanted):
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), f"{requirement}: run manage.py relock"


def test_the_image_holds_every_package_of_the_project() -> None:
    packages = {path.parent.name for path in REPOSITORY.glob("*/apps.py")} | {"crm"}
    compiled = re.search(r"compileall -q ([a-z ]+)", (REPOSITORY / "Dockerfile").read_text())
    assert compiled and packages == set(compiled[1].split())


def test_the_script_of_the_checks_is_sound_bash() -> None:
    subprocess.run(["bash", "-n", str(REPOSITORY / ".ci" / "run")], check=True)


def programs(folder: Path, *, real: tuple[str, ...] = (), fake: dict[str, str]) -> Path:
    """A PATH of its own."""
    folder.mkdir()
    for name in real:
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, script in fake.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_checks_install_chromium_where_it_is_missing(tmp_path: Path) -> None:
    found = re.search(r"^install_chromium\(\) \{\n.*?^\}", (REPOSITORY / ".ci" / "run").read_text(), re.MULTILINE | re.DOTALL)
    assert found
    fake = {"apt-get": f'echo "$@" >> "{tmp_path}/asked"', "sudo": 'shift; exec "$@"'}
    path = programs(tmp_path / "bin", real=("id", "env"), fake=fake)
    call = ["/bin/bash", "-uc", f"{found[0]}\ninstall_chromium"]
    subprocess.run(call, env={"PATH": str(path)}, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[0].startswith("update") and asked[1].startswith("install") and asked[1].endswith(" chromium")
    (path / "chromium").symlink_to("/bin/true")
    subprocess.run(call, env={"PATH": str(path)}, check=True)
    assert len((tmp_path / "asked").read_text().splitlines()) == 2, "it is there now"


@pytest.mark.parametrize(("code", "told"), [("K7QM-2XPA-9DRT", True), ("", False)])
def test_the_log_of_the_web_process_has_the_code_of_the_first_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str, told: bool
) -> None:
    monkeypatch.setattr(commands, "first_run_code", lambda environment: code)
    monkeypatch.setenv("TERN_BASE_URL", "https://crm.example.com")
    assert "granian" in commands._web([])
    said = capsys.readouterr().out
    assert (f"at https://crm.example.com with this code, which works once: {code}\n" in said) is told
    assert told or not said
