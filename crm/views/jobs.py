"""Long work: what runs, how far it is, how it ended; and stopping it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.actions import cancel_job
from crm.jobs.models import Job
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of

PAGE = 50


def jobs_of(user: User) -> Any:
    """A person's own jobs; of an administrator all of the organization."""
    jobs = Job.objects.filter(organization_id=user.own_organization_id).select_related("person")
    return jobs if user.is_administrator else jobs.filter(person=user)


def _job_or_404(user: User, pk: int) -> Job:
    job: Job | None = jobs_of(user).filter(pk=pk).first() if pk < 2**63 else None
    if job is None:
        raise Http404
    return job


@login_required
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """The newest jobs, page by page: ?before is the key of the last one shown."""
    user = person_of(request)
    before = request.GET.get("before", "")
    jobs = jobs_of(user).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        jobs = jobs.filter(pk__lt=int(before))
    page = list(jobs[: PAGE + 1])
    return render(
        request, "jobs/list.html", {"jobs": page[:PAGE], "next": page[PAGE - 1].pk if len(page) > PAGE else None, "first": not before}
    )


@login_required
@require_GET
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked by its own page every two seconds, only the part that moves."""
    job = _job_or_404(person_of(request), pk)
    template = "jobs/detail.html#progress" if request.headers.get("HX-Request") else "jobs/detail.html"
    response = render(request, template, {"job": job})
    response["Vary"] = "HX-Request"
    return response


@login_required
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    job = _job_or_404(person_of(request), pk)
    if job.may_be_cancelled:
        cancel_job(job)
        toast(request, _("Stopping after this step"))
    return HttpResponseRedirect(job.page or job.get_absolute_url())
