"""What becomes of the log after a set time."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.audit.models import LogEntry
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant

BATCH = 10_000


@shared_task(ignore_result=True)
def forget_old_changes() -> int:
    """Entries older than CHANGE_LOG_DAYS, some thousands in a transaction. Returns how many went."""
    if not settings.CHANGE_LOG_DAYS:
        return 0
    before, gone = timezone.now() - timedelta(days=settings.CHANGE_LOG_DAYS), 0
    for organization_id in list(Organization.objects.values_list("pk", flat=True)):
        more = True
        while more:
            with tenant(organization_id):
                old = LogEntry.objects.filter(organization_id=organization_id, timestamp__lt=before).order_by("pk")
                keys = list(old.values_list("pk", flat=True)[:BATCH])
                LogEntry.objects.filter(pk__in=keys).delete()
            gone, more = gone + len(keys), bool(keys)
    return gone
