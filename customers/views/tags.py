"""Setup: the list of tags."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of
from customers.actions import create_tag, delete_tag, rename_tag
from customers.actions.tags import HUES
from customers.models import Tag


class TagForm(forms.Form):
    """A tag's name and colour."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    hue = forms.ChoiceField(label=gettext_lazy("Colour"), choices=[(hue, hue.capitalize()) for hue in HUES])


def _administrator(request: HttpRequest) -> User:
    user = person_of(request)
    if not user.is_administrator:
        raise PermissionDenied(_("Tags are kept by administrators. Ask one to change the list."))
    return user


@login_required
@require_http_methods(["GET", "POST"])
def tag_list(request: HttpRequest) -> HttpResponse:
    """All tags with how often they are worn, and a new one."""
    user = _administrator(request)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_tag(form.cleaned_data["name"], hue=form.cleaned_data["hue"], by=user)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            toast(request, _("Tag added"))
            return HttpResponseRedirect(reverse("tag-list"))
    tags = Tag.objects.filter(organization_id=user.own_organization_id).annotate(
        on_customers=Count("customers", distinct=True), on_contacts=Count("contacts", distinct=True)
    )
    return render(request, "customers/tags/list.html", {"form": form, "tags": tags, "hues": HUES}, status=422 if form.errors else 200)


@login_required
@require_POST
def change_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a tag, give it another colour, or remove it everywhere."""
    user = _administrator(request)
    tag = get_object_or_404(Tag, organization_id=user.own_organization_id, pk=pk)
    if "delete" in request.POST:
        delete_tag(tag, by=user)
        toast(request, _("Tag removed"))
        return HttpResponseRedirect(reverse("tag-list"))
    try:
        rename_tag(tag, request.POST.get("name", ""), hue=request.POST.get("hue", ""), by=user)
        toast(request, _("Tag changed"))
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("tag-list"))
