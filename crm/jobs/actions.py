"""Starting and stopping jobs."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.jobs.models import Job, JobLease
from crm.jobs.registry import kind_of
from crm.users.models import User

LOST_AFTER = timedelta(seconds=30)


@transaction.atomic
def start_job(kind: str, *, by: User, title: str, page: str = "", queue_now: bool = True, **arguments: Any) -> Job:
    """Write the job in the transaction of what asks for it; a worker is woken after the commit. `arguments` must be JSON.

    Is the message lost, the schedule finds the job. `queue_now=False` leaves it to `run_here`.
    """
    queue = kind_of(kind).queue
    job = Job.objects.create(
        organization_id=by.own_organization_id, kind=kind, title=title[:200], person=by, page=page, arguments=arguments
    )
    wake_at = timezone.now() + (LOST_AFTER if queue_now else timedelta(days=1))
    JobLease.objects.create(job_id=job.pk, organization_id=job.organization_id, queue=queue, wake_at=wake_at)
    if queue_now:
        transaction.on_commit(lambda: wake_worker(job.organization_id, job.pk, queue), robust=True)
    return job


def wake_worker(organization_id: int, job_id: int, queue: str) -> None:
    """Send the message. Raises what the broker raises; the schedule tries again."""
    from crm.jobs.tasks import run_job  # noqa: PLC0415  # the task runs what this module starts

    run_job.apply_async(args=(organization_id, job_id), queue=queue)


@transaction.atomic
def cancel_job(job: Job) -> Job:
    """Ask a job to stop: at once where it waits, after its batch where it runs. What is written stays."""
    Job.objects.filter(pk=job.pk, organization_id=job.organization_id).update(cancel_requested=True)
    job.cancel_requested = True
    idle = JobLease.objects.select_for_update(skip_locked=True).filter(job_id=job.pk, leased_until=None).first()
    if idle is not None:
        transaction.on_commit(lambda: wake_worker(job.organization_id, job.pk, idle.queue), robust=True)
    return job
