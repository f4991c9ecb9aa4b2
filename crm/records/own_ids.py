"""A record's own id as files carry it: "3fa91b2c-1234". In another organization it means nothing: no file overwrites strangers there."""

import hashlib

from crm.tenancy.models import Organization

OWN_ID = "tern_id"
BEHIND = f".{OWN_ID}"


def mark_of(organization: Organization) -> str:
    """What all ids of the organization begin with, also in a copy of it on another server."""
    return hashlib.sha256(f"{organization.pk}:{organization.created_at.isoformat()}".encode()).hexdigest()[:8] + "-"


def key_of(text: str, organization: Organization) -> int | None:
    """The key of the record, None for what is no id of this organization."""
    mark, digits = mark_of(organization), text.strip()
    if not digits.startswith(mark):
        return None
    digits = digits.removeprefix(mark)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None
