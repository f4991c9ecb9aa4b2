"""Importing in a test: a file as text, the dry run and the import as whoever asks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    if configured.configured:
        settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def check() -> Callable[..., Any]:
    """`check(text, by=alice, kind="contact", match=["email"], …)`: the import after its dry run. Other arguments are its options."""
    return _check


@pytest.fixture
def bring() -> Callable[..., Any]:
    """As `check`, and then imported."""

    def bring_in(content: str | bytes, **arguments: Any) -> Any:
        return commit(_check(content, **arguments), arguments["by"])

    return bring_in


def _check(
    content: str | bytes,
    *,
    by: Any,
    kind: str = "customer",
    match: list[str] | None = None,
    mode: str = "",
    owner: Any = None,
    **options: Any,
) -> Any:
    from crm.fields.record_types import record_types
    from crm.imports import actions
    from crm.imports.models import Import
    from crm.imports.options import Options
    from crm.jobs.models import State
    from crm.jobs.run import run_here

    data = content.encode() if isinstance(content, str) else content
    run = actions.begin_import(record_types[kind], "file.csv", [data], by=by, options=Options(**options))
    run.match = run.match if match is None else match
    run.mode = mode or run.mode
    run.owner = owner or run.owner
    job = run_here(actions.start_check(run, by=by, queue_now=False))
    assert job.state == State.DONE, job.error
    return Import.objects.get(pk=run.pk)


def commit(run: Any, by: Any) -> Any:
    from crm.imports import actions
    from crm.imports.models import Import
    from crm.jobs.models import State
    from crm.jobs.run import run_here

    job = run_here(actions.start_commit(run, by=by, queue_now=False))
    assert job.state == State.DONE, job.error
    return Import.objects.get(pk=run.pk)


def undo(run: Any, by: Any) -> dict[str, Any]:
    from crm.imports import actions
    from crm.jobs.models import State
    from crm.jobs.run import run_here

    job = run_here(actions.start_undo(run, by=by, queue_now=False))
    assert job.state == State.DONE, job.error
    return dict(job.result)


def counts(run: Any) -> tuple[int, int, int, int]:
    """New, changed, same, refused."""
    return run.count("n"), run.count("c"), run.count("s"), run.count("r")


def remarks(run: Any) -> list[tuple[int, str, str]]:
    from crm.imports.models import ImportRow

    rows = ImportRow.objects.filter(run=run).order_by("number")
    return [(row.number, column, sentence) for row in rows for column, sentence in row.remarks]
