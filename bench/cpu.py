"""Processor time of a piece of work: unlike wall time it says the same while others use the machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections


def cpu_seconds_of(work: Callable[[], object], alias: str) -> tuple[float, float]:
    """(of this process, of the PostgreSQL process behind the connection `alias`; 0 where that is on another machine)."""
    begun, begun_there = time.process_time(), _server(alias)
    work()
    return time.process_time() - begun, _server(alias) - begun_there


def _server(alias: str) -> float:
    connections[alias].ensure_connection()
    connection: Any = connections[alias].connection
    try:
        facts = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    except OSError:
        return 0.0
    name, _, rest = facts.rpartition(")")
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") if "postgres" in name else 0.0
