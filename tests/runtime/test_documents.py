"""What the documents promise is there: the paths, commands, settings and pictures that they name."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from crm.runtime.entry import OWN_COMMANDS
from tests.runtime.conftest import REPOSITORY
from tests.runtime.test_files import explained

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))


@each_document
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@each_document
def test_paths_that_are_named_are_there(document: Path) -> None:
    if document.name == "CONTRIBUTING.md":
        return  # a walk, which names files that are to be made
    named = re.findall(r"`((?:\.ci|bench|crm|customers|docs|static|templates|tests)/[\w./-]+)`", document.read_text())
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


@each_document
def test_commands_that_are_named_are_there(document: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text()))
    assert named <= {*get_commands(), *OWN_COMMANDS}


@each_document
def test_settings_that_are_named_are_explained(document: Path) -> None:
    if "decisions" in document.parts:
        return
    named = set(
        re.findall(r"\b(?:TERN|SECRET|SESSION|PASSWORD|EMAIL|DATABASE|MIGRATION|REDIS|DEFAULT_FROM)_[A-Z_]+\b", document.read_text())
    )
    assert named <= explained()


def test_every_page_is_in_the_table_of_contents() -> None:
    """A translated one stands there with its folder, and beside the page that it translates."""
    contents = (REPOSITORY / "docs" / "README.md").read_text()
    pages = [path.relative_to(REPOSITORY / "docs") for path in (REPOSITORY / "docs").rglob("*.md") if "decisions" not in path.parts]
    translated = {page: Path(*page.parts[1:]) for page in pages if page.parts[0] == "de"}
    assert [str(page) for page in pages if page.name != "README.md" and f"({translated.get(page, page)})" not in contents] == []
    assert {str(page.parent) for page in translated if f"({page.parent})" not in contents} == set()


def test_the_house_names_every_room() -> None:
    rooms = {path.parent.name for path in [*REPOSITORY.glob("crm/*/__init__.py"), *REPOSITORY.glob("*/apps.py")]}
    plan = (REPOSITORY / "ARCHITECTURE.md").read_text().split("```")[1]
    assert [room for room in sorted(rooms) if f"{room}/" not in plan] == []
    named = re.findall(r"^  ([a-z]+)/ ", plan, re.MULTILINE)
    assert [room for room in named if not (REPOSITORY / "crm" / room).is_dir()] == []
