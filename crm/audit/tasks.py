"""What becomes of the log after a set time."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.tenancy.retention import forget_rows

BATCH = 10_000


@shared_task(ignore_result=True)
def forget_old_changes() -> int:
    """Entries older than CHANGE_LOG_DAYS, some thousands in a transaction. Returns how many went."""
    if not settings.CHANGE_LOG_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.CHANGE_LOG_DAYS)
    return forget_rows(lambda pk: LogEntry.objects.filter(organization_id=pk, timestamp__lt=before), size=BATCH)
