"""Moving a sale from stage to stage: from its card, its page, the board, with or without scripts."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.lib.keys import key_of
from crm.ui.toasts import toast, toast_now
from crm.users.models import User
from crm.views.loading import get_permitted_or_404, person_of
from sales.actions import move_to_stage
from sales.forms import StageForm, stage_form
from sales.models import Opportunity, Stage


@login_required
@require_http_methods(["GET", "POST"])
def change_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; or the move. What the stage asks for comes back as the form, a move in between as a conflict."""
    user = person_of(request)
    opportunity = get_permitted_or_404(Opportunity.objects.select_related("stage"), user, "change", pk)
    stage = _stage_of((request.POST if request.method == "POST" else request.GET).get("stage", ""), user)
    if request.method == "GET":
        return _answer(request, stage_form(opportunity, user, stage=stage), opportunity)
    form = stage_form(opportunity, user, request.POST, stage=stage)
    if not form.is_valid():
        form.status = 422
        return _answer(request, form, opportunity)
    wanted = {**form.wanted(), "stage": form.cleaned_data["stage"]}
    moved = form.apply(lambda: move_to_stage(opportunity, by=user, version=form.cleaned_data.get("version"), **wanted))
    if moved is None:
        opportunity.refresh_from_db()
        return _answer(request, form, opportunity)
    return _done(request, opportunity)


def _stage_of(text: str, user: User) -> Stage | None:
    key = key_of(text)
    return Stage.objects.filter(organization_id=user.own_organization_id, pk=key).first() if key else None


def _answer(request: HttpRequest, form: StageForm, opportunity: Opportunity) -> HttpResponse:
    in_dialog = bool(request.headers.get("HX-Request"))
    template = "sales/opportunities/stage_dialog.html" if in_dialog else "sales/opportunities/stage.html"
    context = {"form": form, "opportunity": opportunity, "conflict": form.conflict}
    response = render(request, template, context, status=form.status)
    if in_dialog and request.method == "POST":
        response["HX-Retarget"], response["HX-Reswap"] = "#modal", "innerHTML"
    return response


def _done(request: HttpRequest, opportunity: Opportunity) -> HttpResponse:
    sentence = _("%(name)s is in “%(stage)s” now") % {"name": opportunity.name, "stage": opportunity.stage}
    if not request.headers.get("HX-Request"):
        toast(request, sentence)
        return HttpResponseRedirect(opportunity.get_absolute_url())
    if urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("opportunity-board"):
        response = HttpResponse(status=204, headers={"HX-Trigger": '{"boardChanged": {}}'})
        toast_now(response, sentence)
        return response
    toast(request, sentence)
    return HttpResponse(status=204, headers={"HX-Redirect": opportunity.get_absolute_url()})
