"""Markdown to sections of clean markup. HTML in a source stays text; what comes out holds nothing but the tags of prose."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    "p",
    "a",
    "strong",
    "em",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "img",
    "br",
    "hr",
    "blockquote",
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
CLEAN = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
CLEAN_BESIDE = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, set_tag_attribute_values={"a": {"target": "_blank"}}
)

Address = Callable[[str], str | None]


@dataclass(frozen=True)
class Section:
    """What stands under one heading. `beside` is the same text for a dialog, whose links open a page of their own."""

    title: str
    anchor: str
    level: int
    html: SafeString
    beside: SafeString
    text: str


def sections_of(source: str, address: Address) -> list[Section]:
    """The first one is what stands under the title. `address` gives where a link or image leads, or None: then its words stay text."""
    tokens = MARKDOWN.parse(source)
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    taken: set[str] = set()
    return [_section(tokens[start:end], address, taken) for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def _section(tokens: Sequence[Token], address: Address, taken: set[str]) -> Section:
    title, body = _words(tokens[1:2]), tokens[3:]
    anchor = anchor_of(title, taken)
    taken.add(anchor)
    for token in body:
        _lead(token.children or [], address)
    html = MARKDOWN.renderer.render(body, MARKDOWN.options, {})
    return Section(title, anchor, int(tokens[0].tag[1]), SafeString(CLEAN.clean(html)), SafeString(CLEAN_BESIDE.clean(html)), _words(body))


def anchor_of(title: str, taken: set[str]) -> str:
    """As GitHub writes it, so that a link with an anchor holds in both places."""
    plain = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    numbered = (f"{plain}-{number}" for number in range(1, len(taken) + 1))
    return plain if plain not in taken else next(name for name in numbered if name not in taken)


def _lead(tokens: list[Token], address: Address) -> None:
    """Put in where links and images lead from here, and leave the words of a link that leads out of the help."""
    stays: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            found = address(str(token.attrGet("href")))
            stays.append(found is not None)
            token.attrSet("href", found or "")
        elif token.type == "image":
            token.attrSet("src", address(str(token.attrGet("src"))) or "")
        if token.type in {"link_open", "link_close"} and not (stays[-1] if token.type == "link_open" else stays.pop()):
            token.type, token.content = "text", ""


def _words(tokens: Sequence[Token]) -> str:
    spoken = [_spoken(token.children) if token.children else token.content for token in tokens]
    return " ".join(" ".join(spoken).split())


def _spoken(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type in {"softbreak", "hardbreak"} else token.content for token in tokens if token.type != "image")
