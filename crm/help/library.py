"""The pages of the help: docs/users for everybody, docs/administrators for administrators, docs/de beside them in German.

Each file is read once per process.
"""

import posixpath
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.help.markdown import Section, sections_of

DOCS = Path(settings.BASE_DIR) / "docs"
IMAGES = "images"
SUMMARY = 150
SOURCE = "en"


@dataclass(frozen=True)
class Shelf:
    heading: str | Promise
    pages: tuple[str, ...]


SHELVES = (
    Shelf(
        _("For everybody"),
        (
            "users/first-steps",
            "users/sign-in",
            "users/my-day",
            "users/lists",
            "users/records",
            "users/activities",
            "users/pipeline",
            "users/sharing",
            "users/search",
            "users/many-records",
            "users/import",
            "users/exports",
            "users/history",
            "users/notifications",
            "users/calendar",
            "users/account",
            "users/errors",
        ),
    ),
    Shelf(_("By role"), ("users/sales-rep", "users/sales-manager", "users/support", "users/marketer")),
    Shelf(
        _("For administrators"),
        (
            "administrators/set-up",
            "administrators/people-and-roles",
            "administrators/fields",
            "administrators/tags-and-doubles",
            "administrators/import",
            "administrators/export",
            "administrators/mail",
            "administrators/languages",
            "administrators/api",
            "administrators/admin",
            "administrators/security",
            "administrators/rollout",
        ),
    ),
    Shelf(
        _("For operators"),
        (
            "administrators/install",
            "administrators/production",
            "administrators/upgrade",
            "administrators/backup",
            "administrators/trouble",
        ),
    ),
)
NAMES = frozenset(name for shelf in SHELVES for name in shelf.pages)
OPEN = frozenset({"users/sign-in", "users/errors"})
"""Read without signing in: what helps to get in."""


@dataclass(frozen=True)
class Page:
    """One file. `name` is its folder and name, `users/lists`; `language` the one it is written in."""

    name: str
    language: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        return self.sections[0].title

    @property
    def summary(self) -> str:
        """How it begins."""
        text = self.sections[0].text or self.sections[-1].text
        return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"

    @property
    def is_for_administrators(self) -> bool:
        return for_administrators(self.name)

    @property
    def is_foreign(self) -> bool:
        """Whether it is written in another language than the reader's."""
        return self.language != (get_language() or SOURCE)[:2]

    @property
    def address(self) -> str:
        return reverse("help-page", args=self.name.split("/"))

    def chapter(self, anchor: str) -> tuple[Section, ...]:
        """The section of that anchor with those below it; without one the beginning."""
        start = next((place for place, section in enumerate(self.sections) if section.anchor == anchor), 0)
        first, rest = self.sections[start], self.sections[start + 1 :]
        if start == 0:
            return self.sections[: 1 if first.text else 2]
        below = next((place for place, section in enumerate(rest) if section.level <= first.level), len(rest))
        return (first, *rest[:below])


def for_administrators(name: str) -> bool:
    return name.startswith("administrators/")


def page(name: str) -> Page:
    """In the reader's language where it is written in it, else in English. Raises LookupError for a name that is on no shelf."""
    if name not in NAMES:
        raise LookupError(name)
    return _read(name, (get_language() or SOURCE)[:2])


@cache
def _read(name: str, language: str) -> Page:
    path = DOCS / language / f"{name}.md"
    if language == SOURCE or not path.exists():
        return Page(name, SOURCE, _sections(DOCS / f"{name}.md"))
    # A heading keeps the English one's anchor, so that each link and each page's chapter holds in every language.
    anchors = [section.anchor for section in _read(name, SOURCE).sections]
    return Page(name, language, tuple(_anchored(section, anchor) for section, anchor in zip(_sections(path), anchors, strict=True)))


def _anchored(section: Section, anchor: str) -> Section:
    return Section(section.title, anchor, section.level, section.html, section.beside, section.text)


def _sections(path: Path) -> tuple[Section, ...]:
    folder = path.relative_to(DOCS).parent.as_posix()
    return tuple(sections_of(path.read_text(), lambda target: address_from(folder, target)))


def address_from(folder: str, target: str) -> str | None:
    """Where a link of a file in this folder of docs/ leads. None for what is not in the help: source code, settings, decisions."""
    if target.startswith(("#", "https://", "http://", "mailto:")):
        return target
    file, _hash, anchor = target.partition("#")
    path = posixpath.normpath(posixpath.join(folder, file))
    if path.startswith(f"{IMAGES}/"):
        return reverse("help-image", args=[path.removeprefix(f"{IMAGES}/")])
    name = "/".join(path.removesuffix(".md").split("/")[-2:])
    if name not in NAMES or path.startswith("../"):
        return None
    return reverse("help-page", args=name.split("/")) + (f"#{anchor}" if anchor else "")


@cache
def images() -> dict[str, Path]:
    return {path.name: path for path in (DOCS / IMAGES).glob("*.png")}
