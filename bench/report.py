"""What a measurement says: a table for people, JSON for programs, and the machine it was taken on."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from django import get_version
from django.db import connection

from bench.measure import Cell, Growth

HEAD = (
    f"{'page':<26}{'person':<15}{'sees':>10}{'p50 ms':>9}{'p95 ms':>9}{'floor':>8}{'times':>7}"
    f"{'SQL ms':>8}{'(floor)':>8}{'data':>5}{'who':>4}{'frame':>6}{'kB':>7}"
)


def line(cell: Cell) -> str:
    """One row of the table; a "!" where the goal is missed."""
    return (
        f"{cell.case:<26}{cell.person:<15}{cell.sees:>10,}{1000 * cell.page.p50:>9.1f}{1000 * cell.page.p95:>9.1f}"
        f"{1000 * cell.floor.p50:>8.1f}{cell.ratio:>7.1f}{1000 * cell.statement_seconds:>8.1f}{1000 * cell.floor_statement_seconds:>8.1f}"
        f"{cell.data:>5}{cell.who:>4}{cell.frame:>6}{cell.size / 1000:>7.1f}{'' if cell.reached else ' !'}"
    )


def growth_line(growth: Growth) -> str:
    """One comparison; a "!" where the large organization takes more than 1.3 times as long."""
    return (
        f"growth {growth.case:<20}{growth.small:<15}{growth.small_sees:>8,} → {growth.large:<15}{growth.large_sees:>10,}"
        f"{1000 * growth.before:>9.1f}{1000 * growth.after:>9.1f}{growth.times:>7.2f}{'' if growth.times <= 1.3 else ' !'}"
    )


def import_line(imported: dict[str, Any]) -> str:
    return (
        f"import {imported['rows']:,} rows: {imported['import']:.1f} s, COPY {imported['copy']:.2f} s, ratio {imported['ratio']:.4f}"
        f"{'' if imported['ratio'] >= 0.02 else ' !'}, COPY into typed columns {imported['copy typed']:.2f} s, "
        f"processor {imported['cpu']['client']:.1f} s here and {imported['cpu']['server']:.1f} s in the database, "
        f"memory in MB: {imported['memory']}"
    )


def bulk_line(given: dict[str, Any]) -> str:
    cpu = given["cpu"]
    return (
        f"{given['rows']:,} records given to somebody else: {given['do']:.1f} s, the bare statement {given['bare']:.1f} s, "
        f"{given['times']:.1f} times{'' if given['times'] <= 6 else ' !'}, looked at before {given['look']:.1f} s, "
        f"taken back {given['undo']:.1f} s, processor {cpu['client']:.1f} s here and {cpu['server']:.1f} s in the database "
        f"({cpu['bare']:.1f} s for the bare statement)"
    )


def export_line(exported: dict[str, Any]) -> str:
    return (
        f"export {exported['rows']:,} rows: {exported['export']:.1f} s, COPY of the same query {exported['copy']:.1f} s, "
        f"ratio {exported['ratio']:.2f}{'' if exported['ratio'] >= 0.7 else ' !'}, COPY of the bare columns {exported['bare']:.1f} s, "
        f"processor {exported['cpu']['client']:.1f} s here and {exported['cpu']['server']:.1f} s in the database, "
        f"memory in MB: {exported['memory']}"
    )


def machine() -> dict[str, Any]:
    """Where it was measured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('shared_buffers'), current_setting('work_mem'), "
            "current_setting('fsync'), current_setting('jit'), pg_size_pretty(pg_database_size(current_database()))"
        )
        version, buffers, work, fsync, jit, size = cursor.fetchone()
    return {
        "processor": _from("/proc/cpuinfo", "model name") or platform.processor(),
        "processors": os.cpu_count(),
        "memory": _from("/proc/meminfo", "MemTotal"),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "django": get_version(),
        "postgresql": version,
        "shared_buffers": buffers,
        "work_mem": work,
        "fsync": fsync,
        "jit": jit,
        "database": size,
    }


def as_data(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    return [asdict(cell) | {"ratio": cell.ratio, "reached": cell.reached} for cell in cells]


def median_ratio(cells: Iterable[Cell]) -> float:
    return median(cell.ratio for cell in cells)


def _from(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((text.partition(":")[2].strip() for text in lines if text.startswith(key)), "")
