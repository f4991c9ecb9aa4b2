"""The tables for people say what the JSON says, and mark what missed its goal."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bench.measure import Cell, Growth, Times
from bench.report import as_data
from bench.writes import EDITED


def cell(case: str, person: str, page: float, size: int = 91_000) -> Cell:
    return Cell(case, person, 1_000_000, 1000, Times(page, 2 * page), Times(0.01, 0.02), 6, 4, 1, 0.005, 0.004, size, EDITED, 30)


def test_pages_changes_and_growth_stand_in_their_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [cell("list", "one-percent", 0.025), cell("list", "everything", 0.15), cell("edit", "everything", 0.05, size=0)]
    growth = Growth("list", "third", "third", 3000, 300_000, 0.1, 0.14)
    data: dict[str, Any] = {
        "machine": {"processors": 2}, "cells": as_data(cells), "import": {"rows": 100_000, "ratio": 0.0213},
        "growth": [growth.__dict__ | {"times": growth.times}],
    }  # fmt: skip
    path = tmp_path / "bench.json"
    path.write_text(json.dumps(data))
    call_command("bench", markdown=str(path))
    text = capsys.readouterr().out
    assert "| list |  | 25 / 50 · 2.5x |  |  | 150 / 300 · 15.0x **!** | 6 | 91 |" in text
    assert "| edit | 50.0 / 100.0 | 10.0 | 5.0 | 6 + 1 |" in text
    assert "| list | third | 3,000 | third | 300,000 | 100.0 | 140.0 | 1.40 **!** |" in text
    assert "- rows: 100,000\n- ratio: 0.0213" in text


def test_what_is_no_bench_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no bench"):
        call_command("bench", markdown=str(tmp_path / "nothing.json"))
