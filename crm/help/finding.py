"""Search in the help: sections that hold all words, those with the words in their title first."""

from collections.abc import Iterable
from dataclasses import dataclass

from crm.help.library import Page
from crm.help.markdown import Section

MOST = 30
AROUND = 70


@dataclass(frozen=True)
class Hit:
    page: Page
    section: Section
    excerpt: str

    @property
    def address(self) -> str:
        return f"{self.page.address}#{self.section.anchor}"


def find(words: str, pages: Iterable[Page]) -> list[Hit]:
    """At most 30, in the order of the shelves where nothing speaks for another one."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    hits = [(page, section) for page in pages for section in page.sections if _holds(page, section, wanted)]
    hits.sort(key=lambda hit: _rank(hit[1], wanted))
    return [Hit(page, section, _excerpt(section.text, wanted)) for page, section in hits[:MOST]]


def _holds(page: Page, section: Section, wanted: list[str]) -> bool:
    said = f"{page.title} {section.title} {section.text}".casefold()
    return all(word in said for word in wanted)


def _rank(section: Section, wanted: list[str]) -> int:
    in_title = sum(word in section.title.casefold() for word in wanted)
    in_text = sum(word in section.text.casefold() for word in wanted)
    return -(5 * (section.title.casefold() == " ".join(wanted)) + 3 * in_title + in_text)


def _excerpt(text: str, wanted: list[str]) -> str:
    place = max(text.casefold().find(wanted[0]), 0)
    start, end = text.rfind(" ", 0, max(place - AROUND, 0)) + 1, place + 2 * AROUND
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
