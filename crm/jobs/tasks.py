"""The worker's side of jobs."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from crm.jobs.actions import wake_worker
from crm.jobs.models import JobLease, State
from crm.jobs.run import work_on

SWEPT = 500


@shared_task(ignore_result=True)
def run_job(organization_id: int, job_id: int) -> None:
    """One slice of a job. Running it twice does no harm: the second one finds it taken."""
    if work_on(organization_id, job_id) == State.QUEUED:
        lease = JobLease.objects.filter(job_id=job_id).first()
        if lease is not None:
            wake_worker(organization_id, job_id, lease.queue)


@shared_task(ignore_result=True)
def sweep_jobs() -> int:
    """Find jobs whose message was lost or whose worker died, and wake a worker for each. Returns how many."""
    now = timezone.now()
    with transaction.atomic():
        due = list(JobLease.objects.select_for_update(skip_locked=True).filter(wake_at__lte=now).order_by("wake_at")[:SWEPT])
        JobLease.objects.filter(pk__in=[lease.pk for lease in due]).update(wake_at=now + timedelta(seconds=30))
    for lease in due:
        wake_worker(lease.organization_id, lease.job_id, lease.queue)
    return len(due)
