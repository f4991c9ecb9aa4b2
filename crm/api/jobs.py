"""Long work: what runs, how far it is, how it ended, and stopping it. One's own; administrators those of all."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router

from crm.api import openapi, scopes
from crm.api.described import LIST, described, ref
from crm.api.entrance import TokenRequest, require_scope
from crm.api.router import add_route, answer, only_cursor, page_answer
from crm.api.written import moment
from crm.jobs.actions import cancel_job
from crm.jobs.models import Job
from crm.users.models import User

NAME, PAGE = "jobs", 50
router = Router(tags=[NAME])
scopes.register(NAME, "view", "change")
openapi.register(
    Job={
        "type": "object",
        "required": ["id", "state"],
        "properties": {
            "id": {"type": "integer"},
            **{key: {"type": "string"} for key in ("kind", "title", "state", "error")},
            "done": {"type": "integer"},
            "total": {"type": ["integer", "null"]},
            "person": {"oneOf": [ref("Named"), {"type": "null"}]},
            "result": {"type": "object"},
            "cancel_requested": {"type": "boolean"},
            "created_at": {"type": "string", "format": "date-time"},
            **{key: {"type": ["string", "null"], "format": "date-time"} for key in ("started_at", "finished_at")},
        },
    },
    JobPage=openapi.page_of("Job"),
)
CURSOR = next(each for each in LIST if each["name"] == "cursor")


def list_jobs(request: TokenRequest) -> HttpResponse:
    """The newest first, 50 a page."""
    jobs, before = _jobs(require_scope(request, NAME, "view")).order_by("-pk"), only_cursor(request.GET)
    if before is not None:
        jobs = jobs.filter(pk__lt=before)
    return page_answer(list(jobs[: PAGE + 1]), PAGE, _written)


def retrieve_job(request: TokenRequest, pk: int) -> HttpResponse:
    return answer(_written(_job(require_scope(request, NAME, "view"), pk)))


def cancel(request: TokenRequest, pk: int) -> HttpResponse:
    """Stops after its step; one that has ended is answered as it is."""
    job = _job(require_scope(request, NAME, "change"), pk)
    if job.may_be_cancelled:
        cancel_job(job)
    return answer(_written(job))


def _jobs(user: User) -> Any:
    jobs = Job.objects.filter(organization_id=user.own_organization_id).select_related("person")
    return jobs if user.is_administrator else jobs.filter(person=user)


def _job(user: User, pk: int) -> Job:
    job: Job | None = _jobs(user).filter(pk=pk).first() if pk < 2**63 else None
    if job is None:
        raise Http404
    return job


def _written(job: Job) -> dict[str, Any]:
    times = {key: getattr(job, key) for key in ("created_at", "started_at", "finished_at")}
    return {
        **{key: getattr(job, key) for key in ("id", "kind", "title", "state", "done", "total", "error", "result", "cancel_requested")},
        "person": {"id": job.person.pk, "label": str(job.person)} if job.person else None,
        **{key: at and moment(at) for key, at in times.items()},
    }


add_route(router, NAME, "GET", "", list_jobs, described("JobPage", parameters=[CURSOR]))
add_route(router, NAME, "GET", "/{int:pk}", retrieve_job, described("Job"))
add_route(router, NAME, "POST", "/{int:pk}/cancel", cancel, described("Job"))
