"""What is wrong around Tern is said in one sentence, ends with an exit code, and leaves nothing half-made."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.conftest import Project, folder_others_can_enter

pytestmark = pytest.mark.slow
ASK = ("shell", "--no-imports", "-c", "from django.db import connection as c; x = c.cursor(); x.execute('SELECT 1'); print('asked')")


def sentence(project: Project, *words: str, **extra: str) -> str:
    """What a failing command says."""
    said = project.manage(*(words or ASK), **extra)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1, said.stderr
    assert project.family() == {}
    return said.stderr.strip()


@pytest.fixture
def spoilt(made_project: Project) -> Iterator[Path]:
    """The database's folder, put back as it was afterwards."""
    folder, kept = made_project.data / "postgres", made_project.data / "kept"
    shutil.copytree(folder, kept, symlinks=True)
    owner = folder.stat()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    kept.rename(folder)
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)


def test_data_of_another_postgresql_is_named(made_project: Project, spoilt: Path) -> None:
    (spoilt / "PG_VERSION").write_text("16\n")
    said = sentence(made_project)
    assert "written by PostgreSQL 16" in said and "brings PostgreSQL 18" in said


def test_a_folder_that_is_no_database_is_named(made_project: Project, spoilt: Path) -> None:
    (spoilt / "PG_VERSION").unlink()
    assert "damaged: its PG_VERSION is missing" in sentence(made_project)


@pytest.mark.parametrize("content", ["", "not a number\n"])
def test_a_version_that_is_none_is_damage(made_project: Project, spoilt: Path, content: str) -> None:
    (spoilt / "PG_VERSION").write_text(content)
    assert "damaged: its PG_VERSION holds no version" in sentence(made_project)


def test_a_database_whose_rows_are_gone_is_not_waited_for(made_project: Project, spoilt: Path) -> None:
    shutil.rmtree(spoilt / "base")
    began = time.monotonic()
    assert "Its data is damaged. Restore it from a backup" in sentence(made_project)
    assert time.monotonic() - began < 20


def test_a_damaged_queue_may_be_moved_away(made_project: Project) -> None:
    logs = [path for path in (made_project.data / "valkey").rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() for path in logs}
    try:
        for path in logs:
            path.write_bytes(b"garbage\n")
        said = sentence(made_project)
        assert said.startswith("Valkey did not start") and f"Move {made_project.data / 'valkey'} away" in said
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


@pytest.mark.parametrize(
    "note", ["[1]", '{"postgres_port": "x", "valkey_port": -5, "valkey_pid": "a", "keeper_pid": 1}', '{"valkey_port": 99999}']
)
def test_an_odd_note_of_the_ports_does_no_harm(made_project: Project, note: str) -> None:
    (made_project.data / "servers.json").write_text(note)
    assert made_project.manage(*ASK).stdout.strip() == "asked"


def test_a_file_in_place_of_the_folder_is_named(project: Project) -> None:
    where = project.folder / "a file"
    where.touch()
    assert sentence(project, *ASK, "--data-dir", str(where)).startswith(f"{where} is a file, and Tern's data needs a folder.")


def test_a_damaged_control_file_gives_postgresqls_own_reason(made_project: Project, spoilt: Path) -> None:
    (spoilt / "global" / "pg_control").write_bytes(b"\0" * 8192)
    said = sentence(made_project)
    assert said.startswith("PostgreSQL did not start on") and "postgres.log" in said


def test_lost_passwords_are_not_made_anew_over_a_database(made_project: Project) -> None:
    secrets = made_project.data / "secrets.json"
    kept = secrets.rename(secrets.with_name("elsewhere"))
    try:
        assert "secrets.json is missing or damaged" in sentence(made_project)
    finally:
        kept.rename(secrets)


def test_a_note_of_a_dead_server_does_not_stop_the_next(made_project: Project) -> None:
    note = made_project.data / "postgres" / "postmaster.pid"
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        note.write_text(f"{other.pid}\n{made_project.data / 'postgres'}\n")
        note.chmod(0o644)
        assert made_project.manage(*ASK).stdout.strip() == "asked"
        assert other.poll() is None, "a stranger's process is left alone"
    finally:
        other.kill()
        other.wait()


def test_an_unfinished_database_is_cleared_away(project: Project) -> None:
    project.data.mkdir()
    half_made = project.data / ".postgres-new-abc"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    assert project.manage(*ASK).stdout.strip() == "asked"
    assert not half_made.exists()
    assert sorted(path.name for path in project.data.glob(".*")) == []


