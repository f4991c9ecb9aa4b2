"""How a command gets hold of the embedded servers: a lease for as long as it runs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from crm.runtime import postgres, valkey
from crm.runtime.errors import CannotStart
from crm.runtime.files import Lock, locked, read_json
from crm.runtime.passwords import load_secrets
from crm.runtime.places import PROJECT, DataDirectory, explain_os_error

STOP_SECONDS = 15.0
Announce = Callable[[str], None]


def quiet(_: str) -> None:
    """Announces nothing."""


def own_servers() -> bool:
    """Whether the servers are given from outside. Raises CannotStart where only half of them, or no secret, is."""
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name, "").strip()]
    if len(given) == 1:
        missing = "REDIS_URL" if given == ["DATABASE_URL"] else "DATABASE_URL"
        raise CannotStart(f"{given[0]} is set and {missing} is not. Set both to use servers of your own, or neither for the embedded ones.")
    if given and not os.environ.get("SECRET_KEY", "").strip():
        raise CannotStart("SECRET_KEY is not set. Every session and token is signed with it: set a long random text and keep it.")
    return bool(given)


class Lease:
    """The embedded servers, running until the last lease on their data directory ends.

    `throw_away`: servers for tests. `delete`: the directory goes when they stop. Raises CannotStart.
    """

    def __init__(self, data: DataDirectory, *, throw_away: bool = False, delete: bool = False, announce: Announce = quiet) -> None:
        self.data = data
        self._how = (throw_away, delete)
        self._started: subprocess.Popen[bytes] | None = None
        data.prepare()
        try:
            self._lease, self._keeper = Lock(data.lock("lease")), Lock(data.lock("keeper"))
            with locked(data.lock("start")):
                self._lease.take(shared=True)
                self._ensure_keeper(announce)
        except OSError as error:
            raise CannotStart(explain_os_error(error, data.path)) from error

    def revive(self) -> bool:
        """Start the servers again where their keeper was killed. Whether that was so. Raises CannotStart."""
        if self._keeper_lives():
            return False
        with locked(self.data.lock("start")):
            return self._ensure_keeper(quiet)

    def _keeper_lives(self) -> bool:
        free = self._keeper.try_take()
        if free:
            self._keeper.release()
        return not free

    def _ensure_keeper(self, announce: Announce) -> bool:
        """Whether it was started now. One that lives and is not ready, though nobody starts it, lost its starter and is about to end."""
        if self._keeper_lives():
            if "keeper_pid" in read_json(self.data.servers):
                return False
            self._keeper.wait_free(STOP_SECONDS)
        self._start_keeper(announce)
        return True

    def _start_keeper(self, announce: Announce) -> None:
        throw_away, delete = self._how
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "crm.runtime.keeper", str(self.data.path), "--report", str(writing)]
        command += ["--throw-away"] * throw_away + ["--delete"] * delete
        with (self.data.logs / "keeper.log").open("ab") as log:
            keeper = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[writing],
                cwd=PROJECT,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
            )
        os.close(writing)
        self._started = keeper
        try:
            self._await(keeper, reading, announce)
        except BaseException:  # Ctrl-C too: what does not come up is not left to find that out by itself
            keeper.terminate()
            with suppress(subprocess.TimeoutExpired):
                keeper.wait(STOP_SECONDS)
            raise

    def _await(self, keeper: subprocess.Popen[bytes], reading: int, announce: Announce) -> None:
        """Return when the servers are up."""
        with os.fdopen(reading, encoding="utf-8") as reports:
            for line in reports:
                report = json.loads(line)
                if "step" in report:
                    announce(f"{report['step']} …")
                if "ready" in report:
                    return
                if "error" in report:
                    keeper.wait()
                    raise CannotStart(str(report["error"]))
        keeper.wait()
        raise CannotStart(f"The embedded servers did not start. The reason is at the end of {self.data.logs / 'keeper.log'}.")

    def environment(self) -> dict[str, str]:
        """The variables by which Django finds the servers and signs its sessions."""
        ports, secrets = read_json(self.data.servers), load_secrets(self.data)
        if secrets is None:
            raise CannotStart(f"{self.data.secrets} has gone while its database runs. Restore it from a backup.")
        host = f"127.0.0.1:{ports['postgres_port']}/{postgres.DATABASE}"
        return {
            "DATABASE_URL": f"postgresql://{postgres.APP}:{secrets.app_password}@{host}",
            "MIGRATION_DATABASE_URL": f"postgresql://{postgres.OWNER}:{secrets.owner_password}@{host}",
            "REDIS_URL": valkey.url(secrets.valkey_password, int(ports["valkey_port"])),
            "SECRET_KEY": secrets.secret_key,
            "TERN_DATA_DIR": str(self.data.path),
        }

    def close(self) -> bool:
        """Give the lease back. Where it was the last one, wait until the servers have stopped. False: others still use them."""
        self._lease.release()
        last = not self._lease.try_take(shared=True) or self._is_last()
        self._lease.close()
        if last:
            self._keeper.wait_free(STOP_SECONDS)
            if self._started is not None:
                with suppress(subprocess.TimeoutExpired):
                    self._started.wait(STOP_SECONDS)
        self._keeper.close()
        return last

    def _is_last(self) -> bool:
        """Whether nobody else holds a lease: then it can be had alone. It is let go again for the keeper to take."""
        last = self._lease.try_take()
        with suppress(OSError):
            self._lease.release()
        return last

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
