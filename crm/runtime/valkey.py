"""The embedded Valkey: the Redis protocol on a free loopback port, with a password, and a log that survives a restart."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from crm.runtime.binaries import Binaries
from crm.runtime.errors import CannotStart
from crm.runtime.files import read_json
from crm.runtime.places import DataDirectory, ServiceUser, explain_os_error
from crm.runtime.processes import spawn, stop_stray

START_SECONDS = 60


def url(password: str, port: int) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def start(
    data: DataDirectory, binaries: Binaries, user: ServiceUser | None, *, password: str, port: int, throw_away: bool
) -> subprocess.Popen[bytes]:
    """The running server, once it answers. Raises CannotStart with its own reason."""
    _stop_left_behind(data)
    _make_folder(data.valkey, user)
    log = data.logs / "valkey.log"
    with log.open("ab") as output:
        began = output.tell()
        server = spawn(
            [binaries.valkey, "-"],
            user=user,
            death_signal=signal.SIGTERM,
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
            stdin=subprocess.PIPE,
            output=output,
        )
    _configure(server, _configuration(data.valkey, password, port, throw_away=throw_away))
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        if _answers(port, password):
            return server
        time.sleep(0.02)
    server.kill()
    server.wait()
    raise CannotStart(_why(log.read_bytes()[began:].decode(errors="replace"), data.valkey, log))


def _stop_left_behind(data: DataDirectory) -> None:
    pid = read_json(data.servers).get("valkey_pid")
    if isinstance(pid, int):
        stop_stray(pid, "valkey-server")


def _make_folder(folder: Path, user: ServiceUser | None) -> None:
    try:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        if user:
            os.chown(folder, user.uid, user.gid)
    except OSError as error:
        raise CannotStart(explain_os_error(error, folder)) from error


def _configuration(folder: Path, password: str, port: int, *, throw_away: bool) -> str:
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{quoted}"',
        "daemonize no",
        "maxmemory-policy noeviction",
        'save ""',
        f"appendonly {'no' if throw_away else 'yes'}",
        "appendfsync everysec",
    ]
    return "\n".join([*lines, ""])


def _configure(server: subprocess.Popen[bytes], configuration: str) -> None:
    """On its standard input, so that the password stands in no list of processes."""
    assert server.stdin is not None
    try:
        server.stdin.write(configuration.encode())
        server.stdin.close()
    except BrokenPipeError:
        server.wait()


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\n") < 2:
                more = connection.recv(256)
                if not more:
                    return False
                said += more
            return b"+PONG" in said
    except OSError:
        return False


def _why(said: str, folder: Path, log: Path) -> str:
    if "No space left on device" in said:
        return f"The disk that holds {folder} is full. Make room, then start again; nothing was damaged."
    telling = [line for line in said.splitlines() if " # " in line or "FATAL" in line or "***" in line]
    reason = telling[-1].split(" # ", 1)[-1].strip() if telling else "it gave no reason"
    advice = f" Move {folder} away and start again: the queue begins empty, and the records are in PostgreSQL." if "AOF" in reason else ""
    return f"Valkey did not start on {folder}: {reason.rstrip('.')}.{advice} Its log is {log}."
