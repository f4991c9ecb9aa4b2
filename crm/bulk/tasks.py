"""What becomes of old changes of many."""

from celery import shared_task
from django.utils import timezone

from crm.bulk.models import KEPT, BulkChange
from crm.tenancy.retention import forget_rows


@shared_task(ignore_result=True)
def forget_old_changes() -> int:
    """After a month a change can no longer be taken back as one; the history of each record stays. Returns how many went."""
    before = timezone.now() - KEPT
    return forget_rows(lambda pk: BulkChange.objects.filter(organization_id=pk, created_at__lt=before), size=20)
