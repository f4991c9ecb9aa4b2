"""What becomes of fields that were removed and not brought back."""

from celery import shared_task

from crm.setup.actions.fields import purge_field, removed_long_ago
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

BATCH = 5_000


@shared_task(ignore_result=True)
def forget_removed_fields() -> int:
    """Their values go 30 days after them, some thousands in a transaction. Returns how many values went."""
    gone = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            rows = removed_long_ago(organization_id)
        for row in rows:
            more = True
            while more:
                with tenant(organization_id):
                    more = bool(purged := purge_field(row, BATCH))
                gone += purged
    return gone
