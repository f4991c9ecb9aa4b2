"""Headers as people and systems write them, brought to one form."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from .synonyms import IGNORED, RECORD_WORDS, SYNONYMS

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "&": " and ", "’": "'"})
SPELLINGS = {
    "e mail": "email",
    "e mails": "emails",
    "web site": "website",
    "web page": "webpage",
    "zip code": "zip",
    "post code": "postcode",
    "tele phone": "telephone",
}
NUMBER = re.compile(r"(?<![\w])(\d{1,2})(?![\w])")
# "Contact Name" says more than "Name", "Contact: Phone" no more than "Phone": only written prefixes are cut.
PREFIX = re.compile(r"^\s*([A-Za-z][A-Za-z ]{2,24}?)\s*(?: - |: |\.|::| > |/)\s*(?=\S)")


class Header(NamedTuple):
    """text: lower case words without accents, punctuation and numbers; plain: with the numbers kept.

    number: a number before further words, as in "Address 2 city"; line: a number at the end, as in "Street 2"; 0 without one.
    record: "customer", "contact", "task", … where a prefix says so ("Organization - Name").
    """

    text: str
    number: int
    line: int
    record: str
    plain: str


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """ "BillingPostal_Code*" is "billing postal code", "E-Mail (Work)" is "email work", "Größe" is "grosse"."""
    text = re.sub(r"__(c|pc|r)\b", "", text.strip())
    text = re.sub(r"(?<=[A-Za-z]{3})(?=\d)", " ", CAMEL.sub(" ", text))
    text = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.replace("%", " percent ")
    text = re.sub(r"(?i)\((required|optional|pflichtfeld|obligatoire)\)", " ", text)
    text = " ".join(re.sub(r"[^\w]+|_", " ", text).split())
    for written, usual in SPELLINGS.items():
        if written in text:
            text = re.sub(rf"\b{written}\b", usual, text)
    return text


@lru_cache(maxsize=8192)
def read_header(raw: str) -> Header:
    """Take a header apart. A prefix counts only where it names a record type."""
    record = ""
    match = PREFIX.match(raw)
    rest = raw
    if match and (record := RECORD_WORDS.get(normal(match[1]), "")):
        rest = raw[match.end() :]
    plain = normal(rest)
    numbers = [(int(each[0]), each.end() == len(plain)) for each in NUMBER.finditer(plain)]
    text = " ".join(NUMBER.sub(" ", plain).split())
    number = next((value for value, last in numbers if not last), 0)
    line = next((value for value, last in numbers if last), 0)
    return Header(text or plain, number, line, record, plain)


def do_not_import(raw: str) -> bool:
    """Columns that only the other system needs: checksums, sound of names, pictures, its own time stamps."""
    if raw.strip().lower().startswith("(do not modify)"):
        return True
    header = read_header(raw)
    return header.text in _ignored() or header.plain in _ignored()


@cache
def _ignored() -> frozenset[str]:
    return frozenset(normal(part) for line in IGNORED.splitlines() for part in line.split("|") if part.strip())


@cache
def table_for(record_type: str) -> dict[str, list[tuple[str, str, float]]]:
    """Header text to (key, qualifier, weight), the likeliest first. A "~" in the source marks a synonym as weak."""
    table: dict[str, list[tuple[str, str, float]]] = {}
    for name, words in SYNONYMS.get(record_type, {}).items():
        key, _colon, qualifier = name.partition(":")
        for word in filter(None, map(str.strip, words.replace("\n", "|").split("|"))):
            weight = 0.65 if word.startswith("~~") else 0.75 if word.startswith("~") else 0.95
            table.setdefault(normal(word.lstrip("~")), []).append((key, qualifier, weight))
    for entries in table.values():
        entries.sort(key=lambda entry: -entry[2])
    return table


def lookup(header: Header, record_type: str) -> list[tuple[str, str, float]]:
    """What a header may mean for this record type, strongest first."""
    table = table_for(record_type)
    return table.get(header.plain) or table.get(header.text) or []


@lru_cache(maxsize=4096)
def is_known_header(raw: str) -> bool:
    """Whether some system is known to write this header, for any record type."""
    if not raw.strip() or len(raw) > 80:
        return False
    if do_not_import(raw):
        return True
    header = read_header(raw)
    return any(lookup(header, record_type) for record_type in SYNONYMS)
