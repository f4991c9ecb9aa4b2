"""The documents that may be what was searched for, at a bounded price however common the words and however far the person reaches.

The newest documents are looked through: where they hold enough hits, these are the newest there are. Otherwise a sample, some documents
from each of several moments between the oldest and the newest, says how common the words are and how far the person reaches, and with
that what to begin with: the words, the person's principals, or the newest documents. (The newest alone would say it wrongly for days
after an import.)
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.access.principals import principals_of
from crm.fields.record_types import record_types
from crm.search.models import SearchDocument
from crm.users.models import Reach, User

TITLES, WORDS = 50, 200
NEWEST_ONES, MOMENTS, OF_EACH, GATHERED = 1500, 8, 125, 50_000
RARE = re.compile(r"\d{6,}")  # hardly two records share six digits: nothing to sample
COLUMNS = "record_type, record_id, title, body, updated_at"
LOOK = f"""
WITH newest AS MATERIALIZED (
    SELECT {COLUMNS}, principals FROM search_searchdocument
    WHERE organization_id = %(organization)s ORDER BY updated_at DESC LIMIT %(newest)s
), said AS MATERIALIZED (
    SELECT {COLUMNS}, {{reach}} AS seen FROM newest WHERE {{words}}
), spread AS MATERIALIZED (
    SELECT taken.* FROM (
        SELECT min(updated_at) AS first, max(updated_at) AS last FROM search_searchdocument WHERE organization_id = %(organization)s
    ) AS ends CROSS JOIN generate_series(1, {MOMENTS}) AS step CROSS JOIN LATERAL (
        SELECT record_type, body, principals FROM search_searchdocument
        WHERE organization_id = %(organization)s AND updated_at <= first + (last - first) * step / {MOMENTS}
        ORDER BY updated_at DESC OFFSET CASE step WHEN {MOMENTS} THEN %(newest)s ELSE 0 END LIMIT %(of_each)s
    ) AS taken
)
(SELECT (SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_searchdocument'::regclass)::text, (SELECT count(*) FROM newest),
        (SELECT count(*) FROM said WHERE seen)::text,
        count(*) || ' ' || count(*) FILTER (WHERE {{reach}}) || ' ' || count(*) FILTER (WHERE {{words}})
        || ' ' || count(*) FILTER (WHERE {{words}} AND {{reach}}), NULL::timestamptz
 FROM spread)
UNION ALL
(SELECT {COLUMNS} FROM search_searchdocument WHERE organization_id = %(organization)s AND title LIKE %(title)s AND {{reach}}
 ORDER BY title, updated_at DESC LIMIT {TITLES})
UNION ALL
(SELECT {COLUMNS} FROM said WHERE seen ORDER BY updated_at DESC LIMIT {WORDS})
"""  # noqa: S608  # constants of this module
GATHER = f"""
SELECT {COLUMNS} FROM (
    SELECT {COLUMNS} FROM search_searchdocument WHERE organization_id = %(organization)s AND {{words}} AND {{reach}} LIMIT {GATHERED}
) AS gathered ORDER BY updated_at DESC LIMIT {WORDS}
"""  # noqa: S608
WALK = f"""
SELECT {COLUMNS} FROM search_searchdocument WHERE organization_id = %(organization)s AND {{words}} AND {{reach}}
ORDER BY updated_at DESC LIMIT {WORDS}
"""  # noqa: S608


@dataclass(frozen=True)
class Sample:
    """Of `size` documents from all over the `total` ones the person sees `seen`; `said` hold the words, `both` are both.

    `newest` were looked through, with `hits`.
    """

    total: int
    newest: int
    hits: int
    size: int
    seen: int
    said: int
    both: int

    def is_enough(self, wanted: int) -> bool:
        """Whether nothing older is needed, or nothing older is there."""
        return self.hits >= WORDS or self.newest < wanted or not self.size

    def cheapest(self) -> str:
        """What to begin with, by documents to read: those with the words, those within reach, or the newest until enough are hits.

        With both, two indexes are read whole and only what is in both is looked up: cheaper than either where neither is small.
        """
        share = self.total / self.size
        said, seen = (self.said + 1) * share, (self.seen + 1) * share
        prices = {"words": 1.6 * said, "reach": 1.5 * seen, "both": 0.25 * said + 0.2 * seen + 2 * said * seen / self.total}
        if self.both:
            prices["newest"] = self.newest + self.size * (WORDS - self.hits) / self.both
        return min(prices, key=lambda way: prices[way])


def candidates(query: str, user: User, only: str = "", *, inside: bool = True) -> list[SearchDocument]:
    """Those whose title begins so and, with `inside`, the newest that hold all the words anywhere. One or two statements."""
    reach, facts = _within_reach(user, only)
    if not reach:
        return []
    words, patterns = _words(query)
    rare = RARE.fullmatch(query) is not None
    facts |= patterns | {"organization": user.own_organization_id, "title": f"{_literal(query)}%"}
    looks = inside and not rare
    facts |= {"newest": NEWEST_ONES if looks else 0, "of_each": OF_EACH if looks else 0}
    (total, newest, hits, counts, _), *rows = _rows(LOOK, facts, words, reach)
    sample = Sample(max(int(total), newest), newest, int(hits), *map(int, counts.split()))
    if inside and (rare or not sample.is_enough(NEWEST_ONES)):
        rows += _older("words" if rare else sample.cheapest(), facts, words, reach)
    return [SearchDocument(**dict(zip(COLUMNS.split(", "), row, strict=True))) for row in dict.fromkeys(rows)]


def _older(way: str, facts: dict[str, Any], words: str, reach: str) -> list[tuple[Any, ...]]:
    """The newest hits of all, read in the way that was chosen; an empty value added to a column keeps its index out."""
    if way == "words":
        return _rows(GATHER, facts, words, reach.replace("principals", "(principals || '{}'::int[])"))
    if way == "reach":
        return _rows(GATHER, facts, words.replace("body", "(body || '')"), reach)
    if way == "both":
        return _rows(GATHER, facts, words, reach)
    return _rows(WALK, facts, words, reach)


def _rows(sql: str, facts: dict[str, Any], words: str, reach: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(words=words, reach=reach), facts)
        return list(cursor.fetchall())


def _words(query: str) -> tuple[str, dict[str, str]]:
    """The condition that all words are in the body: two letters begin a word, more are anywhere in one."""
    sought = [word if len(word) > 2 else f" {word}" for word in query.split()[:8]]
    patterns = {f"word{n}": f"%{_literal(word)}%" for n, word in enumerate(sought)}
    return " AND ".join(f"body LIKE %({key})s" for key in patterns), patterns


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _within_reach(user: User, only: str) -> tuple[str, dict[str, Any]]:
    """The condition for what the person may be shown: by record type, each with the principals of its own reach. "" for nothing."""
    types_by_reach: dict[Reach, list[str]] = {}
    for kind in record_types:
        reach = kind.reach(user, "view")
        if reach != Reach.NONE and only in {"", kind.key}:
            types_by_reach.setdefault(reach, []).append(kind.key)
    parts: list[str] = []
    facts: dict[str, Any] = {}
    for reach, keys in types_by_reach.items():
        part = ["true"]
        if only or len(types_by_reach) > 1:
            part.append(f"record_type = ANY(%(types_{reach})s)")
            facts[f"types_{reach}"] = keys
        if reach != Reach.ALL:
            part.append(f"principals && %(holders_{reach})s::int[]")
            facts[f"holders_{reach}"] = principals_of(user, keys[0], "view")
        parts.append(f"({' AND '.join(part)})")
    return (f"({' OR '.join(parts)})" if parts else ""), facts
