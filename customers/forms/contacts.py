"""What people type beside a contact's own form: further addresses and numbers, roles at further customers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.records.values import ValueContext, clean_value
from crm.users.models import User
from crm.views.references import ReferenceField
from customers.choices import PointKind, PointLabel
from customers.forms.once import OnceForm
from customers.models import Contact


class PointForm(OnceForm):
    """A further e-mail address or telephone number; with `kind`, the change of one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind)
    label = forms.ChoiceField(label=_("Type"), choices=PointLabel, initial=PointLabel.WORK)
    value = forms.CharField(label=_("Address or number"), max_length=254)

    def __init__(self, *args: Any, user: User, contact: Contact, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.contact, self.known_kind = user, contact, kind
        if kind:
            del self.fields["kind"]
            self.fields["value"].label = PointKind(kind).label

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = self.known_kind or data.get("kind")
        if kind and data.get("value"):
            context = ValueContext(self.user.own_organization, self.contact.phone_country)
            try:
                data["value"] = clean_value(record_types.of(Contact).fields[kind], data["value"], context)
            except ValidationError as error:
                self.add_error("value", error)
        return data


class AffiliationForm(OnceForm):
    """A contact's role at a customer, with its time."""

    role = forms.CharField(label=_("Role"), max_length=100, required=False, help_text=_("What they do there, such as “Adviser”."))
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, user: User, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not known:
            customer = ReferenceField(field=record_types.of(Contact).fields["customer"], label=_("Customer"))
            customer.user = user
            self.fields["customer"] = customer
            self.order_fields(["customer", "role", "since", "until"])
