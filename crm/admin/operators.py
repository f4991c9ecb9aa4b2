"""The operator in an organization: chosen first, told to the organization's log, shown on every page, ended with a button."""

import copy
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.audit.models import LogEntry
from crm.lib.keys import key_of
from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions.checks import tell
from crm.users.models import Role, User
from crm.views.loading import person_of

CHOSEN = "operator_organization"
WITHIN = ("/admin/", "/records/")
"""Where the choice holds: the workshop, and what hangs on every record: its shares, its history, suggestions of names."""
MOST = 50


class OperatorMiddleware:
    """Directly above the tenant's middleware: within the workshop the operator works for the chosen organization, as its administrator."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if request.path.startswith(WITHIN) and isinstance(user, User) and user.is_superuser and user.organization_id is None:
            organization = _chosen(request)
            if organization is not None:
                request.user = administrator_of(organization, user)
                request.is_operators_visit = True  # type: ignore[attr-defined]  # read by the frame of the page
        return self.get_response(request)


def _chosen(request: HttpRequest) -> Organization | None:
    pk = request.session.get(CHOSEN)
    return Organization.objects.filter(pk=pk).first() if pk else None


def administrator_of(organization: Organization, operator: User) -> User:
    """The operator, as far as this request goes with the rights of the organization's administrators. Never saved."""
    acting = copy.copy(operator)
    with tenant(organization):
        role = Role.objects.filter(organization=organization, is_administrator=True).order_by("pk").first()
    acting.organization = organization
    acting.role = role or Role(organization=organization, name=_("Operator"), is_administrator=True)
    acting.save = _refuse  # type: ignore[method-assign]
    return acting


def _refuse(*args: Any, **kwargs: Any) -> None:
    raise PermissionDenied(_("The operator is nobody of this organization, and is not changed here."))


def choose_organization(request: HttpRequest) -> HttpResponse:
    """The operator's page: which organization to work in. POST begins, which the organization's log tells."""
    operator = _operator(request)
    if request.method == "POST":
        key = key_of(request.POST.get("organization", ""))
        organization = Organization.objects.filter(pk=key).first() if key else None
        if organization is None:
            raise Http404
        _tell_leaving(request, operator)
        request.session[CHOSEN] = organization.pk
        with tenant(organization):
            tell(organization, "operator.entered", {}, by=operator, action=LogEntry.Action.ACCESS)
        return HttpResponseRedirect(reverse("admin:index"))
    typed = request.GET.get("q", "").strip()
    found = Organization.objects.filter(name__icontains=typed) if typed else Organization.objects.all()
    organizations = list(found.order_by("name", "pk")[: MOST + 1])
    context = {"organizations": organizations[:MOST], "more": len(organizations) > MOST, "q": typed, "title": _("Choose an organization")}
    return TemplateResponse(request, "admin/choose.html", context)


@require_POST
def leave_organization(request: HttpRequest) -> HttpResponse:
    """Out again, which the organization's log tells, too."""
    _tell_leaving(request, _operator(request))
    request.session.pop(CHOSEN, None)
    return HttpResponseRedirect(reverse("admin:choose"))


def _tell_leaving(request: HttpRequest, operator: User) -> None:
    organization = _chosen(request)
    if organization is not None:
        with tenant(organization):
            tell(organization, "operator.left", {}, by=operator, action=LogEntry.Action.ACCESS)


def _operator(request: HttpRequest) -> User:
    person = person_of(request)
    if not person.is_superuser:
        raise PermissionDenied(_("Only the operator of this installation chooses an organization."))
    return person
