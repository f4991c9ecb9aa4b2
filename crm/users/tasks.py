from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.tenancy.retention import forget_rows
from crm.users.actions import forget_promises
from crm.users.models import AccessNotice, SignIn

UNVERIFIED = timedelta(days=3)


@shared_task(ignore_result=True)
def forget_sign_ins() -> int:
    """Delete sign-ins and notices of unusual access older than SIGN_IN_LOG_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=settings.SIGN_IN_LOG_DAYS)
    notices = forget_rows(lambda organization_id: AccessNotice.objects.filter(organization_id=organization_id, at__lt=before), size=1000)
    return SignIn.objects.filter(at__lt=before).delete()[0] + notices


@shared_task(ignore_result=True)
def forget_sign_ups() -> int:
    """Delete sign-ups that nobody verified for three days, so that nobody holds somebody else's address. Returns how many."""
    return forget_promises(promised__asked_at__lt=timezone.now() - UNVERIFIED)
