from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.users.models import Theme, User


@require_POST
@login_required
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's theme. Answers a script with 204, a form with the page it was on."""
    theme = request.POST.get("theme", "")
    if theme in Theme.values:
        User.objects.filter(pk=request.user.pk).update(theme=theme)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")))


def offline(request: HttpRequest) -> HttpResponse:
    """What to do without a connection."""
    return render(request, "errors/offline.html")


def _safe(request: HttpRequest, address: str) -> str:
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else "/"
