"""Setup: the list of tags."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.setup.views.pages import for_administrators, setup_page
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of
from crm.views.once import already_done, remember
from customers.actions import create_tag, delete_tag, merge_tags, rename_tag
from customers.forms import MergeForm, TagForm
from customers.models import ContactTag, CustomerTag, Tag

HERE = "tag-list"


def _tags(user: User) -> QuerySet[Tag]:
    """All tags with how often they are worn."""
    return Tag.objects.filter(organization_id=user.own_organization_id).annotate(
        on_customers=_worn(CustomerTag), on_contacts=_worn(ContactTag)
    )


def _worn(model: Any) -> Any:
    rows = model.objects.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


@for_administrators
@require_http_methods(["GET", "POST"])
def tag_list(request: HttpRequest) -> HttpResponse:
    """All tags with how often they are worn, and a new one."""
    user = person_of(request)
    form = TagForm(request.POST or None)
    if request.method == "POST":
        if already_done(request):
            return HttpResponseRedirect(reverse("tag-list"))
        if form.apply(lambda data: create_tag(by=user, **data)):
            remember(request, reverse("tag-list"))
            toast(request, _("Tag added"))
            return HttpResponseRedirect(reverse("tag-list"))
    context = {"form": form, "tags": _tags(user)}
    return setup_page(request, "customers/tags/list.html", context, here=HERE, status=422 if form.is_bound else 200)


@for_administrators
@require_http_methods(["GET", "POST"])
def change_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or colour, wherever the tag is worn."""
    user = person_of(request)
    tag = get_object_or_404(_tags(user), pk=pk)
    form = TagForm(request.POST or None, initial={"name": tag.name, "hue": tag.hue})
    if request.method == "POST" and form.apply(lambda data: rename_tag(tag, by=user, **data)):
        toast(request, _("Tag changed"))
        return HttpResponseRedirect(reverse("tag-list"))
    return _tag_page(request, user, get_object_or_404(_tags(user), pk=pk), form=form)


@for_administrators
@require_POST
def merge_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Another tag takes its place wherever it is worn."""
    user = person_of(request)
    tag = get_object_or_404(_tags(user), pk=pk)
    form = MergeForm(request.POST, user=user, tag=tag)
    if not form.is_valid():
        return _tag_page(request, user, tag, merge_form=form)
    into = merge_tags(tag, form.cleaned_data["into"], by=user)
    toast(request, _("%(tag)s is %(into)s now") % {"tag": tag.name, "into": into.name})
    return HttpResponseRedirect(reverse("tag-list"))


@for_administrators
@require_http_methods(["GET", "POST"])
def remove_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a tag everywhere, after a page that says from how many."""
    user = person_of(request)
    tag = get_object_or_404(_tags(user), pk=pk)
    if request.method == "GET":
        return setup_page(request, "customers/tags/remove.html", {"tag": tag}, here=HERE)
    delete_tag(tag, by=user)
    toast(request, _("Tag removed"))
    return HttpResponseRedirect(reverse("tag-list"))


def _tag_page(request: HttpRequest, user: User, tag: Tag, form: TagForm | None = None, merge_form: MergeForm | None = None) -> HttpResponse:
    form = form or TagForm(initial={"name": tag.name, "hue": tag.hue})
    merge_form = merge_form or MergeForm(user=user, tag=tag)
    status = 422 if form.is_bound or merge_form.is_bound else 200
    context = {"tag": tag, "form": form, "merge_form": merge_form}
    return setup_page(request, "customers/tags/tag.html", context, here=HERE, status=status)
