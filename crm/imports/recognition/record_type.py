"""What a file is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from .headers import lookup, normal, read_header

# How strongly a field speaks for its record type; what is not named here speaks with a little.
TELLING = {
    "customer": {
        "name": 2.0,
        "industry": 2.0,
        "size": 2.0,
        "annual_revenue": 2.0,
        "parent": 2.0,
        "domain": 2.0,
        "tax_number": 2.0,
        "registration_number": 2.0,
        "legal_name": 2.0,
        "billing_street": 1.0,
        "lifecycle": 0.6,
    },
    "contact": {
        "first_name": 3.0,
        "last_name": 3.0,
        "full_name": 1.5,
        "salutation": 1.5,
        "job_title": 2.0,
        "birthday": 2.5,
        "department": 1.5,
        "email": 1.0,
        "customer": 0.8,
        "do_not_email": 1.5,
        "do_not_call": 1.5,
        "linkedin": 1.0,
    },
    "task": {
        "subject": 2.5,
        "due_at": 3.5,
        "priority": 2.0,
        "done": 2.0,
        "reminder_at": 2.0,
        "completed_at": 2.0,
        "status": 0.6,
        "contact": 0.8,
        "owner": 0.5,
    },
    "opportunity": {
        "name": 2.5,
        "stage": 2.5,
        "amount": 2.5,
        "close_date": 3.0,
        "probability": 2.5,
        "pipeline": 2.0,
        "outcome": 2.0,
        "history": 4.0,
    },
}
FILE_WORDS = {
    "customer": "account accounts company companies organization organizations organisation customers customer clients firmen kunden "
    "entreprises empresas clientes",
    "contact": "contact contacts people persons person lead leads connections kontakte adressen personen prospects members "
    "subscribers audience",
    "task": "task tasks activities activity todo todos aufgaben taches tareas",
    "opportunity": "opportunity opportunities deal deals pipeline quotes products",
}
OWN_ID = {
    "account id": "customer",
    "company id": "customer",
    "organization id": "customer",
    "contact id": "contact",
    "lead id": "contact",
    "person id": "contact",
    "task id": "task",
    "activity id": "task",
    "deal id": "opportunity",
    "opportunity id": "opportunity",
}


class TypeGuess(NamedTuple):
    """record_type: "customer", "contact", "task" or "opportunity" (which cannot be imported yet). confidence: 0 to 1."""

    record_type: str
    confidence: float
    reason: str


def guess_record_type(columns: Sequence[str], *, file_name: str = "", kind: str = "") -> list[TypeGuess]:
    """All record types with their likelihood, the likeliest first. kind: of the Table; vCards are always contacts."""
    if kind == "vcard":
        return [TypeGuess("contact", 1.0, _("vCards hold contacts."))]
    scores: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    for record, weights in TELLING.items():
        seen: set[str] = set()
        total = 0.0
        for raw in columns:
            header = read_header(raw)
            if header.record and header.record != record:
                continue
            entries = [entry for entry in lookup(header, record) if not entry[1] or entry[1] in ("work", "home", "mobile")]
            if entries and entries[0][0] not in seen:
                key, _qualifier, weight = max(entries, key=lambda entry: weights.get(entry[0], 0.3) * entry[2])
                seen.add(key)
                points = weights.get(key, 0.3) * (weight if weight > 0.9 else 0.5)
                total += points
                if points > 0.9:
                    words.setdefault(record, []).append(raw.strip())
        scores[record] = total
    _adjust(scores, columns, file_name)
    total = sum(scores.values()) or 1.0
    ranking = sorted(scores.items(), key=lambda item: -item[1])
    return [TypeGuess(record, round(score / total, 2), _reason(words.get(record, []))) for record, score in ranking]


def _adjust(scores: dict[str, float], columns: Sequence[str], file_name: str) -> None:
    texts = [read_header(raw).text for raw in columns]
    if any(
        lookup(read_header(raw), "contact")[:1]
        and lookup(read_header(raw), "contact")[0][0] in ("first_name", "last_name")
        and not read_header(raw).record.startswith("cust")
        for raw in columns
    ):
        # A file with first or last names is about people, whatever it tells of their companies.
        scores["customer"] *= 0.4
    first = next((OWN_ID[text] for text in texts[:1] if text in OWN_ID), "")
    if first:
        scores[first] += 1.5
    for word in re.split(r"[^a-z]+", normal(file_name.rsplit("/", 1)[-1])):
        for record, known in FILE_WORDS.items():
            if word and word in known.split():
                scores[record] = scores[record] * 1.4 + 1.0


def _reason(words: list[str]) -> str:
    if not words:
        return _("No column speaks for it.")
    return _("Columns such as %(columns)s speak for it.") % {"columns": ", ".join(words[:4])}
