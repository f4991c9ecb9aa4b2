"""The floor of the search page: the same candidates, words and loads, as if everybody saw everything."""

from itertools import product
from typing import Any

from django.db import connections
from django.db.models import Q

from crm.fields.record_types import record_types
from crm.search.candidates import TITLES, WORDS
from crm.search.find import NEAREST, normalised
from crm.search.models import SearchDocument

SIZE, ALTERNATIVES = 50, 6


def search_context(text: str, organization: int, alias: str) -> dict[str, Any]:
    """What floor/search.html shows: results as (type, record)."""
    query = normalised(text)
    results = _found(query, organization, alias)
    if not results and not query.isdigit():
        words = [_near(word, organization, alias) for word in query.split()]
        for alternative in [" ".join(chosen) for chosen in product(*words)][:ALTERNATIVES]:
            results = _found(alternative, organization, alias)
            if results:
                break
    return {"query": text, "results": results, "kinds": list(record_types)}


def _found(query: str, organization: int, alias: str) -> list[tuple[str, Any]]:
    documents = SearchDocument.objects.using(alias).filter(organization_id=organization)
    words = Q()
    for word in query.split():
        words &= Q(body__contains=word if len(word) > 2 else f" {word}")
    known = {one.pk: one for one in documents.filter(title__startswith=query).order_by("title", "-updated_at")[:TITLES]}
    known |= {one.pk: one for one in documents.filter(words).order_by("-updated_at")[:WORDS]}
    best = sorted(known.values(), key=lambda one: (not one.title.startswith(query), -one.updated_at.timestamp()))[:SIZE]
    ids: dict[str, list[int]] = {}
    for one in best:
        ids.setdefault(one.record_type, []).append(one.record_id)
    loaded = {
        key: record_types[key].objects().using(alias).filter(organization_id=organization, deleted_at=None).in_bulk(pks)
        for key, pks in ids.items()
    }
    return [(one.record_type, loaded[one.record_type][one.record_id]) for one in best if one.record_id in loaded[one.record_type]]


def _near(word: str, organization: int, alias: str) -> list[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            NEAREST,
            {
                "word": word,
                "length": len(word),
                "beginning": f"{word[:2]}%",
                "organization": organization,
                "allowed": 2 if len(word) < 9 else 3,
            },
        )
        return [row[0] for row in cursor.fetchall()] or [word]
