"""The bench's import is a real one, and leaves nothing behind."""

from pathlib import Path

import pytest

from bench.imports import SLUG, import_beside_copy, write_file
from bench.memory import Memory
from crm.tenancy.models import Organization
from customers.models import Customer


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_an_import_is_measured_and_taken_back() -> None:
    measured = import_beside_copy(20)
    assert measured["rows"] == 20
    assert 0 < measured["ratio"] < 10
    assert measured["cpu"]["client"] > 0
    assert not Organization.objects.filter(slug=SLUG).exists()
    assert not Customer._base_manager.using("owner").exists()


def test_the_file_has_a_heading_and_as_many_different_rows(tmp_path: Path) -> None:
    write_file(tmp_path / "file.csv", 30)
    lines = (tmp_path / "file.csv").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 31


def test_memory_is_read_while_the_block_runs() -> None:
    with Memory(every=0.01) as memory:
        sum(range(2_000_000))
    assert memory.summary()["most"] > 10
