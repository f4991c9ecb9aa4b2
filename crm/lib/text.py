"""Text as people and files deliver it, made fit to store, to search and to sort."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

# Letters that Unicode does not decompose, and punctuation that phones and word processors put in place of ASCII.
LETTERS = {
    **dict(zip("øđðłħŧŋıĸ", "oddlhtnik", strict=True)),
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    **dict.fromkeys("‘’‚‛′ʼ", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
# Accents and vowel points that people leave out when they type. Marks of other scripts carry meaning and stay.
MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x0591, 0x05C7),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20F0),
    (0xFE20, 0xFE2F),
)
INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
MAX_PASSES = 8


class _FoldTable(dict[int, str]):
    """What one character becomes. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = "".join(_fold_character(part) for part in unicodedata.normalize("NFKD", chr(code)).casefold())
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in INVISIBLE or any(first <= ord(character) <= last for first, last in MARKS):
        return ""
    return LETTERS.get(character, character)


_FOLDED = _FoldTable()


def fold(text: str) -> str:
    """The text as it is searched, compared and sorted by: no case, no accents, "ß" as "ss", single spaces, nothing invisible.

    Folding a folded text changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    for _attempt in range(MAX_PASSES):
        folded = unicodedata.normalize("NFC", " ".join(unicodedata.normalize("NFKC", text.replace("´", "'")).translate(_FOLDED).split()))
        if folded == text or folded.isascii():
            return folded
        text = folded
    return text


def digits(text: str) -> str:
    """The decimal digits of the text, of any script, as ASCII."""
    if text.isascii():
        return "".join(filter(str.isdigit, text))
    return "".join(str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def initials(name: str) -> str:
    """One or two capital letters for an avatar: of the first and the last word, or the first two of a single word. "?" without any."""
    words = [letters for word in name.split() if (letters := [character for character in word if character.isalnum()])]
    if not words:
        return "?"
    chosen = words[0][:2] if len(words) == 1 else [words[0][0], words[-1][0]]
    return "".join(character.upper()[:1] for character in chosen)


def clean(text: str) -> str:
    """The text fit to be stored: composed (NFC), stripped, line ends as "\\n", no control characters but newline and tab.

    Characters that turn the reading direction of what follows, byte order marks and lone surrogates are dropped, too. Text of which
    nothing would be seen is none.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = "".join(character for character in LINE_ENDS.sub("\n", text) if _is_storable(character))
    return unicodedata.normalize("NFC", kept).strip() if any(map(_is_seen, kept)) else ""


def _is_seen(character: str) -> bool:
    """Neither a space of any width nor a mark that only says how others are joined."""
    return unicodedata.category(character)[0] not in "ZC"


def _is_storable(character: str) -> bool:
    if character in "\n\t":
        return True
    return character not in BIDI_OVERRIDES and character != "\ufeff" and unicodedata.category(character) not in {"Cc", "Cs"}


def names_in_all_languages(names: Mapping[str, str | Promise]) -> Iterator[tuple[str, str]]:
    """(name, key) in each language that Tern speaks, English last: whoever reads a file need not speak the language of who wrote it."""
    for language in sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code == "en"):
        with override(language):
            yield from [(str(name), key) for key, name in names.items()]
