"""What people type beside a customer's own form: how it stands to another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.references import ReferenceField
from customers.choices import direction_choices
from customers.forms.once import OnceForm
from customers.models import Customer


class RelationshipForm(OnceForm):
    """How this customer stands to another, named from this one's side."""

    direction = forms.ChoiceField(label=_("Relationship"), choices=direction_choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = ReferenceField(field=record_types.of(Customer).fields["parent"], label=_("Other customer"))
        other.user = user
        self.fields["other"] = other
        self.order_fields(["direction", "other", "note"])
