from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.users.models import SignIn


@shared_task(ignore_result=True)
def forget_sign_ins() -> int:
    """Delete sign-ins older than SIGN_IN_LOG_DAYS. Returns how many."""
    return SignIn.objects.filter(at__lt=timezone.now() - timedelta(days=settings.SIGN_IN_LOG_DAYS)).delete()[0]
