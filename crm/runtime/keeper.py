"""The process that keeps the embedded servers while anybody uses them: `python -m crm.runtime.keeper`.

Commands that use the servers hold a shared lock on lease.lock. The keeper stops the servers as soon as it can lock that file for
itself, which the kernel lets it do however the last user ended. The servers in turn get a signal when the keeper dies.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from crm.runtime import postgres, valkey
from crm.runtime.binaries import find_binaries
from crm.runtime.errors import CannotStart
from crm.runtime.files import Lock, read_json, write_json
from crm.runtime.passwords import ensure_secrets
from crm.runtime.places import DataDirectory, explain_os_error, service_user
from crm.runtime.processes import die_with_parent, stop_together
from crm.runtime.watchdog import Watchdog

LOOK_EVERY = 0.1
STOP_SECONDS = 5.0
NO_SIGNAL = 0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
Starter = Callable[[int], subprocess.Popen[bytes]]


class Server:
    """One child and how to start it again."""

    def __init__(self, name: str, starter: Starter, port: int, how_to_stop: int) -> None:
        self.name, self.starter, self.port, self.how_to_stop = name, starter, port, how_to_stop
        self.failures, self.not_before = 0, 0.0
        self.process = starter(port)

    def revive(self) -> bool:
        """Start the server again when it died, waiting longer each time. Whether it was started."""
        if self.process.poll() is None or time.monotonic() < self.not_before:
            return False
        self.failures = self.failures + 1 if time.monotonic() < self.not_before + STEADY_AFTER else 1
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        say(f"{self.name} ended unexpectedly ({self.process.returncode}); starting it again.")
        self.not_before = time.monotonic() + pause
        try:
            self.process = self.starter(self.port)
        except CannotStart as error:
            say(f"{error} Trying again in {pause:.0f} seconds.")
            return False
        return True


class Keeper:
    def __init__(self, data: DataDirectory, *, throw_away: bool) -> None:
        self.data, self.throw_away = data, throw_away
        self.servers: list[Server] = []
        self.watchdog = Watchdog()

    def start(self, report: Callable[[dict[str, object]], None]) -> None:
        """Bring both servers up. Raises CannotStart."""
        known = {name: value for name, value in read_json(self.data.servers).items() if name != "keeper_pid"}
        write_json(self.data.servers, known)
        user, fresh = service_user(), not self.data.postgres.exists()
        cluster = postgres.Cluster(self.data, find_binaries(user), user, ensure_secrets(self.data), self.throw_away)
        if fresh:
            report({"step": "Making the database"})
        postgres.initialise(cluster)
        report({"step": "Starting PostgreSQL and Valkey"})
        database = self._start("PostgreSQL", lambda port: postgres.start(cluster, port), known.get("postgres_port"), signal.SIGINT)
        self._ensure_roles(cluster, database.port)
        self._start("Valkey", lambda port: self._valkey(cluster, port), known.get("valkey_port"), signal.SIGTERM)
        self._note()

    def _note(self) -> None:
        """What clients and the next keeper need to know. The ports are used again, so that open consoles stay connected over a restart.

        With keeper_pid: the servers are up.
        """
        database, queue = self.servers
        self.watchdog.guard(database.process.pid, database.how_to_stop)
        self.watchdog.guard(queue.process.pid, queue.how_to_stop)
        ports = {"postgres_port": database.port, "valkey_port": queue.port}
        write_json(self.data.servers, {**ports, "keeper_pid": os.getpid(), "valkey_pid": queue.process.pid})

    def _start(self, name: str, starter: Starter, port: object, how_to_stop: int) -> Server:
        server = Server(name, starter, free_port(port), how_to_stop)
        self.servers.append(server)
        return server

    def _valkey(self, cluster: postgres.Cluster, port: int) -> subprocess.Popen[bytes]:
        password = cluster.secrets.valkey_password
        return valkey.start(self.data, cluster.binaries, cluster.user, password=password, port=port, throw_away=self.throw_away)

    def _ensure_roles(self, cluster: postgres.Cluster, port: int) -> None:
        done = self.data.postgres / "tern_roles_made"
        if not done.exists():
            postgres.ensure_roles(cluster, port)
            done.touch()

    def keep(self, lease: Lock) -> None:
        """Return when nobody holds a lease any more. Servers that die meanwhile are started again."""
        while not lease.try_take():
            revived = [server for server in self.servers if server.revive()]
            if revived:
                self._note()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        stop_together([(server.process, server.how_to_stop) for server in self.servers], within=STOP_SECONDS)
        self.watchdog.dismiss()


def free_port(wanted: object = None) -> int:
    """The wanted port where it is one and free, else any free one."""
    for port in (wanted, 0):
        if not isinstance(port, int) or not 0 <= port < 65536:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("No loopback port is free on this machine.")


def say(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, flush=True)


class Reporter:
    """Tells whoever started this keeper how far it is. They may have been killed: then servers not up yet are wanted by nobody."""

    def __init__(self, descriptor: int) -> None:
        self.file = os.fdopen(descriptor, "w", buffering=1)

    def say(self, line: dict[str, object]) -> None:
        try:
            print(json.dumps(line), file=self.file)
        except BrokenPipeError:
            if "step" in line:
                raise SystemExit(0) from None

    def end(self) -> None:
        with suppress(BrokenPipeError):
            self.file.close()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--report", type=int, required=True, help="file descriptor for progress, one JSON object per line")
    parser.add_argument("--throw-away", action="store_true")
    parser.add_argument("--delete", action="store_true")
    asked = parser.parse_args()
    data = DataDirectory(asked.data)
    life = Lock(data.lock("keeper"))
    life.take()
    keeper = Keeper(data, throw_away=asked.throw_away)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return _run(keeper, data, Reporter(asked.report))
    finally:
        keeper.stop()
        if asked.delete:
            shutil.rmtree(data.path, ignore_errors=True)


def _run(keeper: Keeper, data: DataDirectory, report: Reporter) -> int:
    try:
        die_with_parent(signal.SIGTERM)
        keeper.start(report.say)
        die_with_parent(NO_SIGNAL)
        report.say({"ready": True})
        report.end()
        keeper.keep(Lock(data.lock("lease")))
    except CannotStart as error:
        report.say({"error": str(error)})
        return 1
    except OSError as error:
        report.say({"error": explain_os_error(error, data.path)})
        return 1
    except SystemExit:
        pass
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