def test_nobody_but_the_owner_reads_the_passwords(made_project: Project) -> None:
    assert (made_project.data / "secrets.json").stat().st_mode & 0o077 == 0
    assert (made_project.data / "postgres").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_named(project: Project) -> None:
    if sys.platform != "linux":
        pytest.skip("needs a folder that not even root can write to")
    said = sentence(project, *ASK, "--data-dir", "/sys/tern")
    assert "Tern cannot write to /sys/tern" in said or "cannot use /sys/tern" in said


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 200 MB."""
    folder = folder_others_can_enter()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def fill(disk: Path, leaving: int) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file:
        left = shutil.disk_usage(disk).free - leaving
        while left > 0:
            left -= file.write(b"\0" * min(left, 2**20))
    return filler


def test_a_disk_without_room_gets_no_half_made_database(project: Project, small_disk: Path) -> None:
    fill(small_disk, leaving=20 * 2**20)
    assert "Make room, then start again" in sentence(project, *ASK, "--data-dir", str(small_disk / "data"))
    assert [path.name for path in (small_disk / "data").iterdir() if "postgres" in path.name] == []


def test_a_full_disk_stops_the_start_and_a_freed_one_does_not(project: Project, small_disk: Path) -> None:
    where = ["--data-dir", str(small_disk / "data")]
    assert project.manage(*ASK, *where).stdout.strip() == "asked"
    filler = fill(small_disk, leaving=0)
    assert "is full. Make room" in sentence(project, *ASK, *where)
    filler.unlink()
    assert project.manage(*ASK, *where).stdout.strip() == "asked"


def test_servers_of_ones_own_need_both_addresses_and_a_secret(project: Project) -> None:
    database, queue = {"DATABASE_URL": "postgresql://a@127.0.0.1:1/a"}, {"REDIS_URL": "redis://127.0.0.1:1/0"}
    assert "DATABASE_URL is set and REDIS_URL is not" in sentence(project, **database)
    assert "REDIS_URL is set and DATABASE_URL is not" in sentence(project, **queue)
    for command in ("up", "web", "migrate"):
        assert "SECRET_KEY is not set" in sentence(project, command, **database, **queue)
    assert not project.data.exists()


def test_commands_that_touch_no_data_start_no_servers(project: Project) -> None:
    for command in (["check"], ["makemigrations", "--check"], ["collectstatic", "--no-input"], ["help"], ["migrate", "--help"]):
        done = project.manage(*command)
        assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr
    assert not project.data.exists()


WAIT = "from django.db import connection as c; x = c.cursor(); x.execute('SELECT 1'); print('asked', flush=True); input()"


def waiting_command(project: Project) -> subprocess.Popen[str]:
    """A command that has used the database and stays until its input is closed."""
    command = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", WAIT],
        cwd=project.folder,
        env=project.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    project.started.append(command)
    return command


def test_commands_at_the_same_time_share_one_server_and_the_last_one_stops_it(made_project: Project) -> None:
    ended, killed, last = commands = [waiting_command(made_project) for _ in range(3)]
    for command in commands:
        assert command.stdout and command.stdout.readline() == "asked\n"
    keepers = [pid for pid, command in made_project.family().items() if "crm.runtime.keeper" in command]
    assert len(keepers) == 1
    ended.communicate(timeout=20)
    killed.kill()
    time.sleep(0.5)
    assert keepers[0] in made_project.family(), "the third command still needs it"
    last.communicate(timeout=20)
    assert made_project.family() == {}


def test_kill_9_of_a_command_leaves_no_server(made_project: Project) -> None:
    command = waiting_command(made_project)
    assert command.stdout and command.stdout.readline() == "asked\n"
    command.kill()
    command.wait()
    made_project.until(lambda: not made_project.family(), 10)


def test_a_first_command_killed_while_servers_start_leaves_none_and_hinders_nobody(project: Project) -> None:
    first = waiting_command(project)
    project.until(lambda: any("crm.runtime.keeper" in command for command in project.family().values()))
    first.kill()
    first.wait()
    assert project.manage(*ASK).stdout.strip() == "asked", "not stopped by servers that are half up"
    project.until(lambda: not project.family(), 10)


def test_migrations_run_as_the_owner_and_the_app_may_not_make_tables(made_project: Project) -> None:
    owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'django_migrations'"
    look = f'from django.db import connection as c; x = c.cursor(); x.execute("{owner}"); print(x.fetchone()[0])'
    assert made_project.manage("shell", "--no-imports", "-c", look).stdout.strip() == "tern_owner"
    make = "from django.db import connection as c; c.cursor().execute('CREATE TABLE mine (id int)')"
    assert "permission denied for schema public" in made_project.manage("shell", "--no-imports", "-c", make).stderr


def test_the_data_directory_is_an_option_of_every_command(project: Project) -> None:
    elsewhere = project.folder.parent / "some data"
    assert project.manage("migrate", f"--data-dir={elsewhere}").returncode == 0
    assert json.loads((elsewhere / "servers.json").read_text())["postgres_port"]
    assert not project.data.exists()
