"""Setup's first page, and the settings of the organization."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.setup.forms.organizations import OrganizationForm, SettingsForm
from crm.setup.views.pages import attempt, for_administrators, setup_page
from crm.tenancy.models import Organization
from crm.ui.toasts import toast
from crm.users.actions import change_organization, set_first_steps_closed
from crm.views.loading import person_of


@for_administrators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be set up."""
    return setup_page(request, "setup/index.html", {}, here="setup")


@for_administrators
@require_POST
def close_first_steps(request: HttpRequest) -> HttpResponse:
    """The list of first steps is not shown again."""
    own = Organization.objects.get(pk=person_of(request).own_organization_id)
    set_first_steps_closed(own, by=person_of(request))
    toast(request, _("The list of first steps is closed"))
    return HttpResponseRedirect(reverse("home"))


@for_administrators
@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest) -> HttpResponse:
    """Name, time zone, language, currency, fiscal year, dates, uniqueness."""
    user = person_of(request)
    own = Organization.objects.get(pk=user.organization_id or 0)
    initial = {name: getattr(own, name) for name in SettingsForm.base_fields}
    form = OrganizationForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: change_organization(own, by=user, **form.touched)) is not None
    ):
        toast(request, _("Settings saved"))
        return HttpResponseRedirect(reverse("organization"))
    return setup_page(request, "setup/organization.html", {"form": form}, here="organization", status=422 if form.errors else 200)
