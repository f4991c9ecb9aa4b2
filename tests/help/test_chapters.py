"""Every page has a chapter that explains it, and each chapter is really there for whoever opens the page."""

import pytest

from crm.help import library
from crm.help.chapters import BY_BEGINNING, BY_NAME, CHAPTERS, ELSE, ERRORS, Chapter, chapter_of
from tests.access.rows import FOREIGN, ROWS
from tests.access.test_urls import ALL

OWN = {"account_change_password", "account_email"}
WRITTEN = sorted({*CHAPTERS, ELSE, ERRORS})


@pytest.mark.parametrize("name", ALL)
def test_every_address_has_its_chapter(name: str) -> None:
    assert chapter_of(name), f"crm/help/chapters.py has no chapter for {name}"


def test_no_address_of_the_table_is_left_over() -> None:
    assert [name for name in BY_NAME if name not in ALL] == []
    assert [begin for begin in BY_BEGINNING if not any(name.startswith(begin) for name in ALL)] == []


def test_no_address_stands_in_two_chapters() -> None:
    names = [name for names in CHAPTERS.values() for name in names.split()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("written", WRITTEN)
def test_each_chapter_is_in_the_docs(written: str) -> None:
    name, _hash, anchor = written.partition("#")
    assert name in library.NAMES
    if anchor:
        assert anchor in [section.anchor for section in library.page(name).sections]


def closed_to_alice(name: str) -> bool:
    return name in ROWS and ROWS[name].statuses["alice"] == 403 and ROWS[name].statuses["bob"] == 403


@pytest.mark.parametrize("name", [name for name in ALL if (found := chapter_of(name)) and library.for_administrators(found.page)])
def test_only_pages_that_alice_may_not_open_are_explained_in_chapters_that_she_may_not_open(name: str) -> None:
    assert closed_to_alice(name) or name.startswith("admin:") or ROWS[name].statuses["alice"] == 302


@pytest.mark.parametrize("name", [name for name in FOREIGN if name.startswith("account_") and name not in OWN])
def test_who_is_not_signed_in_may_read_what_helps_to_get_in(name: str) -> None:
    found = chapter_of(name)
    assert found
    assert found.page in library.OPEN


def test_a_chapter_is_an_address_and_a_part_for_a_dialog() -> None:
    chapter = Chapter("users/exports", "x")
    assert chapter.address == "/help/users/exports/#x"
    assert chapter.beside == "/help/users/exports/?section=x"
    assert Chapter("users/exports").beside == "/help/users/exports/"
