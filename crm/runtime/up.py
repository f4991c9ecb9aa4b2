"""`manage.py up`: the whole of Tern in one terminal, from nothing to a page, until Ctrl-C."""

import argparse
import os
import signal
import socket
import sys
from contextlib import ExitStack
from types import FrameType

from crm.runtime.children import processes
from crm.runtime.errors import CannotStart
from crm.runtime.files import Lock, read_json, write_json
from crm.runtime.places import DataDirectory, data_directory
from crm.runtime.preparation import Preparation
from crm.runtime.questions import is_loopback, refuse_public_demo
from crm.runtime.servers import Lease, own_servers
from crm.runtime.supervise import Supervisor


def main(words: list[str]) -> int:
    """Run until a signal. Returns 0 after an ordered stop. Raises CannotStart with one sentence, and leaves nothing running."""
    options = _options(words[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    with ExitStack() as undo:
        try:
            _run(options, undo)
        except Leave:
            say("\nStopping …")
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
    say("Tern has stopped.")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Tern: database, queue, web, worker and scheduler.")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1, this machine alone)")
    parser.add_argument("--data-dir", help="where the embedded servers keep their data (default: .tern here, or TERN_DATA_DIR)")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo organization on the very first start")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, undo: ExitStack) -> None:
    say("Starting Tern")
    lease = None
    if not own_servers():
        data = data_directory()
        if not data.lock("up").exists():
            _check_port(options.host, options.port)
        data.prepare()
        _claim(data, options, undo)
        _check_port(options.host, options.port)
        lease = Lease(data, announce=step)
        undo.callback(_give_back, lease)
        os.environ.update(lease.environment())
    else:
        _check_port(options.host, options.port)
    if not os.environ.get("TERN_BASE_URL", "").strip():
        os.environ["TERN_BASE_URL"] = f"http://localhost:{options.port}"
    environment = {**os.environ, "TERN_SUPERVISED": "1"}
    preparation = Preparation(lease.data if lease else None, environment)
    preparation.run(step)
    refuse_public_demo(options.host, environment)
    demo = preparation.begin_demo(wanted=not options.no_demo and is_loopback(options.host))
    step("Starting web, worker and scheduler, and loading the demo organization" if demo else "Starting web, worker and scheduler")
    children = processes(options.host, options.port, lease.data if lease else None, environment)
    supervisor = Supervisor(children, lease, preparation, demo, say)
    undo.callback(supervisor.stop)
    supervisor.run(options.host, options.port)


def _claim(data: DataDirectory, options: argparse.Namespace, undo: ExitStack) -> None:
    """One `up` per data directory."""
    lock = Lock(data.lock("up"))
    if not lock.try_take():
        running = read_json(data.path / "up.json")
        raise CannotStart(
            f"Tern is already running on {data.path} (process {running.get('pid', 'unknown')}, {running.get('address', 'starting')}). "
            "Stop it first, or give another --data-dir."
        )
    write_json(data.path / "up.json", {"pid": os.getpid(), "address": f"http://localhost:{options.port}"})
    undo.callback(lock.close)


def _check_port(host: str, port: int) -> None:
    """Raises CannotStart where something listens there already."""
    if not 0 < port < 65536:
        raise CannotStart(f"{port} is no port. Choose one from 1 to 65535 with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise CannotStart(f"{host} port {port} is no address of this machine ({error}).") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise CannotStart(f"Only root may use port {port}. Choose one above 1023 with --port.") from error
        except OSError as error:
            raise CannotStart(f"Port {port} is taken by another program. Choose another one with --port, such as {port + 1}.") from error


def _give_back(lease: Lease) -> None:
    if not lease.close():
        say("Another command still uses the database; it stops when that one ends.")


class Leave(BaseException):
    """A signal asked for the end."""


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Leave


def step(line: str) -> None:
    say(f"  {line.removesuffix(' …')} …")


def say(line: str) -> None:
    print(line, file=sys.stdout, flush=True)
