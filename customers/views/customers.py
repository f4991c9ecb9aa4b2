from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.ui.toasts import toast
from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from crm.views.loading import get_permitted_or_404, person_of
from customers.actions import relate, unrelate
from customers.forms import RelationshipForm
from customers.models import Customer, Relationship
from customers.views.once import answer


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
    return answer(
        request,
        RelationshipForm(request.POST or None, user=user),
        lambda data: relate(customer, data["direction"], data["other"], note=data["note"], by=user),
        back=customer.get_absolute_url(),
        done=_("Relationship added"),
        page={"record": customer, "title": _("Add a relationship"), "submit": _("Add")},
    )


@login_required
@require_POST
def remove_relationship(request: HttpRequest, pk: int, relationship: int) -> HttpResponse:
    """Take a relationship away, from the page of either customer. The other one must be visible."""
    user = person_of(request)
    customer = get_permitted_or_404(Customer.objects, user, "change", pk)
    visible = Customer.objects.visible_to(user)
    between = Relationship.objects.filter(Q(customer=customer, other__in=visible) | Q(other=customer, customer__in=visible))
    found = get_object_or_404(between.select_related("customer", "other"), organization_id=user.organization_id, pk=relationship)
    unrelate(found, of=customer, by=user)
    toast(request, _("Relationship removed"))
    return HttpResponseRedirect(customer.get_absolute_url())
