"""The worker's side of jobs."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.jobs.actions import wake_worker
from crm.jobs.models import ENDED, Job, JobLease, State
from crm.jobs.run import work_on
from crm.tenancy.retention import forget_rows

SWEPT = 500
BATCH = 1_000


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


@shared_task(ignore_result=True)
def forget_old_jobs() -> int:
    """Jobs that ended more than JOB_DAYS ago; what they made stays. Returns how many went."""
    if not settings.JOB_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.JOB_DAYS)
    return forget_rows(lambda pk: Job.objects.filter(organization_id=pk, state__in=ENDED, finished_at__lt=before), size=BATCH)
