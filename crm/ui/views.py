from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.ui.toasts import toast
from crm.users.models import Theme, User


@require_POST
@login_required
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's theme. Answers a script with 204, a form with the page it was on."""
    theme = request.POST.get("theme", "")
    if theme in Theme.values:
        User.objects.filter(pk=request.user.pk or 0).update(theme=theme)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")))


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one other device of this person."""
    session = get_object_or_404(UserSession, user_id=request.user.pk, pk=pk)
    session.end()
    toast(request, _("Signed out there"))
    return redirect("usersessions_list")


def offline(request: HttpRequest) -> HttpResponse:
    """What to do without a connection."""
    return render(request, "errors/offline.html")


def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows that page where there is no connection. It stands at the root, because it answers for all addresses."""
    response = render(request, "errors/service_worker.js", content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _safe(request: HttpRequest, address: str) -> str:
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else "/"
