"""Rules that every template and stylesheet keeps, so that the content security policy never bites."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from crm.ui.icons import icon_names

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "emails" not in path.parts]
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PAPER = "campaign.css"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_compiles(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_has_nothing_inline(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|hx-vals=[\"']js:", text)
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))", text)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_names_icons_that_are_there(path: Path) -> None:
    used = set(re.findall(r'{%\s*(?:icon|empty [^%]*?|entry|notice "\w+") "([\w-]+)"', path.read_text()))
    assert used - icon_names() == set()


def test_every_colour_is_a_token() -> None:
    stray = {
        f"{path.name}: {colour}"
        for path in STYLES
        if path.name not in ("tokens.css", PAPER)
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", path.read_text())
    }
    assert stray == set()


def test_every_token_that_is_used_is_defined() -> None:
    text = "".join(path.read_text() for path in STYLES)
    assert set(re.findall(r"var\((--[\w-]+)", text)) - set(re.findall(r"(--[\w-]+):", text)) == set()


def test_every_stylesheet_is_part_of_the_one() -> None:
    entry = ROOT / "static" / "css" / "app.css"
    imported = {entry.parent / found for found in re.findall(r'@import url\("([^"]+)"\)', entry.read_text())}
    assert imported == set(STYLES) - {entry}


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts_are_short_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 100
    assert not re.search(r"\beval\(|new Function|\.innerHTML|insertAdjacentHTML|document\.write", text)


@pytest.mark.parametrize("path", sorted({*(ROOT / "static" / "vendor").glob("*.*")} - {ROOT / "static" / "vendor" / "README.md"}), ids=name)
def test_what_others_made_is_listed_with_its_licence(path: Path) -> None:
    readme = (ROOT / "static" / "vendor" / "README.md").read_text()
    assert path.name in readme


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.txt")), ids=name)
def test_texts_render_without_a_context(path: Path) -> None:
    text = get_template(str(path.relative_to(ROOT / "templates"))).render({})
    assert "{%" not in text
    assert not re.search(r"\b(please|oops|sorry|successfully)\b|!", text, re.IGNORECASE)
