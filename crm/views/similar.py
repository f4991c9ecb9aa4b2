"""A warning before something is made twice: records that share an e-mail address, a domain, a number or a name."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import RecordType
from crm.lib.domains import domain_of
from crm.lib.email_addresses import email_key
from crm.lib.text import fold
from crm.search.find import candidate_ids
from crm.users.models import User

SHOWN = 5
LEGAL_FORMS = re.compile(
    r"(?<=\w)(?: (?:ab|ag|aps|asa?|bv|co(?:mpany|rp|rporation)?|e[gkv]|gbr|g?mbh|inc|kg(?:aa)?|limited|llc|llp|ltda?|nv|ohg|oyj?|plc"
    r"|pte|pty|sarl|s[ael]|sas|spa|srl|sro|ug|and|und|&))+$"
)


def similar_records(record_type: RecordType, values: dict[str, Any], user: User) -> list[Any]:
    """Up to five records that the person sees and that look like these values. One statement for each value, two for the name and for
    what a record may have several of.
    """
    found: dict[int, Any] = {}
    for key in record_type.similar_on:
        value = str(values.get(key) or _title(record_type, key, values)).strip()
        field = record_type.fields[key]
        if value and field.readable_by(user) and len(found) < SHOWN:
            found |= {record.pk: record for record in _like(record_type, field, value, user)}
    return list(found.values())[:SHOWN]


def named_like(name: str) -> str:
    """What two names of the same company or person share: no case, no accents, no legal form, no punctuation."""
    words = "".join(letter if letter.isalnum() or letter == "&" else "" if letter in ".'" else " " for letter in fold(name)).split()
    return LEGAL_FORMS.sub("", " ".join(words))


def _title(record_type: RecordType, key: str, values: dict[str, Any]) -> str:
    """A contact's name is put together from its parts."""
    return " ".join(str(values.get(part) or "") for part in ("first_name", "last_name")) if key == record_type.title else ""


def _like(record_type: RecordType, field: Field, value: str, user: User) -> Iterator[Any]:
    records = record_type.objects().visible_to(user)
    condition = _equal(record_type, field, value)
    if condition:
        yield from records.filter(**condition)[:SHOWN]
    if rows := record_type.further.get(field.key):
        key = email_key(value) if field.kind == Kind.EMAIL else value
        yield from records.filter(**{f"{rows}__kind": field.key, f"{rows}__key": key})[:SHOWN]
    if field.key == record_type.title:
        wanted = named_like(value)
        near = records.filter(pk__in=candidate_ids(wanted, user, record_type)[:50])
        yield from [record for record in near if named_like(str(record)) == wanted]


def _equal(record_type: RecordType, field: Field, value: str) -> dict[str, str]:
    """The comparison that an index serves below row-level security: on a column that is kept in the form which is compared."""
    if field.kind == Kind.URL and _has(record_type, "domain"):
        domain = domain_of(value)
        return {"domain": domain} if domain else {}
    if field.kind == Kind.EMAIL:
        return {record_type.sort_keys.get(field.key, f"{field.path}__iexact"): value.lower()}
    if field.key in record_type.sort_keys:
        return {record_type.sort_keys[field.key]: value.lower()}
    return {field.path: value}


def _has(record_type: RecordType, column: str) -> bool:
    try:
        return isinstance(record_type.model._meta.get_field(column), models.Field)
    except FieldDoesNotExist:
        return False
