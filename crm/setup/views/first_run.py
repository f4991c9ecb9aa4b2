"""The first page of a new installation, opened by a one-time code."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm.setup.forms.beginning import SETTINGS, FirstRunForm
from crm.setup.guesses import guess_settings
from crm.tenancy.models import Organization
from crm.users.actions import begin_organization, verify_address
from crm.users.models import User
from crm.users.models.first_run import spend_first_run_code


@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Ask for the code, the organization and its administrator; gone as soon as there is an organization."""
    if Organization.objects.exists():
        return render(request, "users/first_run_over.html", status=404)
    if request.method == "GET":
        return _page(request, FirstRunForm(initial={**guess_settings(request), "code": request.GET.get("code", "")}))
    form = FirstRunForm(request.POST)
    if form.is_valid() and not ratelimit.consume(request, action="first_run"):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    person = _begin(form) if form.is_valid() else None
    if person is None:
        return _page(request, form, status=422)
    return perform_login(request, person, email_verification="none", redirect_url="/setup/")  # type: ignore[no-any-return]


@transaction.atomic
def _begin(form: FirstRunForm) -> User | None:
    """The first administrator; None, with the form's error, where the code is wrong."""
    facts = form.cleaned_data
    if not spend_first_run_code(facts["code"]):
        form.add_error("code", _("This code is not valid. Each works once, for a day; “manage.py first_run_code” prints a new one."))
        return None
    person = User(email=facts["email"], name=facts["name"])
    person.set_password(facts["password"])
    begin_organization(person, facts["organization"], **{key: facts[key] for key in SETTINGS})
    verify_address(person)
    return person


def _page(request: HttpRequest, form: FirstRunForm, status: int = 200) -> HttpResponse:
    return render(request, "users/first_run.html", {"form": form}, status=status)
