"""Rows that are kept for a set time."""

from collections.abc import Callable
from typing import Any

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant


def forget_rows(rows_of: Callable[[int], Any], *, size: int) -> int:
    """Delete what `rows_of(organization_id)` selects, in each organization, so many in a transaction. Returns how many went."""
    gone = 0
    for organization_id in list(Organization.objects.values_list("pk", flat=True)):
        more = True
        while more:
            with tenant(organization_id):
                rows = rows_of(organization_id)
                keys = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
                rows.filter(pk__in=keys).delete()
            gone, more = gone + len(keys), bool(keys)
    return gone
