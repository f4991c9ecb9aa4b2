"""From all that columns may mean to one decision per column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from .headers import normal
from .shapes import Shape
from .targets import JOINED, Candidate, Guess, Target

LEAST = 0.35
LABELS = ("work", "home", "mobile", "fax", "other")
RANK = {"": 0, "work": 0, "mobile": 1, "home": 2, "other": 3, "fax": 4}
ADDRESS = ("street", "city", "postal_code", "region", "country")


def settle(columns: Sequence[str], candidates: list[Candidate], shapes: Sequence[Shape], fields: dict[str, Target]) -> list[Guess]:
    """The strongest candidate first; a field takes one column, unless it takes several or joins them."""
    guesses: dict[int, Guess] = {}
    taken: dict[tuple[str, str], int] = {}
    refused: dict[int, str] = {}
    others: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda each: (-each.score, each.column)):
        if candidate.column in guesses or candidate.score < LEAST:
            continue
        if candidate.qualifier.startswith("other") and candidate.target.canonical in ADDRESS:
            others.append(candidate)
            continue
        place = _place(candidate)
        if place and place in taken:
            refused.setdefault(candidate.column, _("“%(header)s” goes to this field already.") % {"header": columns[taken[place]]})
            continue
        guesses[candidate.column] = _guess(candidate, columns[candidate.column], shapes[candidate.column])
        if place:
            taken[place] = candidate.column
    _second_addresses(others, guesses, columns, shapes, refused)
    _names(guesses, shapes, fields, refused)
    _one_reference(guesses, shapes, refused)
    result = [guesses.get(index) or Guess(index, raw, None, 0.0, refused.get(index, "")) for index, raw in enumerate(columns)]
    return _numbered(result)


def _place(candidate: Candidate) -> tuple[str, str] | None:
    """What only one column can have; None for fields that take any number."""
    key, qualifier = candidate.target.canonical, candidate.qualifier
    if qualifier == "kind":
        return (key, f"kind {candidate.number}")
    if candidate.target.takes_several or qualifier == "join":
        return None
    if qualifier in ("id", "email", "domain"):
        return (key, qualifier)
    return (key, "")


def _guess(candidate: Candidate, header: str, shape: Shape) -> Guess:
    qualifier = candidate.qualifier.removeprefix("other").strip() if candidate.qualifier.startswith("other ") else candidate.qualifier
    reason = " ".join([candidate.reason, *candidate.notes])
    guess = Guess(candidate.column, header, candidate.target, round(candidate.score, 2), reason, number=max(candidate.number, 1))
    if qualifier in LABELS and candidate.target.canonical in ("email", "phone"):
        return replace(guess, label=qualifier)
    if qualifier in ("kind", "join", "negated", "full_name"):
        return replace(guess, part=qualifier)
    if candidate.target.kind in ("person", "team", "reference") or candidate.target.canonical in (
        "owner",
        "customer",
        "contact",
        "parent",
        "team",
    ):
        by = qualifier if qualifier in ("id", "email", "domain") else "email" if shape.share("email") >= 0.6 else "name"
        return replace(guess, by=by)
    return guess


def _second_addresses(
    others: list[Candidate], guesses: dict[int, Guess], columns: Sequence[str], shapes: Sequence[Shape], refused: dict[int, str]
) -> None:
    """Home and other addresses count only where the file has no better one, or only empty ones; then the first kind of them."""
    used = [guess for guess in guesses.values() if guess.target and guess.target.canonical in ADDRESS]
    filled = [guess for guess in used if not shapes[guess.column].empty]
    free = [each for each in others if each.column not in guesses]
    better = bool(filled) or (bool(used) and all(shapes[each.column].empty for each in free))
    chosen = (
        ""
        if better or not free
        else normal(columns[min(free, key=lambda each: (shapes[each.column].empty, each.column)).column]).split()[0]
    )
    if chosen:
        for guess in used:
            del guesses[guess.column]
    taken: set[str] = set()
    for candidate in sorted(free, key=lambda each: (-each.score, each.column)):
        key, joins = candidate.target.canonical, candidate.qualifier.endswith("join")
        if (
            not chosen
            or normal(columns[candidate.column]).split()[0] != chosen
            or (key in taken and not joins)
            or candidate.column in guesses
        ):
            refused.setdefault(candidate.column, _("A contact has one address, and other columns hold it."))
            continue
        guesses[candidate.column] = _guess(candidate, columns[candidate.column], shapes[candidate.column])
        taken.add(key)


def _find(guesses: dict[int, Guess], key: str, part: str = "value") -> Guess | None:
    return next((guess for guess in guesses.values() if guess.target and guess.target.canonical == key and guess.part == part), None)


def _names(guesses: dict[int, Guess], shapes: Sequence[Shape], fields: dict[str, Target], refused: dict[int, str]) -> None:
    """A full name beside first and last name is left out; "Name" beside "Vorname" is the last name."""
    if "first_name" not in fields or "last_name" not in fields:
        return
    first, last = _find(guesses, "first_name"), _find(guesses, "last_name")
    whole = _find(guesses, "full_name") or _find(guesses, "last_name", "full_name")
    if first and last and whole:
        del guesses[whole.column]
        refused[whole.column] = _("First and last name are in columns of their own.")
    elif first and whole and not last:
        guesses[whole.column] = replace(
            whole, target=fields["last_name"], part="value", reason=_("Beside a first name, this is the last name.")
        )
    elif first and not last and not whole:
        shape = shapes[first.column]
        if not shape.empty and shape.share_with(lambda value: " " in value) >= 0.6:
            target = fields.get("full_name") or fields["last_name"]
            part = "value" if "full_name" in fields else "full_name"
            guesses[first.column] = replace(first, target=target, part=part, reason=_("The values are whole names."))


def _one_reference(guesses: dict[int, Guess], shapes: Sequence[Shape], refused: dict[int, str]) -> None:
    """Owner by e-mail beats owner by name, a reference by id beats both only where names are missing."""
    for key, order in (
        ("owner", ("email", "name", "id")),
        ("team", ("name", "id")),
        ("parent", ("name", "id")),
        ("customer", ("name", "domain", "id")),
        ("contact", ("email", "name", "id")),
    ):
        found = [guess for guess in guesses.values() if guess.target and guess.target.canonical == key and guess.part == "value"]
        if len(found) < 2:
            continue
        best = min(found, key=lambda guess: (shapes[guess.column].empty, order.index(guess.by) if guess.by in order else 9))
        for guess in found:
            if guess is not best:
                del guesses[guess.column]
                refused[guess.column] = _("“%(header)s” goes to this field already.") % {"header": best.header}


def _numbered(guesses: list[Guess]) -> list[Guess]:
    """Count e-mails, phones and the columns of a joined field; a column with the kind keeps the number of its value.

    Number 1 is the one to show: of phones that of work, before mobile, home, others and fax.
    """
    numbers: dict[int, int] = {}
    counts: dict[str, int] = {}
    for guess in sorted(guesses, key=lambda each: (RANK.get(each.label, 0), each.part == "join", each.column)):
        if guess.target and guess.part in ("value", "join", "full_name"):
            key = guess.target.canonical
            counts[key] = counts.get(key, 0) + 1
            numbers[guess.column] = counts[key]
    result = [guess if guess.part == "kind" else _with_number(guess, numbers.get(guess.column, 1)) for guess in guesses]
    return [_with_its_value(guess, result) if guess.part == "kind" else guess for guess in result]


def _with_number(guess: Guess, number: int) -> Guess:
    joins = number > 1 and guess.target is not None and guess.target.canonical in JOINED
    return replace(guess, number=number, part="join" if joins else guess.part)


def _with_its_value(kind: Guess, guesses: list[Guess]) -> Guess:
    """The kind column names the number of the nearest value: behind it in Google's files, before it in vCards."""
    if kind.target is None:
        return kind
    same = [guess for guess in guesses if guess.target is kind.target and guess.part == "value"]
    own = [guess for guess in same if normal(guess.header).split()[:2] == normal(kind.header).split()[:2]] or same
    if not own:
        return kind.left_out(_("The column it belongs to is missing."))
    nearest = min(own, key=lambda guess: (abs(guess.column - kind.column), guess.column < kind.column))
    return replace(kind, number=nearest.number)
