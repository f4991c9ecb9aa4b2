from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.users.actions import forget_promises
from crm.users.models import SignIn

UNVERIFIED = timedelta(days=3)


@shared_task(ignore_result=True)
def forget_sign_ins() -> int:
    """Delete sign-ins older than SIGN_IN_LOG_DAYS. Returns how many."""
    return SignIn.objects.filter(at__lt=timezone.now() - timedelta(days=settings.SIGN_IN_LOG_DAYS)).delete()[0]


@shared_task(ignore_result=True)
def forget_sign_ups() -> int:
    """Delete sign-ups that nobody verified for three days, so that nobody holds somebody else's address. Returns how many."""
    return forget_promises(promised__asked_at__lt=timezone.now() - UNVERIFIED)
