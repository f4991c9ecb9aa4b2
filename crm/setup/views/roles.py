"""Setup: roles; the editor of one is in role_editor."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.setup.forms.roles import RoleForm
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.setup.views.role_editor import roles_with_people
from crm.ui.home import usual_panels
from crm.ui.toasts import toast
from crm.users.actions import create_role, delete_role
from crm.users.models import Role
from crm.views.loading import person_of


@for_administrators
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The editor of the first role."""
    return HttpResponseRedirect(reverse("role", args=[roles_with_people(own_organization(request))[0].pk]))


@for_administrators
@require_http_methods(["GET", "POST"])
def new_role(request: HttpRequest) -> HttpResponse:
    """A role that reaches nothing yet."""
    form = RoleForm(request.POST or None)
    user = person_of(request)
    if request.method == "POST" and form.is_valid() and (made := attempt(form, lambda: create_role(by=user, **form.cleaned_data))):
        toast(request, _("Role added"))
        return HttpResponseRedirect(reverse("role", args=[made.pk]))
    context = {"form": form, "roles": roles_with_people(own_organization(request)), "title": _("New role")}
    return setup_page(request, "setup/roles/new.html", context, here="role-list", status=422 if form.errors else 200)


@for_administrators
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new role that begins with what this one may."""
    user, like = person_of(request), own_or_404(Role, request, pk)
    home = [panel.key for panel in usual_panels(like)]
    form = RoleForm(request.POST or None, initial={"name": _("%(role)s (copy)") % {"role": like}, "description": like.description})
    if (
        request.method == "POST"
        and form.is_valid()
        and (made := attempt(form, lambda: create_role(by=user, like=like, home=home, **form.cleaned_data)))
    ):
        toast(request, _("Role added"))
        return HttpResponseRedirect(reverse("role", args=[made.pk]))
    context = {
        "form": form,
        "roles": roles_with_people(own_organization(request)),
        "role": like,
        "title": _("Duplicate “%(role)s”") % {"role": like},
    }
    return setup_page(request, "setup/roles/new.html", context, here="role-list", status=422 if form.errors else 200)


@for_administrators
@require_POST
def remove_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a role that nobody has."""
    found = own_or_404(Role, request, pk)
    try:
        delete_role(found, by=person_of(request))
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("role", args=[pk]))
    toast(request, _("Role deleted"))
    return HttpResponseRedirect(reverse("role-list"))
