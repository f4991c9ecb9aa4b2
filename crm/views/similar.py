"""A warning before something is made twice: records that share an e-mail address, a domain or a name."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from crm.fields.record_types import RecordType
from crm.users.models import User

SHOWN = 5


def similar_records(record_type: RecordType, values: dict[str, Any], user: User) -> list[Any]:
    """Up to five records that the person sees and that look like these values."""
    condition = Q()
    for key in record_type.similar_on:
        value = values.get(key)
        if value and record_type.fields[key].readable_by(user):
            condition |= Q(**{f"{key}_lower": str(value).casefold()})
    if not condition:
        return []
    lowered = {f"{key}_lower": Lower(key) for key in record_type.similar_on}
    return list(record_type.objects().visible_to(user).alias(**lowered).filter(condition)[:SHOWN])
