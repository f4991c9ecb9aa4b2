"""How a file and its values are read: what was guessed, what a person chose instead."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.imports.mapping import Column
from crm.lib.countries import country_code
from crm.lib.regions import COUNTRIES_WITH_REGIONS, region_code
from crm.tenancy.models import Organization

AMERICAN = re.compile(r"^(?:1[-. ])?(?:\(\d{3}\)\s*|\d{3}[-. ])\d{3}[-. ]\d{4}\b")


@dataclass
class Options:
    """`encoding`, `delimiter`, `sheet` empty: guessed. `country` (alpha-2) is where numbers and addresses without one belong.

    `clear_empty`: empty cells empty the field of a record that is here. `consent_off`: refusals may be taken back. `create_tags`: tags
    that do not exist are made. `create_companions`: customers that contacts name and that do not exist are made.
    `leave_out`: a row with a wrong value is imported without that value. `stop_on_problems`: nothing is imported while a row is refused.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: str = ""
    country: str = ""
    clear_empty: bool = False
    consent_off: bool = False
    create_tags: bool = False
    create_companions: bool = True
    leave_out: bool = False
    stop_on_problems: bool = False
    dates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Options":
        known = {entry.name for entry in fields(cls)}
        return cls(**{key: value for key, value in settings.items() if key in known})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def reading(self) -> dict[str, Any]:
        """For `open_table`: only what somebody chose. An unknown delimiter is a tab's name."""
        chosen: dict[str, Any] = {}
        if self.encoding:
            chosen["encoding"] = self.encoding
        if self.delimiter:
            chosen["delimiter"] = {"tab": "\t", "none": ""}.get(self.delimiter, self.delimiter)
        if self.sheet:
            chosen["sheet"] = self.sheet
        if self.header:
            chosen["header"] = self.header == "yes"
        return chosen


def date_order(organization: Organization) -> str:
    """What the organization's own date format says of 01/02/2026."""
    return "mdy" if organization.date_format.startswith("m") else "dmy"


def guess_country(organization: Organization, mapping: Sequence[Column], sample: Sequence[Sequence[str]], targets: dict[str, Field]) -> str:
    """The organization's country; without one the country whose states or telephone numbers the file has, or that most rows name."""
    if organization.country:
        return organization.country
    found: Counter[str] = Counter()
    values = 0
    for column in mapping:
        if column.target.endswith("region") and column.part == "value":
            texts = [row[column.column].strip() for row in sample if row[column.column].strip()]
            values += len(texts)
            for country in COUNTRIES_WITH_REGIONS:
                found[country] += sum(1 for text in texts if region_code(text, country))
    if found and found.most_common(1)[0][1] >= 0.6 * values > 0:
        return found.most_common(1)[0][0]
    return _most_named(mapping, sample, targets) or _american_numbers(mapping, sample, targets)


def _most_named(mapping: Sequence[Column], sample: Sequence[Sequence[str]], targets: dict[str, Field]) -> str:

    named: Counter[str] = Counter()
    for column in mapping:
        target = targets.get(column.target)
        if target is not None and target.kind == Kind.COUNTRY:
            named.update(code for row in sample if (code := country_code(row[column.column])))
    return named.most_common(1)[0][0] if named else ""


def _american_numbers(mapping: Sequence[Column], sample: Sequence[Sequence[str]], targets: dict[str, Field]) -> str:
    """ "(512) 757-6000" is written so in North America and nowhere else."""
    columns = [c.column for c in mapping if c.part == "value" and c.target in targets and targets[c.target].kind == Kind.PHONE]
    texts = [row[column].strip() for column in columns for row in sample if row[column].strip()]
    return "US" if sum(1 for text in texts if AMERICAN.match(text)) > 0.6 * len(texts) > 0 else ""
