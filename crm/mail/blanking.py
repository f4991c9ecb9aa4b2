"""What an administrator reads of mails to others: not the links and codes with which one could sign in as them."""

import html
import re
import unicodedata
from urllib.parse import unquote

LINK = re.compile(r"https?:|www\.|://|\blocalhost\b|[\w-]\.[\w-]+(?::\d+)?/\w|^\W*/\w+/|\w:\w+:\w", re.IGNORECASE)
CODE = re.compile(
    r"(?<![\w-])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9]{3,}(?:-[A-Za-z0-9]{3,})+(?![\w-])"  # K7QM-2XPA
    r"|(?<![\w-])[A-Z]{3,}(?:-[A-Z]{3,})+(?![\w-])"  # BCDF-GHJK
    r"|\b\d{2,4}(?:[ \u00a0.-]\d{2,4})+\b"  # 123 456
    r"|\b\d{5,}\b|\b(?=\w*\d)\w{12,}\b|\b\w{24,}\b"
)
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
TAG = re.compile(r"<(?:style|script|head)\b.*?</(?:style|script|head)\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
BREAK = re.compile(r"</?(?:p|div|br|tr|td|li|h[1-6]|table|a)\b[^>]*>", re.IGNORECASE)
PERCENT = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
HIDDEN = "▒▒▒▒▒▒"


def blank(text: str) -> str:
    """The text with every link, and every word that could be a code or a key, made unreadable. Rather one too many.

    Words that only look different (full-width digits, invisible characters between letters, %2F and &#47;) are read first.
    """
    words = re.split(r"(\s+)", INVISIBLE.sub("", unicodedata.normalize("NFKC", html.unescape(text))))
    return CODE.sub(HIDDEN, "".join(HIDDEN if LINK.search(_decoded(word)) else _decoded(word) for word in words))


def text_of(markup: str) -> str:
    """The words of an HTML mail, without its addresses. No markup is left, so nothing in it can act."""
    words = TAG.sub("", BREAK.sub("\n", markup))
    lines = (" ".join(line.split()) for line in html.unescape(words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decoded(word: str) -> str:
    return unquote(word) if PERCENT.search(word) else word
