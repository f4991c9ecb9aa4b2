"""What docs/ holds is what the help shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import activate, override

from crm.help import library
from crm.help.finding import find
from crm.help.library import DOCS, NAMES, address_from, page

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    with override("en"):
        yield


def test_every_file_stands_on_a_shelf_once() -> None:
    files = [f"{path.parent.name}/{path.stem}" for area in ("users", "administrators") for path in (DOCS / area).glob("*.md")]
    assert sorted(files) == sorted(name for shelf in library.SHELVES for name in shelf.pages)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_links_of_a_page_lead_to_chapters_that_are_there(name: str, language: str) -> None:
    activate(language)
    for section in page(name).sections:
        for target in section.html.split('href="')[1:]:
            address = target.split('"')[0]
            if address.startswith("/help/"):
                path, _hash, anchor = address.removeprefix("/help/").partition("#")
                found = page(path.strip("/"))
                assert not anchor or anchor in [one.anchor for one in found.sections], address


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_images_of_a_page_are_there(name: str, language: str) -> None:
    activate(language)
    for section in page(name).sections:
        for target in section.html.split('src="')[1:]:
            assert target.split('"')[0].removeprefix("/help/images/") in library.images()


def test_a_link_out_of_the_help_is_none() -> None:
    assert address_from("users", "../administrators/mail.md#x") == "/help/administrators/mail/#x"
    assert address_from("users", "../../crm/users/exports.md") is None
    assert address_from("users", "../../../users/exports.md") is None
    assert address_from("users", "../../.env.example") is None
    assert address_from("users", "https://example.com/") == "https://example.com/"


def test_a_chapter_is_a_section_with_what_stands_below_it() -> None:
    roles = page("administrators/people-and-roles")
    assert [section.title for section in roles.chapter("teams")] == ["Teams"]
    assert roles.chapter("no-such-anchor") == roles.chapter("")


def test_bob_finds_by_words_of_titles_first() -> None:
    pages = [page(name) for name in sorted(NAMES)]
    assert find("second factor", pages)[0].excerpt
    assert find("TEAMS", pages)[0].section.title == "Teams"
    assert find("", pages) == []
    assert find("no-such-word-anywhere", pages) == []


def test_the_image_for_docker_has_the_docs() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"docs", "docs/users", "docs/administrators", "docs/images", "docs/de", "**/*.md"}.isdisjoint(ignored)


@pytest.mark.parametrize("name", sorted(name for name in NAMES if not library.for_administrators(name)))
def test_a_german_reads_the_users_pages_in_german_with_the_same_chapters(name: str) -> None:
    english = page(name)
    with override("de"):
        german = page(name)
    assert german.language == "de"
    assert [(section.anchor, section.level) for section in german.sections] == [(one.anchor, one.level) for one in english.sections]
    assert [section.html.count("<li>") for section in german.sections] == [one.html.count("<li>") for one in english.sections]
    assert german.sections[-1].text != english.sections[-1].text


@pytest.mark.parametrize("name", sorted(name for name in NAMES if library.for_administrators(name)))
def test_a_german_is_told_that_a_page_is_english(name: str) -> None:
    with override("de"):
        assert page(name).is_foreign
    assert not page(name).is_foreign
