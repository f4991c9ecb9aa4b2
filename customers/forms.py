"""What people type beside the record's own form: further addresses, relationships."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.fields.record_types import record_types
from crm.records.values import ValueContext, clean_value
from crm.users.models import User
from crm.views.references import ReferenceField
from customers.choices import PointKind, PointLabel, RelationshipKind
from customers.models import Contact, Customer


class PointForm(forms.Form):
    """A further e-mail address or telephone number."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind)
    label = forms.ChoiceField(label=_("Type"), choices=PointLabel, initial=PointLabel.WORK)
    value = forms.CharField(label=_("Address or number"), max_length=254)

    def __init__(self, *args: Any, user: User, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.contact = user, contact

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") and data.get("value"):
            field = record_types.of(Contact).fields[data["kind"]]
            context = ValueContext(self.user.organization, self.contact.country)  # type: ignore[arg-type]  # people with forms have one
            try:
                data["value"] = clean_value(field, data["value"], context)
            except ValidationError as error:
                self.add_error("value", error)
        return data


class RelationshipForm(forms.Form):
    """How this customer stands to another."""

    kind = forms.ChoiceField(label=_("Relationship"), choices=RelationshipKind)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = record_types.of(Customer).fields["parent"]
        other = ReferenceField(field=parent, label=_("Other customer"))
        other.user = user
        self.fields["other"] = other
        self.order_fields(["kind", "other", "note"])
