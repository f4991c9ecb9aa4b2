"""Finding records of all types by a few letters: candidates from the search table, always loaded again through `visible_to`."""

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from crm.access.principals import principals_of
from crm.fields.record_types import RecordType, record_types
from crm.lib.text import digits, fold
from crm.search.models import SearchDocument
from crm.search.sight import within_sight
from crm.users.models import Reach, User

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
TITLES, WORDS = 50, 200


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
    query = _normalised(text)
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
    query = _normalised(text)
    if len(query) < 2 or user.organization_id is None:
        return []
    return [document.record_id for document in within_sight(_candidates(query, user, record_type.key, typing=False), query, user)]


def _normalised(text: str) -> str:
    """Folded; a telephone number becomes its digits without what stands for the country's trunk, a web address its domain."""
    text = WEB_ADDRESS.sub(r"\1", text[:200])
    if NUMBER.fullmatch(text.strip()):
        return digits(text).lstrip("0") or digits(text)
    return fold(text)


def _found(query: str, user: User, size: int, only: str, *, typing: bool) -> list[Found]:
    candidates = within_sight(_candidates(query, user, only, typing=typing), query, user)
    by_type: dict[str, list[int]] = {}
    for document in candidates:
        by_type.setdefault(document.record_type, []).append(document.record_id)
    visible = {key: record_types[key].objects().visible_to(user).in_bulk(ids) for key, ids in by_type.items()}
    found = [
        Found(record_types[document.record_type], visible[document.record_type][document.record_id], _closeness(document, query))
        for document in candidates
        if document.record_id in visible[document.record_type]
    ]
    return found[:size]


def _candidates(query: str, user: User, only: str, *, typing: bool) -> list[SearchDocument]:
    """Two bounded tiers: titles that begin so, then words anywhere by recency; sorted by closeness, the newest first in each."""
    documents = _within_reach(user, only)
    if documents is None:
        return []
    first = documents.filter(title__startswith=query).order_by("title", "-updated_at")[:TITLES]
    known = {document.pk: document for document in first}
    if len(query) > 2 or not typing:
        known |= {document.pk: document for document in documents.filter(_words(query)).order_by("-updated_at")[:WORDS]}
    words = query.split()
    return sorted(
        known.values(),
        key=lambda document: (
            _closeness(document, query),
            not all(word in document.title for word in words),
            -document.updated_at.timestamp(),
        ),
    )


def _words(query: str) -> Q:
    condition = Q()
    for word in query.split()[:8]:
        condition &= Q(body__contains=word if len(word) > 2 else f" {word}")
    return condition


def _within_reach(user: User, only: str) -> QuerySet[SearchDocument] | None:
    """The documents that may be candidates: by record type, each with the principals of its own reach."""
    types_by_reach: dict[Reach, list[str]] = {}
    for kind in record_types:
        reach = kind.reach(user, "view")
        if reach != Reach.NONE and only in {"", kind.key}:
            types_by_reach.setdefault(reach, []).append(kind.key)
    if not types_by_reach:
        return None
    condition = Q()
    for reach, keys in types_by_reach.items():
        mine = Q(record_type__in=keys) if only or len(types_by_reach) > 1 else Q()
        if reach != Reach.ALL:
            mine &= Q(principals__overlap=principals_of(user, keys[0], "view"))
        condition |= mine
    return SearchDocument.objects.filter(condition, organization_id=user.own_organization_id)


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
