"""What columns can be mapped to, and what is thought about one column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

RECORD_TYPES = {
    "customers": "customer", "companies": "customer", "accounts": "customer",
    "contacts": "contact", "people": "contact", "leads": "contact", "lead": "contact",
    "tasks": "task",
}  # fmt: skip
# Field keys that mean the same as the key that the synonyms use.
SAME = {
    "customer": {
        "employees": "size", "employee_count": "size", "number_of_employees": "size", "revenue": "annual_revenue",
        "notes": "description", "type": "kind", "vat_number": "tax_number", "account_owner": "owner",
    },
    "contact": {
        "name": "full_name", "mailing_street": "street", "mailing_city": "city", "mailing_postal_code": "postal_code",
        "mailing_region": "region", "mailing_country": "country", "notes": "description", "title": "job_title",
        "company": "customer", "emails": "email", "phones": "phone", "birth_date": "birthday",
    },
    "task": {
        "title": "subject", "name": "subject", "notes": "description", "due": "due_at", "due_date": "due_at",
        "assignee": "owner", "is_done": "done", "related_customer": "customer", "related_contact": "contact",
        "body": "description", "remind_at": "reminder_at", "done_at": "completed_at",
    },
}  # fmt: skip
SEVERAL = {"tags", "description", "website"}
JOINED = {
    "street", "billing_street", "shipping_street", "other_street", "mailing_street", "first_name", "last_name", "description",
    "due_at", "reminder_at",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A field that a column may go to.

    record_type: "customer", "contact" or "task". kind: of crm.fields (text, money, email, phone, date, yes_no, choice, person, …).
    synonyms: further headers, as an organization's custom fields bring them. several: more than one column may go here.
    """

    record_type: str
    key: str
    label: str = ""
    kind: str = "text"
    synonyms: tuple[str, ...] = ()
    several: bool = False

    @property
    def record(self) -> str:
        return RECORD_TYPES.get(self.record_type, self.record_type)

    @property
    def canonical(self) -> str:
        """The key under which the synonyms know this field."""
        return SAME.get(self.record, {}).get(self.key, self.key)

    @property
    def takes_several(self) -> bool:
        return self.several or self.canonical in SEVERAL or (self.record == "contact" and self.canonical in ("email", "phone"))


@dataclass(frozen=True)
class Guess:
    """What one column of the file is.

    target: None where the column is left out, and `reason` says why. confidence: 0 to 1.
    label: "work", "home", "mobile", "fax", "other" for e-mails and phones. number: which of several, from 1.
    part: "value"; "kind" (the label of e-mail or phone `number` stands in this column); "join" (appended to the target's first column);
    "negated" (yes means no).
    by: what a reference is given as: "name", "id", "email" or "domain".
    """

    column: int
    header: str
    target: Target | None
    confidence: float
    reason: str
    label: str = ""
    number: int = 1
    part: str = "value"
    by: str = ""

    def left_out(self, reason: str) -> Guess:
        return replace(self, target=None, confidence=0.0, reason=reason, label="", part="value", by="")


@dataclass
class Candidate:
    """A possible Guess on the way to the decision."""

    column: int
    target: Target
    score: float
    reason: str
    qualifier: str = ""
    number: int = 0
    notes: list[str] = field(default_factory=list)


def by_canonical(targets: Iterable[Target], record: str) -> dict[str, Target]:
    """The targets of one record type by the key that the synonyms use."""
    return {target.canonical: target for target in targets if target.record == record}
