from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from crm.mail.models import HeldMail
from crm.mail.sending import send_due

KEEP = timedelta(days=30)


@shared_task(ignore_result=True)
def send_waiting_mails() -> int:
    """Send what is due; woken by each new mail, and by the clock for those that wait for another attempt. Returns how many."""
    return send_due()


@shared_task(ignore_result=True)
def forget_held_mails() -> int:
    """Delete what was held more than 30 days ago: its links have expired. Returns how many."""
    return HeldMail.objects.filter(held_at__lt=timezone.now() - KEEP).delete()[0]
