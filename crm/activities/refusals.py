"""Who does not want to be written to or called: said where that is about to happen."""

from typing import Any

from django.utils.text import capfirst

from crm.activities.choices import Kind
from crm.fields import kinds
from crm.fields.record_types import record_types
from crm.users.models import User

REACHED_BY = {Kind.EMAIL: kinds.Kind.EMAIL, Kind.CALL: kinds.Kind.PHONE}


def refusal_of(record: Any, kind: str, user: User) -> str:
    """What the record's person asked not to get, in words, where an entry of this kind is just that; "" where nothing stands against it."""
    record_type, way = record_types.of(record), REACHED_BY.get(Kind(kind))
    for flag, about in record_type.consent.items():
        field = record_type.fields[flag]
        if record_type.fields[about].kind == way and field.readable_by(user) and getattr(record, field.path):
            return str(capfirst(field.label))
    return ""
