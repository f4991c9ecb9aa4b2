"""Values of picklists, tags and several values in one cell."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .headers import normal

GROUPS_OF_GOOGLE = {"mycontacts", "my contacts", "starred", "other contacts"}


class ChoiceMatch(NamedTuple):
    """value: as the file has it. choice: the key of the choice, or None. suggested: only near, so a person has to confirm it.

    score: 1 for the same, less for near.
    """

    value: str
    choice: str | None
    suggested: bool
    score: float


def match_choices(values: Iterable[str], choices: Mapping[str, str], synonyms: Mapping[str, str] | None = None) -> list[ChoiceMatch]:
    """One match per different value, in order of appearance. choices: key to label. synonyms: other words to key.

    Case, spaces, accents and punctuation do not matter: "Non Profit" is "Non-profit". Spelling does: "technolgy" only suggests technology,
    "GTXPro" only suggests GTX Pro.
    """
    known: dict[str, str] = {}
    for key, label in choices.items():
        known.setdefault(_fold(key), key)
        known.setdefault(_fold(label), key)
    for word, key in (synonyms or {}).items():
        known.setdefault(_fold(word), key)
    tight = {word.replace(" ", ""): key for word, key in known.items()}
    found: dict[str, ChoiceMatch] = {}
    for raw in values:
        value = raw.strip()
        if value and value not in found:
            found[value] = _match(value, known, tight)
    return list(found.values())


def _fold(text: str) -> str:
    return normal(text.lower())


def _match(value: str, known: dict[str, str], tight: dict[str, str]) -> ChoiceMatch:
    folded = _fold(value)
    if folded in known:
        return ChoiceMatch(value, known[folded], False, 1.0)
    compact = folded.replace(" ", "")
    if compact in tight:
        return ChoiceMatch(value, tight[compact], True, 0.97)
    near = difflib.get_close_matches(compact, list(tight), n=1, cutoff=0.8)
    if near:
        return ChoiceMatch(value, tight[near[0]], True, round(difflib.SequenceMatcher(None, compact, near[0]).ratio(), 2))
    words = set(folded.split())
    for word, key in known.items():
        parts = set(word.split()) - {"and", "the", "of"}
        if len(folded) > 3 and len(word) > 3 and (parts <= words or words <= parts):
            return ChoiceMatch(value, key, True, 0.7)
    return ChoiceMatch(value, None, False, 0.0)


def split_several(text: str) -> list[str]:
    """The values of a cell that holds several: Google's " ::: ", semicolons, line breaks; commas where no address or name is meant.

    Google's marks of groups ("* myContacts") are dropped.
    """
    parts = re.split(r"\s+:::\s+|\s*[;\n]\s*", text.strip())
    kept: list[str] = []
    for part in parts:
        marked = part.strip().startswith("* ")
        value = part.strip().removeprefix("* ").strip()
        if value and value not in kept and not (marked and normal(value) in GROUPS_OF_GOOGLE):
            kept.append(value)
    return kept


def split_tags(text: str) -> list[str]:
    """Tags out of one cell, separated by " ::: ", semicolon, comma or line break; Mailchimp's quotes dropped."""
    tags = [tag.strip().strip("\"'").strip() for part in split_several(text) for tag in part.split(",")]
    return list(dict.fromkeys(tag for tag in tags if tag))


def split_emails(text: str) -> list[str]:
    """The addresses of one cell, "Jane Doe <jane@acme.example>, …" included, in their order, without doubles."""
    found: dict[str, str] = {}
    for part in re.split(r"\s+:::\s+|[;,\n|]|\s(?=\S+@)", text):
        address = re.sub(r"^.*<([^<>]*)>.*$", r"\1", part.strip(), flags=re.DOTALL)
        address = re.sub(r"(?i)^mailto:", "", address.strip().strip("\"'"))
        if "@" in address or (address and len(text.split()) == 1):
            found.setdefault(address.casefold(), address)
    return list(found.values())


def split_phones(text: str) -> list[str]:
    """The numbers of one cell, separated by " ::: ", semicolon, comma, slash with spaces, line break or "or"."""
    parts = re.split(r"\s+:::\s+|[;,\n|]|\s+/\s+|\s+or\s+|\s+oder\s+", text)
    return list(dict.fromkeys(part.strip() for part in parts if any(char.isdigit() for char in part)))


LABELS = {
    "work": "work business office company main buro bureau geschaftlich arbeit firma trabajo empresa professionnel assistant direct",
    "home": "home private personal privat domicile casa perso personnel",
    "mobile": "mobile cell cellular iphone handy mobil movil portable car",
    "fax": "fax telefax",
}


def label_of(text: str) -> str:
    """ "work", "home", "mobile", "fax" or "other" for the label that a system gives to an e-mail or phone; "" for an empty one."""
    words = normal(text).split()
    if not words:
        return ""
    for label in ("fax", "mobile", "home", "work"):
        if any(word in LABELS[label].split() for word in words):
            return label
    return "other"
