from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from crm.views.loading import get_permitted_or_404, person_of
from customers.actions import relate, unrelate
from customers.forms import RelationshipForm
from customers.models import Customer


class CustomerList(RecordListView):
    model = Customer


class CustomerDetail(RecordDetailView):
    model = Customer


class CustomerCreate(RecordCreateView):
    model = Customer


class CustomerUpdate(RecordUpdateView):
    model = Customer


@login_required
@require_http_methods(["GET", "POST"])
def add_relationship(request: HttpRequest, pk: int) -> HttpResponse:
    """How this customer stands to another."""
    user = person_of(request)
    customer = get_permitted_or_404(Customer.objects, user, "change", pk)
    form = RelationshipForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and _related(form, customer, user):
        toast(request, _("Relationship added"))
        return HttpResponseRedirect(customer.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render(request, "customers/customers/relationship.html", {"form": form, "customer": customer}, status=status)


def _related(form: RelationshipForm, customer: Customer, user: User) -> bool:
    data = form.cleaned_data
    try:
        relate(customer, data["kind"], data["other"], note=data["note"], by=user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@login_required
@require_POST
def remove_relationship(request: HttpRequest, pk: int, relationship: int) -> HttpResponse:
    """Take a relationship away."""
    user = person_of(request)
    customer = get_permitted_or_404(Customer.objects, user, "change", pk)
    found = get_object_or_404(customer.relationships, organization_id=user.organization_id, pk=relationship)
    unrelate(found, by=user)
    toast(request, _("Relationship removed"))
    return HttpResponseRedirect(customer.get_absolute_url())
