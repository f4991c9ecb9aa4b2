from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from crm.views.loading import get_permitted_or_404, person_of
from customers.actions import add_point, change_point, make_primary, remove_point
from customers.forms import PointForm
from customers.models import Contact
from customers.views.once import answer


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
    return answer(
        request,
        PointForm(request.POST or None, user=user, contact=contact),
        lambda data: add_point(contact, by=user, **data),
        back=contact.get_absolute_url(),
        done=_("Added to %(name)s") % {"name": contact},
        page={"record": contact, "title": _("Add an address or number"), "submit": _("Add")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def change_contact_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Correct it, make it the primary one, or take it away."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    found = get_object_or_404(contact.points, organization_id=user.organization_id, pk=point)
    known = {"label": found.label, "value": found.value}
    return answer(
        request,
        PointForm(request.POST or None, user=user, contact=contact, kind=found.kind, initial=known),
        lambda data: change_point(found, by=user, **data),
        back=contact.get_absolute_url(),
        done=_("Changes saved"),
        page={"record": contact, "title": _("Change %(value)s") % {"value": found.value}, "submit": _("Save changes")},
    )


@login_required
@require_POST
def prefer_contact_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Make it the primary one."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    found = get_object_or_404(contact.points, organization_id=user.organization_id, pk=point)
    make_primary(found, by=user)
    toast(request, _("%(value)s is the primary one now") % {"value": found.value})
    return HttpResponseRedirect(contact.get_absolute_url())


@login_required
@require_POST
def remove_contact_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Take it away."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    found = get_object_or_404(contact.points, organization_id=user.organization_id, pk=point)
    remove_point(found, by=user)
    toast(request, _("%(value)s removed") % {"value": found.value})
    return HttpResponseRedirect(contact.get_absolute_url())
