"""What stands on the first page: people arrange their own, administrators that of each role."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.setup.views.pages import for_administrators, own_or_404, setup_page
from crm.setup.views.role_editor import roles_with_people
from crm.ui.home import HomePanel, all_panels, panels_of, panels_on_offer, usual_panels
from crm.ui.toasts import toast
from crm.users.actions import set_own_home, set_role_home
from crm.users.models import Role, User
from crm.views.loading import person_of


@login_required
@require_http_methods(["GET", "POST"])
def arrange_home(request: HttpRequest) -> HttpResponse:
    """The person's own first page."""
    user = User.objects.select_related("role").get(pk=person_of(request).pk)
    if user.organization_id is None:
        raise Http404
    if "usual" in request.POST:
        set_own_home(user, None)
        toast(request, _("The first page is as your role has it"))
        return HttpResponseRedirect(reverse("home"))
    offered = panels_on_offer(user)
    if "save" in request.POST:
        set_own_home(user, _chosen(request, offered))
        toast(request, _("First page saved"))
        return HttpResponseRedirect(reverse("home"))
    context = {"choices": _choices(request, offered, panels_of(user)), "changed": user.home is not None}
    return render(request, "home/arrange.html", context)


@for_administrators
@require_http_methods(["GET", "POST"])
def arrange_role_home(request: HttpRequest, pk: int) -> HttpResponse:
    """The first page of everybody in a role who chose nothing."""
    role, by = own_or_404(Role, request, pk), person_of(request)
    if "usual" in request.POST or "save" in request.POST:
        set_role_home(role, None if "usual" in request.POST else _chosen(request, all_panels()), by=by)
        toast(request, _("First page of %(role)s saved") % {"role": role})
        return HttpResponseRedirect(reverse("role", args=[pk]))
    choices = _choices(request, all_panels(), usual_panels(role))
    context = {"choices": choices, "changed": role.home is not None, "role": role, "roles": roles_with_people(role.organization_id)}
    return setup_page(request, "setup/roles/home.html", context, here="role-list")


def _chosen(request: HttpRequest, offered: Sequence[HomePanel]) -> list[str]:
    """The ticked panels in the order in which they were sent; what is not offered is passed over."""
    known = {panel.key for panel in offered}
    return [key for key in request.POST.getlist("c") if key in known]


def _choices(request: HttpRequest, offered: Sequence[HomePanel], now: Sequence[HomePanel]) -> list[dict[str, Any]]:
    """Each panel with whether it is chosen: the chosen ones in order, as they stand or as a button without scripts moved them."""
    by_key = {panel.key: panel for panel in offered}
    keys = _chosen(request, offered) if request.method == "POST" else [panel.key for panel in now if panel.key in by_key]
    for name, step in (("up", -1), ("down", 1)):
        key = request.POST.get(name, "")
        if key in keys and 0 <= (place := keys.index(key) + step) < len(keys):
            keys.remove(key)
            keys.insert(place, key)
    rest = [key for key in by_key if key not in keys]
    return [{"panel": by_key[key], "chosen": key in keys} for key in dict.fromkeys([*keys, *rest])]
