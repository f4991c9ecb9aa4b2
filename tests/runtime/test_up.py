"""`manage.py up`: what the person at the terminal sees, and what is left when it ends, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from crm.runtime.processes import is_running
from tests.runtime.conftest import REPOSITORY, Project, free_port

pytestmark = pytest.mark.slow
ASK_OWNER = (
    "from django.db import connections as c; x = c['owner'].cursor(); x.execute(\"{}\"); print(x.fetchone() if x.description else 'done')"
)


def ask(project: Project, statement: str) -> str:
    answer = project.manage("shell", "--no-imports", "-c", ASK_OWNER.format(statement))
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def keeper_of(project: Project) -> int:
    return int(json.loads((project.data / "servers.json").read_text())["keeper_pid"])


def test_everything_reports_that_it_is_well(running: Project) -> None:
    assert running.healthz() == (200, {"database": "ok", "cache": "ok", "worker": "ok"})


def test_a_second_start_on_the_same_data_is_refused_in_a_sentence(running: Project) -> None:
    second = running.manage("up", "--port", str(free_port()))
    assert second.returncode == 1
    assert "already running" in second.stderr and f"localhost:{running.port}" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_refused_before_anything_is_made(running: Project) -> None:
    elsewhere = running.folder.parent / "never made"
    second = running.manage("up", "--port", str(running.port), "--data-dir", str(elsewhere))
    assert second.returncode == 1
    assert f"Port {running.port} is taken" in second.stderr
    assert not elsewhere.exists()


def test_a_command_uses_the_servers_that_run(running: Project) -> None:
    before = keeper_of(running)
    assert ask(running, "SELECT current_user, current_setting('is_superuser')") == "('tern_owner', 'off')"
    assert keeper_of(running) == before
    assert running.healthz()[0] == 200


@pytest.mark.parametrize(
    "victim", ["granian crm.config.wsgi", "celery -A crm.config worker", "postgres -D", "valkey-server", "crm.runtime.keeper"]
)
def test_what_is_killed_comes_back(running: Project, victim: str) -> None:
    killed = running.pid_of(victim)
    os.kill(killed, signal.SIGKILL)
    running.until(lambda: any(victim in command and pid != killed for pid, command in running.family().items()), 30)
    running.until(lambda: running.healthz() == (200, {"database": "ok", "cache": "ok", "worker": "ok"}), 40)


def test_ctrl_c_stops_everything_and_the_next_start_finds_the_data(project: Project) -> None:
    first = project.up()
    ask(project, "CREATE TABLE kept AS SELECT 42 AS answer")
    said = first.stop(signal.SIGINT)
    assert first.process.returncode == 0
    assert project.family() == {}
    assert f"Tern is running at http://localhost:{project.port}" in said and "ada@demo.example  tern-demo" in said
    assert "Tern has stopped." in said

    refused = project.manage("up", "--host", "0.0.0.0", "--port", str(free_port()))
    assert refused.returncode == 1 and "does not listen on 0.0.0.0" in refused.stderr, "the demo stays on this machine"
    assert project.family() == {}

    second = project.up()
    assert ask(project, "SELECT answer FROM kept") == "(42,)"
    assert "Preparing" not in second.stop(), "the second start had nothing to prepare"


def test_kill_9_of_the_parent_leaves_no_process(project: Project) -> None:
    parent = project.up("--no-demo")
    assert "demo" not in parent.said
    assert "with this code, which works once: stub-code-1234" in parent.said
    project.until(lambda: project.healthz()[0] == 200)
    assert len(project.family()) > 6
    os.kill(parent.pid, signal.SIGKILL)
    parent.process.wait()
    project.until(lambda: not project.family(), 10)
    assert ask(project, "SELECT 1") == "(1,)"


WATCHED = """
import subprocess, time
from crm.runtime.watchdog import Watchdog
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
guard = Watchdog()
guard.guard(child.pid, 15)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_where_the_kernel_does_not_help_a_watchdog_ends_the_children() -> None:
    environment = {**os.environ, "TERN_WATCHDOG": "1"}
    parent = subprocess.Popen([sys.executable, "-c", WATCHED], env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    time.sleep(0.5)
    assert is_running(child)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(child)


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_is_none_is_named(project: Project, port: str) -> None:
    refused = project.manage("up", "--port", port)
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"{port} is no port. Choose one from 1 to 65535 with --port."
