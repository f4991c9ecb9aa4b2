"""Which column of a file goes to which field."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from .headers import Header, do_not_import, is_known_header, lookup, normal, read_header, table_for
from .settling import settle
from .shapes import Shape
from .targets import Candidate, Guess, Target, by_canonical

# Fields that must look like something, and what: target key or kind to shape.
EXPECTED = {
    "email": "email",
    "phone": "phone",
    "url": "url",
    "date": "date",
    "datetime": "date",
    "number": "number",
    "decimal": "number",
    "money": "number",
    "yes_no": "yes_no",
    "country": "country",
}
KINDS = {
    "email": "email", "phone": "phone", "website": "url", "domain": "domain", "salutation": "salutation",
    "birthday": "date", "created_at": "date", "due_at": "date", "size": "number", "annual_revenue": "number",
    "billing_country": "country", "shipping_country": "country", "country": "country",
    "done": "yes_no", "do_not_email": "yes_no", "do_not_call": "yes_no",
}  # fmt: skip
# Where a record type has no field for what was recognised, its value may still go here.
INSTEAD = {"linkedin": "website", "full_name": "last_name", "completed_at": ""}
SAMPLE = 300
# A file that has the parts of an address in columns of their own often has it whole as well.
PARTS_OF_ADDRESS = re.compile(r"(?i)\b(?:city|town)\b.* of address")
WHOLE_ADDRESS = re.compile(r"(?i)(?:^|- |full/combined address of )(?:postal )?address\s*$")
# Mailchimp's guess from the address of somebody's computer.
LOCATED = ("REGION", "CC", "TIMEZONE")
# Headers whose values look like addresses of the record and are not: networks, and people of the other system.
SOMETHING_ELSE = re.compile(
    r"(?i)linkedin|facebook|twitter|instagram|xing|youtube|tiktok|skype|owner|assigned|created|modified|agent|director|manager"
)
FILLED = 0.2


def recognise(columns: Sequence[str], sample_rows: Sequence[Sequence[str]], targets: Iterable[Target]) -> list[Guess]:
    """One Guess per column, in the order of the columns.

    targets: the fields of one record type that may be imported (of several: the first one counts). The header decides, the values of
    the sample confirm or contradict it; without a known header the values alone may decide.
    """
    targets = list(targets)
    located = {"EUID", "LEID"} <= set(columns)
    in_parts = any(PARTS_OF_ADDRESS.search(raw) for raw in columns)
    record = targets[0].record if targets else "customer"
    fields = by_canonical(targets, record)
    shapes = [Shape([row[index] for row in sample_rows[:SAMPLE] if index < len(row)]) for index in range(len(columns))]
    own = _own_words(fields.values())
    candidates: list[Candidate] = []
    for index, raw in enumerate(columns):
        if (in_parts and WHOLE_ADDRESS.search(raw)) or (located and raw in LOCATED):
            continue
        found = _from_header(index, raw, record, fields, own)
        if not found and not is_known_header(raw) and not read_header(raw).record:
            found = _from_similar_header(index, raw, record, fields)
            if not found and not SOMETHING_ELSE.search(raw) and len(shapes[index].values) >= FILLED * len(sample_rows[:SAMPLE]):
                found = _from_values(index, shapes[index], record, fields)
        for candidate in found if sample_rows else []:
            _weigh(candidate, shapes[candidate.column])
        candidates += found
    guesses = settle(columns, candidates, shapes, fields)
    return [guess if guess.target else _explain(guess, record) for guess in guesses]


def _own_words(targets: Iterable[Target]) -> dict[str, Target]:
    """Headers that the fields themselves bring: key, label and the synonyms of custom fields."""
    words: dict[str, Target] = {}
    for target in targets:
        for word in (target.label, target.key, *target.synonyms):
            if word:
                words.setdefault(normal(word), target)
    return words


def _from_header(index: int, raw: str, record: str, fields: dict[str, Target], own: dict[str, Target]) -> list[Candidate]:
    header = read_header(raw)
    if raw.strip().lower().startswith("(do not modify)"):
        return []
    entries = _entries(header, record)
    found = [
        candidate
        for key, qualifier, weight in entries
        for candidate in _candidate(index, raw, header, key, qualifier, weight, record, fields)
    ]
    target = own.get(header.plain) or own.get(normal(raw))
    if target and not header.record and not any(candidate.target is target and not candidate.qualifier for candidate in found):
        # What an organization called a field itself means more than what other systems mean by the word.
        score = 1.0 if target.key.startswith("custom.") else 0.93
        found.append(Candidate(index, target, score, _("The header is the name of the field."), number=header.line or header.number))
    return found


def _entries(header: Header, record: str) -> list[tuple[str, str, float]]:
    """What the header means; a prefix of another record type makes it a reference to that record or nothing."""
    if header.record == "note":
        return [("description", "", 0.9)] if header.text in ("content", "note", "text") else []
    if not header.record or header.record == record:
        return lookup(header, record)
    if header.record not in ("customer", "contact"):
        return []
    reference = header.record
    meanings = {"name": "", "full_name": "", "external_id": "id", "domain": "domain", "email": "email"}
    return [
        (reference, meanings[key], weight - 0.02)
        for key, qualifier, weight in lookup(header, header.record)
        if key in meanings and not qualifier
    ]


def _candidate(
    index: int, raw: str, header: Header, key: str, qualifier: str, weight: float, record: str, fields: dict[str, Target]
) -> list[Candidate]:
    reason = _("“%(header)s” is what other systems call this field.") % {"header": raw.strip()}
    if key == "billing_location":
        return [
            Candidate(index, fields[each], weight - drop, reason)
            for each, drop in (("billing_country", 0.1), ("billing_city", 0.1))
            if each in fields
        ]
    number = header.number or header.line
    if key in ("street", "billing_street", "shipping_street") and header.line > 1:
        qualifier, number = "join", header.line
    if header.number > 1 and key.rpartition("_")[2] in ("street", "city", "code", "region", "country"):
        key = key.replace("billing_", "shipping_") if record == "customer" else f"other_{key.removeprefix('other_')}"
    if key.startswith("other_") and key not in fields:
        key, qualifier, weight = key.removeprefix("other_"), f"other {qualifier}".strip(), weight - 0.3
    if key not in fields:
        replacement = INSTEAD.get(key, "")
        if not replacement or replacement not in fields:
            return []
        qualifier = "full_name" if key == "full_name" else qualifier
        key, weight = replacement, weight - 0.02
    return [Candidate(index, fields[key], weight, reason, qualifier, number)]


def _from_similar_header(index: int, raw: str, record: str, fields: dict[str, Target]) -> list[Candidate]:
    """Headers with a word too many ("Contact mobile phone") or a slip of the pen ("Comapny")."""
    header = read_header(raw)
    table = table_for(record)
    words = header.text.split()
    near: list[str] = []
    if len(words) > 1 and words[0] in (
        "contact",
        "account",
        "company",
        "lead",
        "person",
        "customer",
        "client",
        "primary",
        "main",
        "my",
        "your",
        "the",
    ):
        near = [" ".join(words[1:])]
    if not near or near[0] not in table:
        near = difflib.get_close_matches(header.text, list(table), n=1, cutoff=0.87) if len(header.text) > 5 else []
    reason = _("“%(header)s” is close to a header that other systems write.") % {"header": raw.strip()}
    found = []
    for text in near:
        for key, qualifier, weight in table.get(text, []):
            for candidate in _candidate(index, raw, header, key, qualifier, weight - 0.25, record, fields):
                candidate.reason = reason
                found.append(candidate)
    return found


def _from_values(index: int, shape: Shape, record: str, fields: dict[str, Target]) -> list[Candidate]:
    kind = shape.kind()
    keys = {"email": ["email"], "phone": ["phone"], "url": ["website"], "country": ["billing_country", "country"]}.get(kind, [])
    reasons = {
        "email": _("The values look like e-mail addresses."),
        "phone": _("The values look like phone numbers."),
        "url": _("The values look like web addresses."),
        "country": _("The values look like countries."),
    }
    if kind == "country" and shape.share("country") < 0.9:
        return []
    return [Candidate(index, fields[key], 0.55, reasons[kind]) for key in keys if key in fields][:1]


def _weigh(candidate: Candidate, shape: Shape) -> None:
    """Let the values confirm or contradict what the header says."""
    qualifier = candidate.qualifier
    if qualifier == "kind" and shape.share_with(lambda value: value.upper() in ("SMTP", "EX", "X400")) > 0.5:
        candidate.score = 0.0
    elif shape.empty:
        candidate.score -= 0.25
        candidate.notes.append(_("The column is empty in the sample."))
    elif not qualifier or qualifier == "email":
        _compare(candidate, shape)


def _compare(candidate: Candidate, shape: Shape) -> None:
    """Hold the values beside what the field expects."""
    expected = (
        "email" if candidate.qualifier == "email" else KINDS.get(candidate.target.canonical) or EXPECTED.get(candidate.target.kind, "")
    )
    if not expected:
        return
    share = shape.share(expected)
    if expected == "date" and share < 0.6 and shape.kind() == "date":
        share = 1.0
    if share >= 0.6:
        candidate.score = min(0.99, candidate.score + (0.2 if expected == "salutation" else 0.03))
        candidate.notes.append(_("The values fit."))
    elif share < 0.2:
        strict = expected in ("email", "salutation", "date", "yes_no") or (
            expected in ("country", "number", "domain") and candidate.score < 0.9
        )
        candidate.score *= 0.5 if strict else 0.8
        candidate.notes.append(_("The values do not look like it."))


def _explain(guess: Guess, record: str) -> Guess:
    """Say why a column is left out."""
    if guess.reason:
        return guess
    if do_not_import(guess.header):
        return guess.left_out(_("Only the other system needs this column."))
    header = read_header(guess.header)
    if header.record and header.record != record:
        return guess.left_out(_("This belongs to another kind of record."))
    if is_known_header(guess.header):
        return guess.left_out(_("There is no field for this."))
    return guess.left_out(_("The header is not known: choose a field or leave it out."))
