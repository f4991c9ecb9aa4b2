"""Forms that name both sides, for where neither is given by the page: the workshop."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.fields.fields import field_of
from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.references import ReferenceField
from customers.forms.contacts import AffiliationForm
from customers.forms.customers import RelationshipForm
from customers.models import Affiliation, Customer


class RelationshipBetweenForm(RelationshipForm):
    """How one customer stands to another, both chosen by name."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        customer = ReferenceField(field=record_types.of(Customer).fields["parent"], label=_("Customer"))
        customer.user = user
        self.fields["customer"] = customer
        self.order_fields(["customer", "direction", "other", "note"])


class RoleOfForm(AffiliationForm):
    """A contact's role at a customer, both chosen by name."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        contact = ReferenceField(field=field_of(Affiliation, "contact", record_type="contact"), label=_("Contact"))
        contact.user = user
        self.fields["contact"] = contact
        self.order_fields(["contact", "customer", "role", "since", "until"])
