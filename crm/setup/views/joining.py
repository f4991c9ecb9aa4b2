"""Accepting an invitation."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm.setup.forms.people import JoinForm
from crm.setup.views.pages import attempt
from crm.tenancy.transaction import tenant
from crm.users.actions import accept_invitation
from crm.users.models import Invitation, User
from crm.users.models.invitations import organization_of_key


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind an invitation's link: name and password, then signed in. Who is signed in already has to sign out first."""
    try:
        organization_id = organization_of_key(key)
    except BadSignature:
        return _page(request, None, None, 404)
    if not ratelimit.consume(request, action="invitation"):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    with tenant(organization_id):
        invitation = Invitation.objects.of_key(key).select_related("organization", "role", "invited_by").first()
        if invitation is None:
            return _page(request, None, None, 404)
        if request.user.is_authenticated:
            return _page(request, invitation, None, 409 if request.method == "POST" else 200)
        form = JoinForm(request.POST or None, email=invitation.email)
        person = _accept(form, invitation) if request.method == "POST" and form.is_valid() else None
        if person is None:
            return _page(request, invitation, form, 422 if form.errors else 200)
    return perform_login(request, person, email_verification="none", redirect_url="/")  # type: ignore[no-any-return]


def _accept(form: JoinForm, invitation: Invitation) -> User | None:
    facts = form.cleaned_data
    return attempt(form, lambda: accept_invitation(invitation, name=facts["name"], password=facts["password"]))


def _page(request: HttpRequest, invitation: Invitation | None, form: JoinForm | None, status: int) -> HttpResponse:
    return render(request, "account/invitation.html", {"invitation": invitation, "form": form}, status=status)
