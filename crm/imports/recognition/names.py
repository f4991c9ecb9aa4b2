"""Names of people that stand in one cell."""

from __future__ import annotations

from typing import NamedTuple

from .headers import normal

SALUTATIONS = {
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "sir",
    "herr",
    "frau",
    "mme",
    "mlle",
    "madame",
    "monsieur",
    "sr",
    "sra",
    "srta",
    "rev",
    "hon",
    "m",
    "ing",
    "dipl",
}
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mba", "cpa"}
PARTICLES = {
    "van",
    "von",
    "der",
    "den",
    "de",
    "del",
    "della",
    "di",
    "da",
    "dos",
    "du",
    "la",
    "le",
    "al",
    "bin",
    "ibn",
    "ter",
    "ten",
    "zu",
    "zur",
    "vom",
    "af",
    "mac",
}


class PersonName(NamedTuple):
    salutation: str
    first: str
    last: str


def split_full_name(text: str) -> PersonName:
    """Split "Dr. Maria von der Heide" or "Heide, Maria". A single word is the last name. What is not understood stays in the last name."""
    words = text.split()
    salutation: list[str] = []
    while len(words) > 1 and normal(words[0]) in SALUTATIONS and (words[0].endswith(".") or len(words[0]) > 1):
        salutation.append(words.pop(0))
    titles = " ".join(salutation)
    rest = " ".join(words)
    before, comma, after = rest.partition(",")
    if comma and after.strip() and normal(after) not in SUFFIXES:
        return PersonName(titles, after.strip(), before.strip())
    if len(words) < 2:
        return PersonName(titles, "", rest)
    start = len(words) - 1
    while start > 1 and (normal(words[start]) in SUFFIXES or words[start].startswith("(")):
        start -= 1
    while start > 1 and normal(words[start - 1]) in PARTICLES:
        start -= 1
    return PersonName(titles, " ".join(words[:start]), " ".join(words[start:]))
