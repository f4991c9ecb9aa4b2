"""Finding records of all types by a few letters: candidates from the search table, always loaded again through `visible_to`."""

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection

from crm.fields.record_types import RecordType, record_types
from crm.lib.text import digits, fold
from crm.search.candidates import candidates
from crm.search.models import SearchDocument
from crm.search.sight import may_tell, said_in_sight
from crm.users.models import User

NUMBER = re.compile(r"[\d\s()+./-]{2,}")
WEB_ADDRESS = re.compile(r"^\s*(?:https?://(?:www\.)?|www\.)([^/\s]+)(?:/\S*)?\s*$", re.IGNORECASE)
NEAREST = """
SELECT word FROM (
    SELECT word, similarity(word, %(word)s) AS likeness,
           least(levenshtein(word, %(word)s), levenshtein(left(word, %(length)s), %(word)s)) AS distance
    FROM search_searchword
    WHERE organization_id = %(organization)s AND (word %% %(word)s OR word LIKE %(beginning)s)
) AS near WHERE distance <= %(allowed)s ORDER BY distance, likeness DESC, word LIMIT 3
"""


@dataclass(frozen=True)
class Found:
    """A record that the person sees and that matches. `closeness` 0 is the exact title, 1 its beginning, 2 a word, 3 elsewhere."""

    record_type: RecordType
    record: Any
    closeness: int


@dataclass(frozen=True)
class Answer:
    """What was found, best first; `corrected` is the query that was really asked when the typed one found nothing."""

    found: list[Found]
    corrected: str = ""


def find(text: str, user: User, *, size: int = 20, only: str = "", typing: bool = False) -> Answer:
    """Search for what was typed: beginnings, parts of words, digits, words in any order; typing errors when nothing else is found.

    `only` is one record type's key. While `typing`, two letters look at the beginnings of titles alone.
    """
    query = normalised(text)
    if len(query) < 2 or user.organization_id is None:
        return Answer([])
    found = _found(query, user, size, only, typing=typing)
    if found or query.isdigit():
        return Answer(found)
    for alternative in _alternatives(query, user.organization_id):
        found = _found(alternative, user, size, only, typing=typing)
        if found:
            return Answer(found, alternative)
    return Answer([])


def candidate_ids(text: str, user: User, record_type: RecordType) -> list[int]:
    """The ids of one type's best candidates, for searching within a list; the list's own `visible_to` decides what is shown."""
    query = normalised(text)
    if len(query) < 2 or user.organization_id is None:
        return []
    known = _candidates(query, user, record_type.key, typing=False)
    ids = [document.record_id for document in known]
    if not may_tell(record_type, user):
        return ids
    records = record_type.objects().filter(organization_id=user.organization_id).in_bulk(ids)
    hits = [(document, records[document.record_id]) for document in known if document.record_id in records]
    return [document.record_id for document, _record in said_in_sight(hits, query, user)]


def normalised(text: str) -> str:
    """What is looked for, folded. A phone number is its digits without what stands for the country's trunk, a web address its domain."""
    text = WEB_ADDRESS.sub(r"\1", text[:200])
    if NUMBER.fullmatch(text.strip()):
        return digits(text).lstrip("0") or digits(text)
    return fold(text)


def _found(query: str, user: User, size: int, only: str, *, typing: bool) -> list[Found]:
    documents = _candidates(query, user, only, typing=typing)
    found: list[Found] = []
    start, many = 0, size
    while len(found) < size and start < len(documents):  # a few at first: nearly all are visible, and hundreds are read in a slower way
        found += _visible(documents[start : start + many], query, user)
        start, many = start + many, many * 3
    return found[:size]


def _visible(documents: list[SearchDocument], query: str, user: User) -> list[Found]:
    """The records of these documents that the person sees, and may find by this, in the same order. One statement for each type."""
    by_type: dict[str, list[int]] = {}
    for document in documents:
        by_type.setdefault(document.record_type, []).append(document.record_id)
    visible = {key: record_types[key].objects().visible_to(user).in_bulk(ids) for key, ids in by_type.items()}
    hits = [(document, visible[document.record_type].get(document.record_id)) for document in documents]
    told = said_in_sight([(document, record) for document, record in hits if record is not None], query, user)
    return [Found(record_types[document.record_type], record, _closeness(document, query)) for document, record in told]


def _candidates(query: str, user: User, only: str, *, typing: bool) -> list[SearchDocument]:
    """Two bounded tiers: titles that begin so, then words anywhere by recency; sorted by closeness, the newest first in each."""
    known = candidates(query, user, only, inside=len(query) > 2 or not typing)
    words = query.split()
    return sorted(
        known,
        key=lambda document: (
            _closeness(document, query),
            not all(word in document.title for word in words),
            -document.updated_at.timestamp(),
        ),
    )


def _closeness(document: SearchDocument, query: str) -> int:
    if document.title == query:
        return 0
    if document.title.startswith(query):
        return 1
    return 2 if all(f" {word}" in document.body for word in query.split()) else 3


def _alternatives(query: str, organization_id: int) -> list[str]:
    """The query with each unknown word replaced by known words near it, the nearest first; at most six."""
    choices = [_near(word, organization_id) for word in query.split()[:4]]
    if all(len(words) == 1 for words in choices) and " ".join(words[0] for words in choices) == query:
        return []
    return [" ".join(words) for words in product(*choices)][:6]


def _near(word: str, organization_id: int) -> list[str]:
    if len(word) < 4 or any(letter.isdigit() for letter in word) or "@" in word:
        return [word]
    with connection.cursor() as cursor:
        cursor.execute(
            NEAREST,
            {
                "word": word[:60],
                "length": len(word[:60]),
                "beginning": word[:2].replace("%", "").replace("_", "") + "%",
                "organization": organization_id,
                "allowed": 1 if len(word) < 5 else 2 if len(word) < 9 else 3,
            },
        )
        near = [row[0] for row in cursor.fetchall()]
    return near or [word]
