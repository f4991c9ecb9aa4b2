from celery import shared_task

from crm.notifications.digest import send_due_digests
from crm.notifications.due import fire_all, fire_slow, slow_is_due
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant


@shared_task(ignore_result=True)
def fire_due() -> int:
    """The tick: whatever is due now, also what became due while nobody was working. Then e-mails, in a task of their own."""
    taken = fire_all(slow=False)
    if slow_is_due():
        send_reminders.delay()
    return taken


@shared_task(ignore_result=True, queue="mail", expires=60)
def send_reminders() -> int:
    """E-mails of notifications. One worker at a time: a mail server that hangs keeps no reminder from showing in the app."""
    return fire_slow()


@shared_task(ignore_result=True, queue="mail", expires=600)
def send_digests() -> int:
    """The daily e-mails of everybody for whom it is time. Returns how many."""
    sent = 0
    for organization_id in list(Organization.objects.values_list("pk", flat=True)):
        with tenant(organization_id):
            sent += send_due_digests(organization_id)
    return sent
