from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from crm.mail.models import HeldMail

KEEP = timedelta(days=30)


@shared_task(ignore_result=True)
def forget_held_mails() -> int:
    """Delete what was held more than 30 days ago: its links have expired. Returns how many."""
    return HeldMail.objects.filter(held_at__lt=timezone.now() - KEEP).delete()[0]
