"""Which column of the file goes to which field, how it is read, and what one person chose for it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from crm.fields.fields import Field
from crm.fields.kinds import NUMERIC, Kind
from crm.fields.record_types import RecordType
from crm.imports.recognition import Guess, guess_date_format, guess_number_format, match_choices, near_choice, recognise, split_address
from crm.imports.recognition.headers import lookup, read_header
from crm.imports.targets import fields_for, is_reference, targets_for
from crm.lib.text import fold
from crm.records.own_ids import BEHIND, OWN_ID, key_of
from crm.users.models import User

LABELS = ("work", "home", "mobile", "fax", "other")
PARTS = ("join", "full_name", "full_address", "negated", "kind")
LIKELY = 0.9
SAMPLE = 200
LAST = 99
WAYS = ("name", "id", "email", "domain", "key")


@dataclass(frozen=True)
class Column:
    """One column. `target` "" leaves it out. `choices` is {value in the file: key of the choice, "" for none}.

    `part`, `by`, `label`, `number` are crm.imports.recognition's. `date` is the order of day and month, `decimal` the decimal mark.
    """

    column: int
    header: str
    target: str = ""
    part: str = "value"
    by: str = ""
    label: str = ""
    number: int = 1
    reason: str = ""
    confidence: float = 0.0
    date: str = ""
    date_ambiguous: bool = False
    decimal: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    suggested: list[str] = field(default_factory=list)

    @property
    def choice(self) -> str:
        """The value of the page's list: the field, and in which of its parts."""
        if not self.target:
            return ""
        qualifier = self.part if self.part != "value" else self.by or self.label
        return f"{self.target}:{qualifier}" if qualifier else self.target

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(mapping: list[dict[str, Any]]) -> list[Column]:
    return [Column(**entry) for entry in mapping]


def guess_mapping(
    columns: Sequence[str], sample: Sequence[Sequence[str]], record_type: RecordType, user: User, date_order: str
) -> list[Column]:
    """What the headers and the values say. `date_order` is "dmy" or "mdy" where the values leave it open."""
    guesses = recognise(columns, sample, targets_for(record_type, user))
    found = [_from_guess(guess) for guess in guesses]
    if _has_own_keys(columns, record_type):
        found = _by_own_keys(found, sample, record_type, user)
    if "website" in fields_for(record_type, user):
        found = [_domain_as_website(column, record_type.key) for column in found]
    cities = {column.target for column in found if column.target.endswith("city")}
    return [_whole_address(column, sample, cities) for column in found]


def _has_own_keys(columns: Sequence[str], record_type: RecordType) -> bool:
    """Whether the file is an exact export of ours: its headers are the keys of fields."""
    known = all(header == OWN_ID or header.removesuffix(BEHIND) in record_type.fields for header in columns)
    return known and any("_" in header for header in columns)


def _by_own_keys(found: list[Column], sample: Sequence[Sequence[str]], record_type: RecordType, user: User) -> list[Column]:
    """Each key is its field; records are named by their ids, where these are of this organization."""
    fields, organization = fields_for(record_type, user), user.own_organization
    ids = [row[column.column] for column in found if column.header == OWN_ID for row in sample]
    if not any(key_of(text, organization) for text in ids):
        return [_by_own_key(column, record_type, fields) for column in found]
    named = {column.header.removesuffix(BEHIND) for column in found if column.header.endswith(BEHIND)}
    reason = _("The header is the key of the field.")
    mapping = []
    for column in found:
        header = column.header
        if header == OWN_ID or (header.removesuffix(BEHIND) in named & fields.keys() and header.endswith(BEHIND)):
            by = "key" if header != OWN_ID else ""
            mapping.append(Column(column.column, header, header.removesuffix(BEHIND), by=by, reason=reason, confidence=1.0))
        elif header in named:
            mapping.append(Column(column.column, header, reason=_("The column with the id says it better.")))
        else:
            mapping.append(_by_own_key(column, record_type, fields))
    return mapping


def _by_own_key(column: Column, record_type: RecordType, fields: dict[str, Field]) -> Column:
    """What Tern writes itself is left out, as are ids of another organization."""
    header, reason = column.header, _("The header is the key of the field.")
    if header == OWN_ID or header.endswith(BEHIND):
        return Column(column.column, header, reason=_("These are ids of another organization."))
    if header in fields:
        by = "name" if is_reference(fields[header]) else ""
        return column if column.target == header else Column(column.column, header, header, by=by, reason=reason, confidence=1.0)
    if record_type.fields[header].kind in {Kind.PERSON, Kind.TEAM, Kind.TIME}:
        return Column(column.column, header, reason=_("Tern writes this itself."))
    return column


def _whole_address(column: Column, sample: Sequence[Sequence[str]], cities: set[str]) -> Column:
    """A street without a city beside it, whose values have one in them."""
    if column.part != "value" or not column.target.endswith("street") or f"{column.target.removesuffix('street')}city" in cities:
        return column
    values = [row[column.column] for row in sample[:SAMPLE] if row[column.column].strip()]
    split = sum(1 for value in values if split_address(value))
    if split < 0.5 * len(values) or not values:
        return column
    return replace(column, part="full_address", reason=_("The values are whole addresses."), confidence=min(column.confidence, 0.8))


