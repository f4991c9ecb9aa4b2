"""What can be asked of each kind of field, and in which words."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.fields.fields import Field
from crm.fields.kinds import NUMERIC, Kind


class Takes(StrEnum):
    """What stands after the operator."""

    NOTHING = "nothing"
    ONE = "one"
    TWO = "two"
    MANY = "many"
    DAYS = "days"


@dataclass(frozen=True)
class Operator:
    """`words` read between the field's label and the value."""

    key: str
    words: str | Promise
    takes: Takes = Takes.ONE


EMPTY = (Operator("is_empty", _("is empty"), Takes.NOTHING), Operator("is_not_empty", _("is not empty"), Takes.NOTHING))
TEXT = (
    Operator("contains", _("contains")),
    Operator("is", _("is")),
    Operator("is_not", _("is not")),
    Operator("begins", _("begins with")),
    *EMPTY,
)
LONG_TEXT = (Operator("contains", _("contains")), *EMPTY)
NUMBER = (
    Operator("is", _("=")),
    Operator("is_not", _("≠")),
    Operator("below", _("<")),
    Operator("at_most", _("≤")),
    Operator("above", _(">")),
    Operator("at_least", _("≥")),
    Operator("between", _("between"), Takes.TWO),
    *EMPTY,
)
DATE = (
    Operator("last_days", _("in the last"), Takes.DAYS),
    Operator("not_last_days", _("not in the last"), Takes.DAYS),
    Operator("next_days", _("in the next"), Takes.DAYS),
    Operator("on", _("on")),
    Operator("before", _("before")),
    Operator("after", _("after")),
    Operator("between", _("between"), Takes.TWO),
    Operator("today", _("is today"), Takes.NOTHING),
    Operator("this_week", _("is in this week"), Takes.NOTHING),
    Operator("this_month", _("is in this month"), Takes.NOTHING),
    Operator("this_quarter", _("is in this quarter"), Takes.NOTHING),
    Operator("this_year", _("is in this fiscal year"), Takes.NOTHING),
    *EMPTY,
)
CHOICE = (
    Operator("any_of", _("is any of"), Takes.MANY),
    Operator("none_of", _("is none of"), Takes.MANY),
    Operator("is", _("is")),
    Operator("is_not", _("is not")),
    *EMPTY,
)
PERSON = (
    Operator("is_me", _("is me"), Takes.NOTHING),
    Operator("my_team", _("is in my team"), Takes.NOTHING),
    Operator("any_of", _("is any of"), Takes.MANY),
    Operator("is", _("is")),
    *EMPTY,
)
TEAM = (Operator("is_mine", _("is mine"), Takes.NOTHING), Operator("any_of", _("is any of"), Takes.MANY), Operator("is", _("is")), *EMPTY)
REFERENCE = (Operator("is", _("is")), *EMPTY)
TAGS = (
    Operator("has_any", _("has any of"), Takes.MANY),
    Operator("has_all", _("has all of"), Takes.MANY),
    Operator("has_none", _("has none of"), Takes.MANY),
    *EMPTY,
)
YES_NO = (Operator("yes", _("is yes"), Takes.NOTHING), Operator("no", _("is no"), Takes.NOTHING))

BY_KIND: dict[str, tuple[Operator, ...]] = {
    Kind.LONG_TEXT: LONG_TEXT,
    Kind.DATE: DATE,
    Kind.TIME: DATE,
    Kind.CHOICE: CHOICE,
    Kind.COUNTRY: CHOICE,
    Kind.CURRENCY: CHOICE,
    Kind.LANGUAGE: CHOICE,
    Kind.PERSON: PERSON,
    Kind.TEAM: TEAM,
    Kind.REFERENCE: REFERENCE,
    Kind.ENTRY: CHOICE,
    Kind.TAGS: TAGS,
    Kind.CHOICES: TAGS,
    Kind.YES_NO: YES_NO,
    **dict.fromkeys(NUMERIC, NUMBER),
}


def operators_of(field: Field) -> dict[str, Operator]:
    """What can be asked of the field, by key, the usual question first. Required fields are never empty."""
    column = field.column
    always = not field.is_beyond and (field.required or (column is not None and not column.null and not column.blank))
    return {op.key: op for op in BY_KIND.get(field.kind, TEXT) if not (always and op in EMPTY)}
