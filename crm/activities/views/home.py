"""My day: what waits for the person who signs in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access.decisions import may_create
from crm.activities.models import Task
from crm.activities.my_day import my_day
from crm.ui.first_steps import first_steps_of
from crm.views.loading import person_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The whole day; for a script only its tasks. The operator, who is in no organization, is led to what an operator reads here."""
    user = person_of(request)
    if user.organization is None:
        return redirect("operator-mail")
    now = timezone.localtime()
    day = my_day(user, week=request.GET.get("tasks") == "week")
    template = "home/my_day.html#tasks" if request.headers.get("HX-Target") == "day-tasks" else "home/my_day.html"
    return render(
        request,
        template,
        {
            "day": day,
            "now": now,
            "may_add": may_create(user, Task),
            "greeting": _greeting(now.hour, user.get_short_name()),
            "first_steps": first_steps_of(user),
        },
    )


def _greeting(hour: int, name: str) -> str:
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
