"""The share dialog, "Why can I see this?", and following."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.access.decisions import may
from crm.access.explanations import explain
from crm.access.shares import shares_of, withheld_by_role
from crm.fields.record_types import RecordType
from crm.lib.keys import key_of
from crm.records.actions import share_record, unshare_record
from crm.ui.toasts import toast
from crm.users.models import FieldLevel, Team, User
from crm.views.loading import get_permitted_or_404, get_visible_or_404, person_of, record_type_or_404


class ShareForm(forms.Form):
    """With whom: a person or a team of the own organization, to see or to edit."""

    holder = forms.ChoiceField(
        label=gettext_lazy("Share with"), error_messages={"required": gettext_lazy("Choose the person or the team first.")}
    )
    right = forms.ChoiceField(
        label=gettext_lazy("They may"), choices=[("view", gettext_lazy("See it")), ("change", gettext_lazy("See and edit it"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.of_organization(user.organization_id).active().exclude(pk=user.pk).order_by("name")
        teams = Team.objects.filter(organization_id=user.own_organization_id)
        self.holders: dict[str, User | Team] = {_value_of(holder): holder for holder in (*people, *teams)}
        self.fields["holder"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Choose a person or a team")),
            (_("People"), [(_value_of(person), f"{person.name} ({person.email})") for person in people]),
            (_("Teams"), [(_value_of(team), team.name) for team in teams]),
        ]


@login_required
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Who has a share in this record, giving one, taking one back."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_permitted_or_404(kind.objects(), user, "share", pk)
    form = ShareForm(request.POST or None, user=user)
    status = 200
    if request.method == "POST" and "remove" in request.POST:
        return _take_back(request, form, record, kind)
    if request.method == "POST":
        if form.is_valid():
            holder = form.holders[form.cleaned_data["holder"]]
            may_change = form.cleaned_data["right"] == "change"
            share_record(record, holder, may_change=may_change, by=user)
            withheld = withheld_by_role(record, holder, may_change=may_change)
            toast(request, withheld or _("Shared with %(name)s") % {"name": holder})
            return _back(request, kind, pk)
        status = 422
    context = {"form": form, "record": record, "record_type": kind, "shares": shares_of(record)}
    template = "records/share_dialog.html" if request.headers.get("HX-Target") == "modal" else "records/share.html"
    return render(request, template, context, status=status)


def _take_back(request: HttpRequest, form: ShareForm, record: Any, kind: RecordType) -> HttpResponse:
    """From whoever has a share, also from people who have left. Twice is once."""
    shared = {_value_of(share.holder): share.holder for share in shares_of(record)}
    holder = (form.holders | shared).get(request.POST["remove"])
    if holder is None:
        raise Http404
    unshare_record(record, holder, by=person_of(request))
    toast(request, _("No longer shared with %(name)s") % {"name": holder})
    return _back(request, kind, record.pk)


def _value_of(holder: User | Team) -> str:
    """What the form calls a person or a team."""
    return f"{'person' if isinstance(holder, User) else 'team'}-{holder.pk}"


def _back(request: HttpRequest, kind: RecordType, pk: int) -> HttpResponse:
    url = reverse("record-share", args=[kind.key, pk])
    if request.headers.get("HX-Target") == "modal":
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = reverse(f"{kind.key}-detail", args=[pk])
        return response
    return HttpResponseRedirect(url)


@login_required
def why(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """The rule chain that shows this record to this person; for who may share it, that of others, too."""
    kind, user = record_type_or_404(record_type), person_of(request)
    record = get_visible_or_404(kind.objects(), user, pk)
    person = _whose(request, record, user)
    explanation = explain(person, record, asker=user)
    withheld = [field.label for field in kind.fields.values() if field.level_for(person) in {FieldLevel.HIDDEN, FieldLevel.MASKED}]
    explanation.hidden_fields.extend(str(label) for label in withheld)
    context = {"record": record, "record_type": kind, "explanation": explanation, "person": person, "may_share": may(user, "share", record)}
    if context["may_share"]:
        context["people"] = User.objects.of_organization(user.organization_id).active().order_by("name")
    template = "records/why_popover.html" if request.headers.get("HX-Request") else "records/why.html"
    return render(request, template, context)


def _whose(request: HttpRequest, record: Any, user: User) -> User:
    wanted = request.GET.get("person", "")
    if not wanted or (key := key_of(wanted)) == user.pk:
        return user
    if not may(user, "share", record):
        raise PermissionDenied(_("Only people who may share this record can ask why others see it."))
    person = User.objects.of_organization(user.organization_id).filter(pk=key).first() if key else None
    if person is None:
        raise Http404
    return person
