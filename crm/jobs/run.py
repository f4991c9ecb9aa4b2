"""Doing a job: claim, batches under the fence, slices, end."""

import copy
import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobLease, State
from crm.jobs.registry import JobKind, kind_of
from crm.tenancy.transaction import tenant
from crm.users.models import User

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
SLICE_SECONDS = 60.0
MAX_ATTEMPTS = 8
LOG_LINES = 200


class JobFailed(Exception):
    """The work cannot be done; the message is the sentence for the person."""


class LeaseLost(Exception):
    """Somebody else works on the job now: nothing of this batch was written."""


class JobCancelled(Exception):
    """The person asked to stop."""


class SliceOver(Exception):
    """Enough for now: the rest is a message of its own, so that others get their turn."""


class JobRun:
    """A job as its function sees it. `arguments` are given; `checkpoint` is kept between batches, slices and crashes."""

    def __init__(self, job: Job, fence: int, *, slices: bool = True) -> None:
        self.job = job
        self.fence = fence
        self.arguments: dict[str, Any] = job.arguments
        self.checkpoint: dict[str, Any] = job.checkpoint
        self._until = time.monotonic() + SLICE_SECONDS if slices else None
        self._lines: list[list[str]] = []

    @property
    def person(self) -> User:
        """Whoever started it, with the rights of now. Raises JobFailed when that person is gone or deactivated."""
        person = User.objects.select_related("role", "team", "organization").filter(pk=self.job.person_id or 0, is_active=True).first()
        if person is None:
            raise JobFailed(_("Whoever started this can no longer sign in. Start it again."))
        return person

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction of the tenant. It commits together with checkpoint, progress and log lines, or not at all.

        The lease is locked until then, so that nobody else can take the job in the middle.
        Raises LeaseLost, JobCancelled, SliceOver before the body runs.
        """
        if self._until is not None and time.monotonic() > self._until:
            raise SliceOver
        before = copy.deepcopy(self.checkpoint), self.job.done, self.job.total
        gc.disable()  # a batch makes some hundred thousand objects that die with it: looking for cycles among them is a tenth of the time
        try:
            with tenant(self.job.organization_id):
                self._renew()
                if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
                    raise JobCancelled
                yield
                self._keep()
        except BaseException:
            self.checkpoint, self.job.done, self.job.total = before
            self._lines = []
            raise
        finally:
            gc.enable()

    def progress(self, done: int, total: int | None = None) -> None:
        """How far it is; shown after the batch."""
        self.job.done = done
        if total is not None:
            self.job.total = total

    def log(self, sentence: str) -> None:
        """A line for the job's page."""
        self._lines.append([timezone.now().isoformat(timespec="seconds"), sentence])

    def cancelled(self) -> bool:
        """Whether the person asked to stop: `batch()` raises by itself, this is for long batches."""
        with tenant(self.job.organization_id):
            return Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists()

    def _renew(self) -> None:
        until = timezone.now() + LEASE
        held = JobLease.objects.filter(job_id=self.job.pk, fence=self.fence).update(leased_until=until, wake_at=until, attempts=0)
        if not held:
            raise LeaseLost

    def _keep(self) -> None:
        self.job.log = [*self.job.log, *self._lines][-LOG_LINES:]
        self._lines = []
        Job.objects.filter(pk=self.job.pk).update(checkpoint=self.checkpoint, done=self.job.done, total=self.job.total, log=self.job.log)

    def end(self, state: State, kind: JobKind | None, *, result: dict[str, Any] | None = None, error: str = "") -> None:
        """Write how it ended, under the fence."""
        with tenant(self.job.organization_id):
            self._renew()
            self.job.state, self.job.error, self.job.finished_at = state, error, timezone.now()
            self.job.result = result or {}
            self._keep()
            self.job.save(update_fields=["state", "error", "result", "finished_at"])
            if kind and kind.on_end and state != State.DONE:
                kind.on_end(self.job)
            JobLease.objects.filter(job_id=self.job.pk, fence=self.fence).delete()


def claim(job_id: int) -> int | None:
    """Take a job that nobody holds. The new fence, or None: it has ended, or somebody works on it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_joblease SET fence = fence + 1, attempts = attempts + 1, leased_until = %(until)s, wake_at = %(until)s "
            "WHERE job_id = (SELECT job_id FROM jobs_joblease WHERE job_id = %(id)s AND (leased_until IS NULL OR leased_until < now()) "
            "FOR UPDATE SKIP LOCKED) RETURNING fence",
            {"id": job_id, "until": timezone.now() + LEASE},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def work_on(organization_id: int, job_id: int, *, slices: bool = True) -> State | None:
    """Claim the job and do as much as one slice of time allows. The state it is in then, None when it was not to be had."""
    fence = claim(job_id)
    if fence is None:
        return None
    with tenant(organization_id):
        job = Job.objects.filter(pk=job_id, organization_id=organization_id).select_related("organization").first()
        if job is None or job.has_ended:
            JobLease.objects.filter(job_id=job_id).delete()
            return None
        job.state, job.started_at = State.RUNNING, job.started_at or timezone.now()
        job.save(update_fields=["state", "started_at"])
        language = job.organization.language
    with translation.override(language):
        return _do(JobRun(job, fence, slices=slices))


def _do(run: JobRun) -> State | None:
    kind: JobKind | None = None
    try:
        kind = kind_of(run.job.kind)
        if _attempts(run) > MAX_ATTEMPTS:
            raise JobFailed(_("The worker stopped again and again in the middle of this. An administrator finds more in the log."))
        run.end(State.DONE, kind, result=kind.function(run))
    except SliceOver:
        _release(run)
        return State.QUEUED
    except JobCancelled:
        run.end(State.CANCELLED, kind)
    except JobFailed as error:
        run.end(State.FAILED, kind, error=str(error))
    except LeaseLost:
        logger.warning("job taken over by another worker", extra={"job": run.job.pk})
        return None
    except (OperationalError, InterfaceError):
        logger.exception("database unavailable, the job goes on later", extra={"job": run.job.pk})
        return None
    except Exception:
        logger.exception("job failed", extra={"job": run.job.pk})
        run.end(
            State.FAILED, kind, error=_("Something went wrong on the server. Start it again; if it fails again, tell an administrator.")
        )
    return State(run.job.state)


def _attempts(run: JobRun) -> int:
    return JobLease.objects.filter(job_id=run.job.pk).values_list("attempts", flat=True).first() or 0


def _release(run: JobRun) -> None:
    """Free for the next worker, at once."""
    with transaction.atomic():
        JobLease.objects.filter(job_id=run.job.pk, fence=run.fence).update(
            leased_until=None, wake_at=timezone.now() + timedelta(seconds=30)
        )


def run_here(job: Job) -> Job:
    """Do a job to its end in this process, without a worker: for commands. Call it outside any transaction."""
    work_on(job.organization_id, job.pk, slices=False)
    with tenant(job.organization_id):
        job.refresh_from_db()
    return job
