"""What the API need not remember any more."""

from datetime import timedelta

from django.utils import timezone

from crm.api.models import ApiRequest, IdempotentAnswer

REQUESTS_KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(hours=24)


def forget_old(organization_id: int) -> int:
    """Delete one organization's requests after 30 days and kept answers after 24 hours, in its tenant. Returns how many."""
    now = timezone.now()
    requests = ApiRequest.objects.filter(organization_id=organization_id, at__lt=now - REQUESTS_KEPT)
    answers = IdempotentAnswer.objects.filter(organization_id=organization_id, at__lt=now - ANSWERS_KEPT)
    return requests.delete()[0] + answers.delete()[0]
