from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from crm.views.loading import get_permitted_or_404, person_of
from customers.actions import add_point, make_primary, remove_point
from customers.forms import PointForm
from customers.models import Contact


class ContactList(RecordListView):
    model = Contact


class ContactDetail(RecordDetailView):
    model = Contact


class ContactCreate(RecordCreateView):
    model = Contact


class ContactUpdate(RecordUpdateView):
    model = Contact


@login_required
@require_http_methods(["GET", "POST"])
def add_contact_point(request: HttpRequest, pk: int) -> HttpResponse:
    """A further e-mail address or number."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    form = PointForm(request.POST or None, user=user, contact=contact)
    if request.method == "POST" and form.is_valid() and _added(form, contact, user):
        toast(request, _("Added to %(name)s") % {"name": contact})
        return HttpResponseRedirect(contact.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render(request, "customers/contacts/point.html", {"form": form, "contact": contact}, status=status)


def _added(form: PointForm, contact: Contact, user: Any) -> bool:
    try:
        add_point(contact, form.cleaned_data["kind"], form.cleaned_data["value"], label=form.cleaned_data["label"], by=user)
    except ValidationError as error:
        form.add_error("value", error)
        return False
    return True


@login_required
@require_POST
def change_contact_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Make it the primary one, or take it away."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    found = get_object_or_404(contact.points, organization_id=user.organization_id, pk=point)
    if "primary" in request.POST:
        make_primary(found, by=user)
        toast(request, _("%(value)s is the primary one now") % {"value": found.value})
    else:
        remove_point(found, by=user)
        toast(request, _("%(value)s removed") % {"value": found.value})
    return HttpResponseRedirect(contact.get_absolute_url())
