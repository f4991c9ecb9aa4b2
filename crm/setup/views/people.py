"""Setup: people."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.jobs.actions import start_job
from crm.setup.actions import BATCH, hand_over, records_owned_by
from crm.setup.forms.people import DeactivateForm, PersonForm
from crm.setup.jobs import HAND_OVER
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import change_person, deactivate_person, reactivate_person, reset_second_factor, sign_out_everywhere
from crm.users.adapters import FACTORS
from crm.users.models import Invitation, SignIn, User, Viewing
from crm.views.loading import person_of

SIZE = 100


@for_administrators
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who is here, who is invited, who is deactivated."""
    tab = request.GET.get("tab", "")
    here = User.objects.of_organization(own_organization(request))
    invitations = Invitation.objects.open().filter(organization_id=own_organization(request))
    context: dict[str, Any] = {
        "tab": tab,
        "q": request.GET.get("q", "").strip(),
        "active_count": here.active().count(),
        "invited_count": invitations.count(),
        "inactive_count": here.filter(is_active=False).count(),
    }
    if tab == "invited":
        context["invitations"] = list(invitations.select_related("role", "team", "invited_by")[:500])
    else:
        context["page"] = _page(request, here.filter(is_active=tab != "inactive"), context["q"])
    return setup_page(request, "setup/people/list.html", context, here="person-list")


@for_administrators
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: name, role, team; how they sign in, what they own."""
    user, somebody = person_of(request), own_or_404(User, request, pk)
    initial = {"name": somebody.name, "role": somebody.role, "team": somebody.team}
    form = PersonForm(request.POST or None, initial=initial, organization_id=own_organization(request))
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: change_person(somebody, by=user, **form.touched)) is not None:
        toast(request, _("%(person)s changed") % {"person": somebody})
        return HttpResponseRedirect(reverse("person-list"))
    context = {
        "form": form,
        "person": own_or_404(User, request, pk),
        "owned": records_owned_by(somebody),
        "factors": list(Authenticator.objects.filter(user_id=somebody.pk, type__in=FACTORS)),
        "sessions": UserSession.objects.filter(user_id=somebody.pk).count(),
        "sign_ins": SignIn.objects.filter(user=somebody)[:8],
        "viewings": Viewing.objects.filter(person=somebody).select_related("viewer")[:8],
    }
    return setup_page(request, "setup/people/person.html", context, here="person-list", status=422 if form.errors else 200)


@for_administrators
@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks who gets the records, then deactivates."""
    user, somebody = person_of(request), own_or_404(User, request, pk)
    form = DeactivateForm(request.POST or None, person=somebody)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _deactivate(somebody, form.cleaned_data["to"], user))
        if done is not None:
            toast(request, done)
            return HttpResponseRedirect(reverse("person-list"))
    context = {"form": form, "person": somebody, "owned": records_owned_by(somebody)}
    return setup_page(request, "setup/people/deactivate.html", context, here="person-list", status=422 if form.errors else 200)


@for_administrators
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    somebody = own_or_404(User, request, pk)
    reactivate_person(somebody, by=person_of(request))
    toast(request, _("%(person)s may sign in again") % {"person": somebody})
    return HttpResponseRedirect(reverse("person", args=[pk]))


@for_administrators
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends all sessions of the person; back to where it was pressed."""
    somebody = own_or_404(User, request, pk)
    sign_out_everywhere(somebody, by=person_of(request))
    toast(request, _("%(person)s is signed out everywhere") % {"person": somebody})
    if request.POST.get("back") == "access":
        return HttpResponseRedirect(reverse("access-notice-list"))
    return HttpResponseRedirect(reverse("person", args=[pk]))


@for_administrators
@require_POST
def forget_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    somebody = own_or_404(User, request, pk)
    reset_second_factor(somebody, by=person_of(request))
    toast(request, _("Second factor reset, all devices signed out"))
    return HttpResponseRedirect(reverse("person", args=[pk]))


@transaction.atomic
def _deactivate(somebody: User, to: User | None, by: User) -> str:
    """Both or neither; many records move in a job. Returns what was done, in words."""
    was_active = somebody.is_active
    deactivate_person(somebody, by=by)
    if to is None:
        return _("%(person)s deactivated") % {"person": somebody} if was_active else _("Nothing was handed over")
    if sum(count for _type, count in records_owned_by(somebody)) > BATCH:
        title = _("Hand the records of %(person)s to %(to)s") % {"person": somebody, "to": to}
        start_job(HAND_OVER, by=by, title=title, page=reverse("person", args=[to.pk]), person=somebody.pk, to=to.pk)
        return _("%(person)s deactivated, the records are on their way to %(to)s") % {"person": somebody, "to": to}
    count = sum(hand_over(somebody, to, by=by).values())
    return _("%(person)s deactivated, %(count)s records handed over") % {"person": somebody, "count": count}


def _page(request: HttpRequest, people: Any, q: str) -> Page[User]:
    if q:
        people = people.filter(Q(name__icontains=q) | Q(email__icontains=q))
    factor = Exists(Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS))
    people = people.select_related("role", "team").annotate(second_factor=factor).order_by("name", "pk")
    return Paginator(people, SIZE).get_page(request.GET.get("page", ""))
