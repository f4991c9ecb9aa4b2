"""The tables of docs/performance.md from what `manage.py bench --json` wrote."""

from collections.abc import Iterator
from statistics import median
from typing import Any

PEOPLE = {
    "tenth-percent": "0.1 %", "one-percent": "1 %", "third": "30 %", "whole-tree": "100 % by teams", "everything": "everything",
}  # fmt: skip
SORTED = ("list by", "filter")
MISSED = " **!**"


def tables(data: dict[str, Any]) -> str:
    """The machine, the pages at each size (p50 / p95 in ms · times the floor), the changes, the growth and the import."""
    cells = data["cells"]
    sizes = sorted({cell["customers"] for cell in cells}, reverse=True)
    parts = [_machine(data["machine"])]
    for size in sizes:
        pages = [cell for cell in cells if cell["customers"] == size and cell["size"]]
        parts.append(f"## Pages at {size:,} customers\n\n" + "\n".join(_pages(pages)))
    parts.append("## Changes\n\n" + "\n".join(_changes([cell for cell in cells if not cell["size"]])))
    parts.append("## Growth\n\n" + "\n".join(_growth(data.get("growth", []))))
    if "import" in data:
        parts.append("## Import\n\n" + "\n".join(f"- {key}: {_told(value)}" for key, value in data["import"].items()))
    return "\n\n".join(parts) + "\n"


def _machine(machine: dict[str, Any]) -> str:
    return "## The machine\n\n" + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in machine.items()) + "."


def _pages(cells: list[dict[str, Any]]) -> Iterator[str]:
    yield f"| page | {' | '.join(PEOPLE.values())} | data statements | kB |"
    yield "|---" * (len(PEOPLE) + 3) + "|"
    for case in dict.fromkeys(cell["case"] for cell in cells):
        row = {cell["person"]: cell for cell in cells if cell["case"] == case}
        shown = " | ".join(_cell(row[key]) if key in row else "" for key in PEOPLE)
        most, largest = (max(cell[key] for cell in row.values()) for key in ("data", "size"))
        yield f"| {case} | {shown} | {most}{MISSED if most > 12 else ''} | {largest / 1000:.0f} |"
    ratios = [cell["ratio"] for cell in cells if cell["case"].startswith(SORTED)]
    if ratios:
        yield f"\nSorts and filters: median {median(ratios):.1f}x, worst {max(ratios):.1f}x."


def _cell(cell: dict[str, Any]) -> str:
    """A search also says how long its statements took."""
    times = f"{1000 * cell['page']['p50']:.0f} / {1000 * cell['page']['p95']:.0f} · {cell['ratio']:.1f}x"
    statements = f" · {1000 * cell['statement_seconds']:.0f}" if cell["case"].startswith("search") else ""
    return times + statements + ("" if cell["reached"] else MISSED)


def _changes(cells: list[dict[str, Any]]) -> Iterator[str]:
    yield "| change | p50 / p95 ms | bare statement | times | statements |"
    yield "|---|---|---|---|---|"
    for cell in cells:
        p50, p95, floor = (1000 * seconds for seconds in (cell["page"]["p50"], cell["page"]["p95"], cell["floor"]["p50"]))
        missed = "" if cell["reached"] else MISSED
        yield f"| {cell['case']} | {p50:.1f} / {p95:.1f} | {floor:.1f} | {cell['ratio']:.1f}{missed} | {cell['data']} + {cell['frame']} |"


def _growth(growths: list[dict[str, Any]]) -> Iterator[str]:
    yield "| page | in the small one | sees | in the large one | sees | ms small | ms large | times |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in growths:
        times = f"{one['times']:.2f}{'' if one['times'] <= 1.3 else MISSED}"
        yield (
            f"| {one['case']} | {one['small']} | {one['small_sees']:,} | {one['large']} | {one['large_sees']:,} "
            f"| {1000 * one['before']:.1f} | {1000 * one['after']:.1f} | {times} |"
        )


def _told(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