def _domain_as_website(column: Column, record_type: str) -> Column:
    """Domains are kept as web addresses, where no other column has one: the domain of a record follows from those."""
    meanings = (
        [] if column.target else [key for key, qualifier, _weight in lookup(read_header(column.header), record_type) if not qualifier]
    )
    if meanings[:1] != ["domain"]:
        return column
    return replace(column, target="website", number=LAST, reason=_("The domain is kept as the web address."), confidence=0.8)


def _from_guess(guess: Guess) -> Column:
    return Column(
        guess.column, guess.header, guess.target.key if guess.target else "", guess.part, guess.by, guess.label, guess.number,
        guess.reason, guess.confidence,
    )  # fmt: skip


def understand_values(mapping: list[Column], sample: Sequence[Sequence[str]], fields: dict[str, Field], date_order: str) -> list[Column]:
    """The same columns with date formats, decimal marks and picklist values decided over the values of the file.

    Where a column leaves day and month open, the other columns of the file decide, and only then `date_order`.
    """
    read = [(column, [row[column.column] for row in sample], fields.get(column.target)) for column in mapping]
    understood = [_understood(column, values, target, "") for column, values, target in read]
    proven = Counter(column.date for column in understood if column.date in {"dmy", "mdy"} and not column.date_ambiguous)
    order = proven.most_common(1)[0][0] if proven else date_order
    return [
        _understood(column, values, target, order) if after.date_ambiguous and not column.date else after
        for after, (column, values, target) in zip(understood, read, strict=True)
    ]


def _understood(column: Column, values: list[str], target: Field | None, date_order: str) -> Column:
    if target is None or column.part == "kind":
        return column
    if target.kind in {Kind.DATE, Kind.TIME} and not column.date:
        found = guess_date_format(values, prefer=date_order)
        return replace(column, date=found.order if found else "ymd", date_ambiguous=bool(found and found.ambiguous))
    if target.kind in NUMERIC and not column.decimal:
        return replace(column, decimal=guess_number_format(values).decimal)
    if target.kind == Kind.CHOICE:
        return _with_choices(column, values, target)
    return column


def _with_choices(column: Column, values: list[str], target: Field) -> Column:
    """Values that somebody has decided stay; a likely one is taken and marked."""
    taken = taken_choices(values, target)
    known = {value: key for value, (key, _sure) in taken.items()}
    new = [value for value, (key, sure) in taken.items() if key and not sure and value not in column.choices]
    return replace(column, choices={**known, **column.choices}, suggested=[*column.suggested, *new])


def taken_choices(values: Sequence[str], target: Field) -> dict[str, tuple[str, bool]]:
    """{value: (key of the choice or "", whether that is sure)}. Not sure: a slip of the pen, a value that says more than the choice."""
    labels = {key: str(label) for key, label in target.choices}
    taken = {}
    for match in match_choices(values, labels):
        if (match.suggested or not match.choice) and (word := near_choice(target.key, match.value)) in labels:
            taken[match.value] = (word, False)
            continue
        near = match.score >= LIKELY or _says_more(match.value, labels.get(match.choice or "", ""))
        taken[match.value] = (match.choice or "" if near else "", not match.suggested)
    return taken


def _says_more(value: str, label: str) -> bool:
    """ "Customer - Direct" says "Customer" and more."""
    words = set(fold(label).replace("-", " ").split())
    return bool(words) and words <= set(fold(value).replace("-", " ").replace("/", " ").split())


def choose(column: Column, choice: str, fields: dict[str, Field]) -> Column:
    """The column with what a person picked in the list. What is not offered leaves it out."""
    if choice == column.choice:
        return column
    key, _, qualifier = choice.partition(":")
    if key == OWN_ID:
        return Column(column.column, column.header, OWN_ID, confidence=1.0)
    if key not in fields:
        return Column(column.column, column.header)
    part = qualifier if qualifier in PARTS else "value"
    by = qualifier if qualifier in WAYS and is_reference(fields[key]) else ""
    label = qualifier if qualifier in LABELS and not by else ""
    if is_reference(fields[key]) and not by:
        by = "name"
    return Column(column.column, column.header, key, part, by, label, number=column.number, confidence=1.0)


def remembered(mapping: list[Column]) -> list[Column]:
    """A mapping of the last file for a new one: where columns go, and what picklist values mean. Formats are the new file's own."""
    return [replace(each, date="", decimal="", choices={value: key for value, key in each.choices.items() if key}) for each in mapping]


def numbered(mapping: list[Column], several: Sequence[str]) -> list[Column]:
    """Columns of a field that takes several get numbers in their order; the kind of a value keeps the number of its value."""
    counts: dict[str, int] = {}
    taken: set[tuple[str, int]] = set()
    result = []
    for column in mapping:
        if column.target in several and column.part == "value":
            number = column.number
            if (column.target, number) in taken:
                number = counts.get(column.target, 0) + 1
            taken.add((column.target, number))
            counts[column.target] = max(counts.get(column.target, 0), number)
            column = replace(column, number=number)  # noqa: PLW2901
        result.append(column)
    return result


def doubles(mapping: list[Column], several: Sequence[str]) -> list[Column]:
    """Columns whose field has another column already, and takes only one."""
    seen: set[tuple[str, str]] = set()
    found = []
    for column in mapping:
        if not column.target or column.target in several or column.part in {"join", "kind"}:
            continue
        place = (column.target, column.part if column.part == "full_name" else "")
        if place in seen:
            found.append(column)
        seen.add(place)
    return found


def signature(columns: Sequence[str]) -> str:
    """What files with the same header have in common."""
    return hashlib.sha256("\x1f".join(name.casefold() for name in columns).encode()).hexdigest()
