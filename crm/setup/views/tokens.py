"""API tokens: people make, see and revoke their own; administrators see all of their organization's, and what was asked with them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.api.actions import create_token, revoke_token
from crm.api.models import ApiRequest, ApiToken
from crm.lib.keys import key_of
from crm.setup.forms.tokens import TokenForm
from crm.setup.views.pages import attempt, for_administrators, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of
from crm.views.once import already_done, form_token, remember

SIZE = 100


@login_required
@require_http_methods(["GET", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The person's own tokens, and a new one. Its secret is in the answer that makes it, and nowhere else."""
    user = _member(request)
    done = already_done(request) if request.method == "POST" else None
    if done:
        toast(request, _("The token was made before, and shown then"))
        return HttpResponseRedirect(done)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = attempt(form, lambda: create_token(user, **form.facts())) if request.method == "POST" and form.is_valid() else None
    tokens = ApiToken.objects.of(user).order_by("revoked_at", "-pk")
    context: dict[str, Any] = {"form": TokenForm() if made else form, "form_token": form_token(), "tokens": tokens}
    if made:
        context["token"], context["secret"] = made
        remember(request, reverse("own-tokens"))
    response = render(request, "users/tokens.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own; administrators also those of others. Back to where it was pressed."""
    user = _member(request)
    tokens = ApiToken.objects.of_organization(user.organization_id) if user.is_administrator else ApiToken.objects.of(user)
    token = tokens.filter(pk=pk).first() if pk < 2**63 else None
    if token is None:
        raise Http404
    revoke_token(token, by=user)
    toast(request, _("%(name)s revoked") % {"name": token.name})
    return HttpResponseRedirect(reverse("api-token-list" if request.POST.get("back") == "setup" else "own-tokens"))


@for_administrators
@require_safe
def all_tokens(request: HttpRequest) -> HttpResponse:
    """All tokens of the organization, and what was asked with them in the last 30 days; `token` narrows."""
    organization_id = own_organization(request)
    tokens = ApiToken.objects.of_organization(organization_id).select_related("person").order_by("revoked_at", "-pk")
    asked = ApiRequest.objects.filter(organization_id=organization_id).select_related("token__person").order_by("-pk")
    key = key_of(request.GET.get("token", ""))
    chosen = tokens.filter(pk=key).first() if key else None
    if chosen is not None:
        asked = asked.filter(token=chosen)
    page = Paginator(asked, SIZE).get_page(request.GET.get("page", ""))
    return setup_page(request, "setup/api.html", {"tokens": tokens, "page": page, "chosen": chosen}, here="api-token-list")


def _member(request: HttpRequest) -> User:
    """Whoever is signed in and belongs to an organization: the operator's rights are not for programs."""
    user = person_of(request)
    if user.organization_id is None:
        raise Http404
    return user
