"""The command lines of Tern's three processes. `manage.py web`, `worker` and `scheduler` become one of them, for containers."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crm.runtime.errors import CannotStart
from crm.runtime.places import PROJECT
from crm.runtime.questions import first_run_code, refuse_public_demo
from crm.runtime.servers import own_servers

QUEUES = "default,mail,bulk,sends"
CELERY = [sys.executable, "-m", "celery", "-A", "crm.config"]


def web(host: str, port: int, environment: Mapping[str, str]) -> list[str]:
    workers = environment.get("WEB_WORKERS") or str(min(2, os.cpu_count() or 1))
    command = [sys.executable, "-m", "granian", "crm.config.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--host", host, "--port", str(port), "--workers", workers, "--blocking-threads", "4"]
    return [*command, "--respawn-failed-workers", "--workers-kill-timeout", "2"]


def worker(environment: Mapping[str, str]) -> list[str]:
    concurrency = environment.get("WORKER_CONCURRENCY") or "2"
    return [*CELERY, "worker", "-Q", QUEUES, "-c", concurrency, "-l", _level(environment), "--without-gossip", "--without-mingle"]


def scheduler(environment: Mapping[str, str], schedule: Path | None = None) -> list[str]:
    """`schedule`: the file in which beat keeps when it last did what; it may be lost."""
    kept = schedule or Path(tempfile.mkdtemp(prefix="tern-scheduler-")) / "schedule"
    return [*CELERY, "beat", "-s", str(kept), "--pidfile=", "-l", _level(environment)]


def _level(environment: Mapping[str, str]) -> str:
    return environment.get("LOG_LEVEL") or "INFO"


def main(words: list[str]) -> int:
    """Become the web, worker or scheduler process. Raises CannotStart without servers of one's own."""
    if not own_servers():
        raise CannotStart(f"`manage.py {words[0]}` needs servers of your own: set DATABASE_URL and REDIS_URL. Or use `manage.py up`.")
    command = {"web": _web, "worker": _worker, "scheduler": _scheduler}[words[0]](words[1:])
    os.chdir(PROJECT)
    os.execv(command[0], command)  # noqa: S606 - the process itself, without one above it


def _worker(_: list[str]) -> list[str]:
    return worker(os.environ)


def _scheduler(_: list[str]) -> list[str]:
    return scheduler(os.environ)


def _web(arguments: list[str]) -> list[str]:
    parser = argparse.ArgumentParser(prog="manage.py web", description="Serve Tern's pages.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args(arguments)
    refuse_public_demo(asked.host, dict(os.environ))
    if code := first_run_code(dict(os.environ)):
        where = os.environ.get("TERN_BASE_URL") or f"http://localhost:{asked.port}"
        print(
            f"There is no organization yet. Make it and its administrator at {where} with this code, which works once: {code}", flush=True
        )
    return web(asked.host, asked.port, os.environ)
