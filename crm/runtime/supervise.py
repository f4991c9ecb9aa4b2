"""Keeps Tern's processes running until it is told to leave, and tells the terminal what a person needs to know."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from crm.runtime.children import Child
from crm.runtime.files import keep_logs_small
from crm.runtime.preparation import Preparation
from crm.runtime.processes import stop, stop_together
from crm.runtime.questions import demo_log_ins, first_run_code
from crm.runtime.servers import Lease
from crm.runtime.watchdog import Watchdog

LOOK_EVERY = 0.2
LOGS_EVERY = 30.0
STOP_SECONDS = 3.0
CORES_FOR_ALL_AT_ONCE = 4
Say = Callable[[str], None]


class Supervisor:
    """`children`: web first. `lease`: the embedded servers, None for servers of one's own. `demo`: the command that loads it, if any."""

    def __init__(
        self, children: Sequence[Child], lease: Lease | None, preparation: Preparation, demo: subprocess.Popen[bytes] | None, say: Say
    ) -> None:
        self.children, self.lease, self.preparation, self.demo, self.say = children, lease, preparation, demo, say
        self.guard = Watchdog()
        self.logs_again = 0.0

    def run(self, host: str, port: int) -> None:
        """Never returns. Raises CannotStart where a process never comes up, and lets the caller's own exceptions through."""
        web, *others = self.children
        self._start(web)
        if (os.cpu_count() or 1) >= CORES_FOR_ALL_AT_ONCE:
            self._start(*others)
        while not web.answers(host, port):
            self._look()
        self._start(*(child for child in others if not child.pid))
        self._welcome()
        while True:
            self._look()

    def _start(self, *children: Child) -> None:
        for child in children:
            child.start()
            self.guard.guard(child.pid, signal.SIGTERM)

    def _look(self) -> None:
        time.sleep(LOOK_EVERY)
        if self.lease is not None and time.monotonic() > self.logs_again:
            keep_logs_small(self.lease.data.logs)
            self.logs_again = time.monotonic() + LOGS_EVERY
        for child in self.children:
            if child.revive(self.say):
                self.guard.guard(child.pid, signal.SIGTERM)
        if self.lease is not None and self.lease.revive():
            self.say("The embedded servers had ended; they are running again.")

    def _welcome(self) -> None:
        environment = self.preparation.environment
        self.say(f"\nTern is running at {environment['TERN_BASE_URL']}")
        while self.demo is not None and self.demo.poll() is None:
            self._look()
        log_ins = self._demo_loaded(self.demo) if self.demo is not None else demo_log_ins(environment)
        if log_ins is not None:
            self.say("\n".join(["Sign in to the demo organization as", *(f"  {line}" for line in log_ins)]))
        elif code := first_run_code(environment):
            self.say(f"Make the first organization and its administrator there with this code, which works once: {code}")
        if self.lease is not None:
            self.say(f"Data and logs are in {self.lease.data.path}.")
        self.say("Ctrl-C stops everything.")

    def _demo_loaded(self, demo: subprocess.Popen[bytes]) -> list[str] | None:
        """Its log-ins. An earlier start may have made it and been killed before it could note that."""
        said = demo.communicate()[0].decode(errors="replace").strip()
        log_ins = said.splitlines() if demo.returncode == 0 else demo_log_ins(self.preparation.environment)
        if log_ins is None:
            self.say(f"The demo organization could not be loaded; the next start tries again. {self.preparation.failure('demo', said)}")
        else:
            self.preparation.first_start_is_over()
        return log_ins

    def stop(self) -> None:
        """Everything that runs here, at once: a slow machine has no time to do it in turns."""
        if self.demo is not None:
            stop(self.demo, signal.SIGKILL, within=0)
        running = [(child.process, signal.SIGTERM) for child in self.children if child.process is not None]
        stop_together(running, within=STOP_SECONDS, group=True)
        self.guard.dismiss()
