"""An administrator sees Tern as somebody else, and stops."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.setup.forms.people import ViewingForm
from crm.setup.views.pages import attempt, for_administrators, own_or_404, setup_page
from crm.ui.toasts import toast
from crm.users.actions import begin_viewing
from crm.users.models import User
from crm.users.viewing import begin_in, end_viewing_of
from crm.views.loading import person_of


@for_administrators
@require_http_methods(["GET", "POST"])
def view_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why. It is written down before the first page is shown: this answer only leads there."""
    user, somebody = person_of(request), own_or_404(User, request, pk)
    form = ViewingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        viewing = attempt(form, lambda: begin_viewing(somebody, by=user, reason=form.cleaned_data["reason"]))
        if viewing is not None:
            begin_in(request, viewing)
            return HttpResponseRedirect(reverse("home"))
    context = {"form": form, "person": somebody}
    return setup_page(request, "setup/people/view_as.html", context, here="person-list", status=422 if form.errors else 200)


@login_required
@require_POST
def stop_viewing(request: HttpRequest) -> HttpResponse:
    """Back to oneself, on the page of the person."""
    viewing = end_viewing_of(request)
    if viewing is None:
        return HttpResponseRedirect(reverse("home"))
    toast(request, _("You see Tern as yourself again"))
    return HttpResponseRedirect(reverse("person", args=[viewing.person_id]))
