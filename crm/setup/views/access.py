"""Setup: whose access was unusual, and from when on it is told."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.setup.forms.organizations import RULES, WatchForm
from crm.setup.views.pages import attempt, for_administrators, own_organization, setup_page
from crm.tenancy.models import Organization
from crm.ui.toasts import toast
from crm.users.actions import change_organization
from crm.users.models import AccessNotice
from crm.views.loading import person_of

SIZE = 50


@for_administrators
@require_http_methods(["GET", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """The notices, newest first, and the rules below them."""
    user = person_of(request)
    own = Organization.objects.get(pk=own_organization(request))
    form = WatchForm(request.POST or None, initial={name: getattr(own, name) for name in RULES})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: change_organization(own, by=user, **form.touched)) is not None
    ):
        toast(request, _("Rules saved"))
        return HttpResponseRedirect(reverse("access-notice-list"))
    notices = AccessNotice.objects.filter(organization=own).select_related("person")
    page = Paginator(notices, SIZE).get_page(request.GET.get("page", ""))
    context = {"form": form, "page": page}
    return setup_page(request, "setup/access.html", context, here="access-notice-list", status=422 if form.errors else 200)
