"""A worker process of its own over the test database, and a mail server that can be told to hang."""

import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as Django needs. `received` holds the subjects; with `hangs` it never says that it took a mail."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[str] = []
        self.hangs = False
        self.holding = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        subject = next(line for line in lines if line.startswith("Subject:"))
        self.server.received.append(subject.removeprefix("Subject:").strip())
        if self.server.hangs:
            self.server.holding.set()
            time.sleep(60)
        self.say("250 taken")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def queue() -> str:
    """A queue of this test alone, so that no other worker takes its tasks."""
    return f"test-{uuid4().hex[:8]}"


def environment(mail_server: MailServer) -> dict[str, str]:
    facts = connections["default"].settings_dict
    address = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{address}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.server_address[1]}",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


@pytest.fixture
def start_worker(mail_server: MailServer, queue: str) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """`start_worker()`: a real worker process for the test's queue, and for the mails that its ticks ask for."""
    started: list[subprocess.Popen[bytes]] = []
    command = [sys.executable, "-m", "celery", "-A", "crm.config", "worker", "-Q", f"{queue},mail", "--pool", "solo", "-l", "WARNING"]
    quick = ["--without-gossip", "--without-mingle", "--without-heartbeat"]

    def start() -> subprocess.Popen[bytes]:
        name = ["-n", f"{queue}-{len(started)}@{socket.gethostname()}"]
        worker = subprocess.Popen([*command, *quick, *name], env=environment(mail_server), cwd=settings.BASE_DIR, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)


def until(condition: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait for it; fails the test when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")
