"""What the platform itself brings to the first page: the person's long work."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.ui.home import HomePanel, Visit, register

SHOWN = 5


def _own_jobs(visit: Visit) -> list[Job]:
    own = Job.objects.filter(organization_id=visit.user.own_organization_id, person=visit.user)
    return list(own.order_by("-pk")[:SHOWN])


register(
    HomePanel(
        "jobs", _("Your long work"), _("Imports, exports and changes of many that you began"), "home/jobs.html", _own_jobs,
        order=50, usual_for=frozenset({"administrator", "marketer"}),
    ),
)  # fmt: skip
