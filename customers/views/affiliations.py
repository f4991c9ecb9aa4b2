from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import get_permitted_or_404, person_of
from customers.actions import add_affiliation, change_affiliation, make_main, remove_affiliation
from customers.forms import AffiliationForm
from customers.models import Affiliation, Contact, Customer
from customers.views.once import answer


@login_required
@require_http_methods(["GET", "POST"])
def add_contact_role(request: HttpRequest, pk: int) -> HttpResponse:
    """A role at a customer besides the main one."""
    user = person_of(request)
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    return answer(
        request,
        AffiliationForm(request.POST or None, user=user),
        lambda data: add_affiliation(contact, by=user, **data),
        back=contact.get_absolute_url(),
        done=_("Role added"),
        page={"record": contact, "title": _("Add a role at a customer"), "submit": _("Add")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def change_contact_role(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Another role, or its first or last day."""
    user = person_of(request)
    contact, found = _found(user, pk, role)
    known = {"role": found.role, "since": found.since, "until": found.until}
    return answer(
        request,
        AffiliationForm(request.POST or None, user=user, known=True, initial=known),
        lambda data: change_affiliation(found, by=user, **data),
        back=contact.get_absolute_url(),
        done=_("Changes saved"),
        page={"record": contact, "title": _("Role at %(customer)s") % {"customer": found.customer}, "submit": _("Save changes")},
    )


@login_required
@require_POST
def make_role_main(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """That customer becomes the contact's main one."""
    user = person_of(request)
    contact, found = _found(user, pk, role)
    try:
        make_main(found, by=user)
        toast(request, _("%(customer)s is the main customer now") % {"customer": found.customer})
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    return HttpResponseRedirect(contact.get_absolute_url())


@login_required
@require_POST
def remove_contact_role(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Take away a role that was never so."""
    user = person_of(request)
    contact, found = _found(user, pk, role)
    remove_affiliation(found, by=user)
    toast(request, _("Role at %(customer)s removed") % {"customer": found.customer})
    return HttpResponseRedirect(contact.get_absolute_url())


def _found(user: User, pk: int, role: int) -> tuple[Contact, Affiliation]:
    """The contact and its role, at a customer that the person sees."""
    contact = get_permitted_or_404(Contact.objects, user, "change", pk)
    seen = contact.affiliations.filter(organization_id=user.organization_id, customer__in=Customer.objects.visible_to(user))
    return contact, get_object_or_404(seen.select_related("customer", "contact"), pk=role)
