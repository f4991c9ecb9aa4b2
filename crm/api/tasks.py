from celery import shared_task

from crm.api.actions import forget_old
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant


@shared_task(ignore_result=True)
def forget_old_requests() -> int:
    """What the API need not remember any more, of all organizations. Returns how many rows."""
    done = 0
    for pk in Organization.objects.values_list("pk", flat=True):
        with tenant(pk):
            done += forget_old(pk)
    return done
