"""What people set for themselves."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.setup.forms.people import ProfileForm
from crm.setup.views.pages import attempt
from crm.ui.toasts import toast
from crm.users.actions import change_profile
from crm.users.actions.people import OWN
from crm.users.models import SignIn, User, Viewing
from crm.views.loading import person_of

SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone, language, theme, shortcuts."""
    user = User.objects.get(pk=person_of(request).pk)
    form = ProfileForm(request.POST or None, initial={key: getattr(user, key) for key in OWN}, user=user)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: change_profile(user, **form.touched)) is not None:
        toast(request, _("Profile saved"))
        return HttpResponseRedirect(reverse("profile"))
    return render(request, "users/profile.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def own_sign_ins(request: HttpRequest) -> HttpResponse:
    """The person's own sign-ins, the newest hundred, and which administrators saw Tern as this person."""
    user = person_of(request)
    context = {
        "sign_ins": SignIn.objects.filter(user=user)[:SHOWN],
        "viewings": Viewing.objects.filter(person=user).select_related("viewer")[:SHOWN],
    }
    return render(request, "users/sign_ins.html", context)
