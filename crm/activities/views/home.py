"""The first page: what waits for the person who signs in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.access.decisions import may_create
from crm.activities.models import Task
from crm.activities.my_day import my_day
from crm.ui.first_steps import first_steps_of
from crm.ui.home import Visit, shown_panels, tiles_of
from crm.views.loading import person_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The panels of this person; for a script only the tasks. The operator, in no organization, is led to what an operator reads."""
    user = person_of(request)
    if user.organization is None:
        return redirect("operator-mail")
    visit = Visit(user, week=request.GET.get("tasks") == "week")
    if request.headers.get("HX-Target") == "day-tasks":
        return render(request, "home/tasks.html", {"data": my_day(user, week=visit.week)})
    shown = shown_panels(visit)
    return render(
        request,
        "home/page.html",
        {
            "shown": shown,
            "tiles": tiles_of(shown),
            "now": visit.now,
            "may_add": may_create(user, Task),
            "greeting": _greeting(visit.now.hour, user.get_short_name()),
            "first_steps": first_steps_of(user),
        },
    )


def _greeting(hour: int, name: str) -> str:
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
