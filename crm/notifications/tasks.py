from celery import shared_task

from crm.notifications.due import fire_all


@shared_task(ignore_result=True)
def fire_due() -> int:
    """The tick: whatever is due now, also what became due while nobody was working."""
    return fire_all()
